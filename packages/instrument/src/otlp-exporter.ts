import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { AggregationTemporality, type PushMetricExporter, type ResourceMetrics } from '@opentelemetry/sdk-metrics'

export interface OtlpExporterOptions {
  /** The metrics endpoint. */
  url: string
  headers: Record<string, string>
  timeoutMs: number
}

/**
 * Exports metrics as OTLP http/protobuf, each export once. The SDK's own exporter repeats failed ones for seconds, which
 * is of no use with running totals, since the next export carries them, and holds up an app that stops after ingest did.
 */
export function otlpExporter(options: OtlpExporterOptions): PushMetricExporter {
  const underWay = new Set<Promise<void>>()
  const settle = async (): Promise<void> => {
    await Promise.all(underWay)
  }
  const exportOnce = async (metrics: ResourceMetrics, done: (result: ExportResult) => void): Promise<void> => {
    done(await outcomeOf(send(metrics, options)))
  }
  return {
    export(metrics, done) {
      const exporting: Promise<void> = exportOnce(metrics, done).finally(() => underWay.delete(exporting))
      underWay.add(exporting)
    },
    // Totals survive a lost export; increments would not.
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
    forceFlush: settle,
    shutdown: settle,
  }
}

async function outcomeOf(sending: Promise<void>): Promise<ExportResult> {
  try {
    await sending
    return { code: ExportResultCode.SUCCESS }
  } catch (error) {
    return { code: ExportResultCode.FAILED, error: reasonOf(error) }
  }
}

async function send(metrics: ResourceMetrics, { url, headers, timeoutMs }: OtlpExporterOptions): Promise<void> {
  const body = ProtobufMetricsSerializer.serializeRequest(metrics)
  if (!body) throw new Error('the metrics could not be serialised')
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(body),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`ingest answered ${response.status}`)
}

/** fetch hides the reason ("connection refused") behind "fetch failed". */
function reasonOf(error: unknown): Error {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  return cause instanceof Error ? cause : new Error(String(cause))
}
