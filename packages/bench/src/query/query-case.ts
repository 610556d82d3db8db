import { RATE_METRIC, SLO_BAD_METRIC, SLO_TOTAL_METRIC } from './query-data.ts'

/** A rate or increase summed by one label. */
export interface CounterQuery {
  metric: string
  function: 'rate' | 'increase'
  windowMs: number
  by: string
}

/** One question that every system is asked. Times are epoch ms. */
export interface QueryCase {
  name: string
  /** Instants from `fromMs` to `toMs`, both included; one when they are equal. */
  fromMs: number
  toMs: number
  stepMs: number
  /** By how much the question moves on when it is asked again, as that of a dashboard does. */
  moveMs: number
  /** What the answer's rows are told apart by. */
  by: string
  query: CounterQuery
  /** When there, the answer is `query` divided by it. */
  dividedBy?: CounterQuery
}

/** Values by the group's label, an instant each. NaN where there is none. */
export type QueryAnswer = Map<string, Float64Array>

export function instantsOf({ fromMs, toMs, stepMs }: QueryCase): number {
  return Math.floor((toMs - fromMs) / stepMs) + 1
}

/** The question as it was asked `times` moves ago. */
export function movedBack(query: QueryCase, times: number): QueryCase {
  const shift = times * query.moveMs
  return { ...query, fromMs: query.fromMs - shift, toMs: query.toMs - shift }
}

const FIVE_MINUTES_MS = 300_000
const MINUTE_MS = 60_000

/** The four questions of a dashboard and an SLO page, all at times at which every series has a sample. */
export function queryCases({
  endMs,
  rateHours,
  sloDays,
}: {
  endMs: number
  rateHours: number
  sloDays: number
}): QueryCase[] {
  const rate = (by: string): CounterQuery => ({ metric: RATE_METRIC, function: 'rate', windowMs: FIVE_MINUTES_MS, by })
  const increase = (metric: string): CounterQuery => ({
    metric,
    function: 'increase',
    windowMs: sloDays * 86_400_000,
    by: 'slo',
  })
  // The first window of the range has to be whole.
  const range = {
    fromMs: endMs - rateHours * 3_600_000 + FIVE_MINUTES_MS,
    toMs: endMs,
    stepMs: MINUTE_MS,
    moveMs: MINUTE_MS,
  }
  const instant = { fromMs: endMs, toMs: endMs, stepMs: MINUTE_MS, moveMs: MINUTE_MS }
  return [
    { name: 'instant_rate_by_service', ...instant, moveMs: 1_000, by: 'job', query: rate('job') },
    { name: 'range_rate_ad_hoc', ...range, by: 'http_route', query: rate('http_route') },
    { name: 'range_rate_by_service', ...range, by: 'job', query: rate('job') },
    {
      name: 'slo_ratios',
      ...instant,
      by: 'slo',
      query: increase(SLO_BAD_METRIC),
      dividedBy: increase(SLO_TOTAL_METRIC),
    },
  ]
}

/** The case in PromQL. */
export function promqlOf({ query, dividedBy }: QueryCase): string {
  const text = (q: CounterQuery) => `sum by (${q.by}) (${q.function}(${q.metric}[${q.windowMs / 1000}s]))`
  return dividedBy === undefined ? text(query) : `${text(query)} / ${text(dividedBy)}`
}
