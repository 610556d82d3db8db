import type { PointPlace, PointSeries, SeriesShape } from './point-series.ts'

/** A summary's point: quantiles with their values, in the sender's order. */
export interface SummaryPoint {
  count: number
  sum: number
  quantiles: { quantile: number; value: number }[]
}

/**
 * The series that a summary becomes, as Prometheus has them: `name{quantile="0.5"}` (a gauge), `name_sum` and
 * `name_count` (running totals).
 */
export class SummarySeries {
  readonly sum: PointPlace
  readonly count: PointPlace
  readonly #series: PointSeries
  readonly #shape: SeriesShape
  readonly #quantiles = new Map<number, PointPlace>()

  constructor(series: PointSeries, { metric, unit, description }: Pick<SeriesShape, 'metric' | 'unit' | 'description'>) {
    const total = { kind: 'sum', temporality: 'cumulative', monotonic: true, description } as const
    this.#series = series
    this.#shape = { metric, kind: 'gauge', temporality: 'unspecified', monotonic: false, unit, description }
    this.sum = series.place({ ...total, metric: `${metric}_sum`, unit })
    // Counts have no unit of the values'.
    this.count = series.place({ ...total, metric: `${metric}_count`, unit: '' })
  }

  quantile(quantile: number): PointPlace {
    const known = this.#quantiles.get(quantile)
    if (known) return known
    const place = this.#series.place(this.#shape, { key: 'quantile', value: quantileText(quantile) })
    this.#quantiles.set(quantile, place)
    return place
  }
}

/** A quantile as Prometheus writes it: shortest decimal, never with an exponent. */
function quantileText(quantile: number): string {
  const text = String(quantile)
  return text.includes('e') ? quantile.toFixed(20).replace(/0+$/, '') : text
}

export function summaryFault({ quantiles }: SummaryPoint): string {
  return quantiles.every(({ quantile }) => quantile >= 0 && quantile <= 1)
    ? ''
    : 'a summary has a quantile that is not between 0 and 1'
}
