import type { OtlpReaders } from '../receive/otlp-readers.ts'
import { otlpFormat } from './otlp-format.ts'
import type { WriteFormat } from './write-format.ts'

/** Every path that telemetry is pushed to, and what it takes. */
export function writeFormats({ otlp }: { otlp: OtlpReaders }): Map<string, WriteFormat> {
  return new Map([
    ['/v1/metrics', otlpFormat('metrics', otlp.metrics)],
    ['/v1/logs', otlpFormat('logs', otlp.logs)],
    ['/v1/traces', otlpFormat('traces', otlp.traces)],
  ])
}
