/** A cumulative counter's past as OTLP JSON, one point a minute. */
export interface CounterHistory {
  metric: string
  attributes: Record<string, string>
  service: string
  startMs: number
  /** [epoch ms, running total] */
  points: [number, number][]
}

/** Body of an ExportMetricsServiceRequest in OTLP's JSON mapping: int64 as strings, enums as numbers. */
export function otlpJson(counters: CounterHistory[]): object {
  return {
    resourceMetrics: counters.map((c) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: c.service } }] },
      scopeMetrics: [
        {
          scope: { name: 'e2e' },
          metrics: [
            {
              name: c.metric,
              unit: '{request}',
              sum: {
                aggregationTemporality: 2,
                isMonotonic: true,
                dataPoints: c.points.map(([at, value]) => ({
                  attributes: Object.entries(c.attributes).map(([key, v]) => ({ key, value: { stringValue: v } })),
                  startTimeUnixNano: `${c.startMs}000000`,
                  timeUnixNano: `${at}000000`,
                  asDouble: value,
                })),
              },
            },
          ],
        },
      ],
    })),
  }
}

/** Posts telemetry to ingest and throws unless every point was accepted. */
export async function sendHistory(ingestUrl: string, key: string, counters: CounterHistory[]): Promise<void> {
  const response = await fetch(`${ingestUrl}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(otlpJson(counters)),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`ingest answered ${response.status}: ${text}`)
  const { partialSuccess } = JSON.parse(text || '{}') as { partialSuccess?: { rejectedDataPoints?: string } }
  if (Number(partialSuccess?.rejectedDataPoints ?? 0) > 0) throw new Error(`ingest rejected points: ${text}`)
}
