import type { SeriesCache } from '@nines/wire'
import { metricReaders } from '../receive/read-metrics.ts'
import { otlpFormat } from './otlp-format.ts'
import type { WriteFormat } from './write-format.ts'

export interface FormatParts {
  /** Series of all workspaces, shared by every format that carries metrics. */
  cache: SeriesCache
}

/** Every path that telemetry is pushed to, and what it takes. */
export function writeFormats({ cache }: FormatParts): Map<string, WriteFormat> {
  return new Map([['/v1/metrics', otlpFormat('metrics', metricReaders(cache))]])
}
