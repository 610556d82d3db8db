import type { Exemplar, Label, MetricFamily } from '../exposition/exposition.ts'

/** In place of a value: the series has ended. Written as the NaN that Prometheus keeps for it. */
export const STALE = Symbol('stale')

/** One sample of one series, as remote write carries it. */
export interface WriteSeries {
  /** Sorted by name, `__name__` among them; no value is empty. */
  labels: readonly Label[]
  value: number | typeof STALE
  /** Epoch ms. */
  timestampMs: number
  /** Epoch ms at which the counter began, or null. */
  startMs: number | null
  exemplar: (Exemplar & { timestampMs: number }) | null
  metadata: Pick<MetricFamily, 'type' | 'help' | 'unit'> | null
}
