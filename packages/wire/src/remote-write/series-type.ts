import type { SeriesDefinition } from '@nines/contracts'

/** Types of metrics as both versions of remote write number them. */
export const METRIC_TYPE = {
  unspecified: 0,
  counter: 1,
  gauge: 2,
  histogram: 3,
  gaugeHistogram: 4,
  summary: 5,
  info: 6,
  stateset: 7,
} as const

type Semantics = Pick<SeriesDefinition, 'kind' | 'temporality' | 'monotonic'>

const GAUGE: Semantics = { kind: 'gauge', temporality: 'unspecified', monotonic: false }
const COUNTER: Semantics = { kind: 'sum', temporality: 'cumulative', monotonic: true }

const COUNTER_NAME = /_(total|count|sum|bucket)$/
const PART_NAME = /_(count|sum|bucket)$/

/**
 * What the samples of a series are. A sender that says no type (always in remote write 1.0) is understood by the name:
 * the endings that Prometheus' conventions keep for running totals make it one.
 */
export function semanticsOf(metric: string, type: number): Semantics {
  switch (type) {
    case METRIC_TYPE.counter:
      return COUNTER
    case METRIC_TYPE.histogram:
    case METRIC_TYPE.summary:
      return PART_NAME.test(metric) ? COUNTER : GAUGE
    case METRIC_TYPE.unspecified:
      return COUNTER_NAME.test(metric) ? COUNTER : GAUGE
    default:
      return GAUGE
  }
}

/** Whether exemplars that come without any value of their series must be those of a native histogram. */
export function isNativeByName(metric: string, type: number): boolean {
  return (type === METRIC_TYPE.unspecified || type === METRIC_TYPE.histogram) && !COUNTER_NAME.test(metric)
}
