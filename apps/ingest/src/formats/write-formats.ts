import type { MetricReader } from '@nines/wire'
import type { OtlpReaders } from '../receive/otlp-readers.ts'
import { lokiFormat } from './loki-format.ts'
import { otlpFormat } from './otlp-format.ts'
import { remoteWriteFormat } from './remote-write-format.ts'
import type { WriteFormat } from './write-format.ts'
import { zipkinFormat } from './zipkin-format.ts'

/** Every path that telemetry is pushed to, and what it takes. */
export function writeFormats({
  otlp,
  metrics,
}: {
  otlp: OtlpReaders
  metrics: MetricReader
}): Map<string, WriteFormat> {
  return new Map([
    ['/v1/metrics', otlpFormat('metrics', otlp.metrics)],
    ['/v1/logs', otlpFormat('logs', otlp.logs)],
    ['/v1/traces', otlpFormat('traces', otlp.traces)],
    ['/api/v1/write', remoteWriteFormat(metrics)],
    ['/loki/api/v1/push', lokiFormat(metrics)],
    ['/api/v2/spans', zipkinFormat()],
  ])
}
