/** What one request of a stream of numbered rows looks like. Row `n` of a stream is the same row whatever carries it. */
export interface TelemetryFormat {
  name: string
  signal: 'samples' | 'logs' | 'spans'
  path: string
  headers: Record<string, string>
  /** Rows `from` to `from + count - 1` of the stream, whose row 0 has the time `startMs`. */
  encode(stream: string, startMs: number, from: number, count: number): string | Uint8Array<ArrayBuffer>
}

/** Metric, log body and span name of every row, so that they are found again. */
export const ROW_NAME = 'exactly_once'

const JSON_TYPE = { 'content-type': 'application/json' }

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)
const nanos = (ms: number) => `${ms}000000`

const samplesAsOtlpJson: TelemetryFormat = {
  name: 'OTLP metrics',
  signal: 'samples',
  path: '/v1/metrics',
  headers: JSON_TYPE,
  encode(stream, startMs, from, count) {
    const dataPoints = numbers(from, count).map((n) => ({
      attributes: [text('stream', stream)],
      timeUnixNano: nanos(startMs + n),
      asDouble: n,
    }))
    const metrics = [{ name: ROW_NAME, gauge: { dataPoints } }]
    return JSON.stringify({ resourceMetrics: [{ resource: {}, scopeMetrics: [{ metrics }] }] })
  },
}

/** The formats that the receiver takes. */
export const telemetryFormats: readonly TelemetryFormat[] = [samplesAsOtlpJson]
