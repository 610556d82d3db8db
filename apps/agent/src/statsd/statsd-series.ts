import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics'
import type { Tag } from './parse-tags.ts'

/** One series of a flush. Times are epoch ms. */
export type StatsdSeries = {
  name: string
  unit: string
  tags: readonly Tag[]
  startMs: number
  endMs: number
} & ({ kind: 'counter' | 'gauge'; value: number } | { kind: 'histogram'; value: ExponentialHistogram })
