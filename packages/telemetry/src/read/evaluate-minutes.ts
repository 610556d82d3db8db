import { instantOf } from '../evaluate/points.ts'
import { sumBuckets } from '../evaluate/sum-buckets.ts'
import type { QueryRow, TelemetryQuery } from '../evaluate/telemetry-query.ts'
import { addSamples, type StoredQuery } from './evaluate-stored.ts'
import type { KnownSeries } from './known-series.ts'
import { MINUTE_MS, minuteBuckets } from './minute-buckets.ts'
import { isMadeOf } from './plan-query.ts'
import { QueryRows } from './query-rows.ts'

/** Minutes of all series together beyond which they would push everything else out of memory. */
const MAX_MINUTES = 2_000_000

/** Whether a query over samples can be answered from their increases by minute. */
export function isOfMinutes(query: TelemetryQuery, series: number, finishedUntil: number): boolean {
  const [from, to] = [instantOf(query.grid, 0) - query.window, instantOf(query.grid, query.grid.count - 1)]
  return (
    (query.function === 'increase' || query.function === 'rate') &&
    isMadeOf(query, MINUTE_MS) &&
    to <= finishedUntil &&
    (series * (to - from)) / MINUTE_MS <= MAX_MINUTES
  )
}

/** Evaluates increases or rates over minutes that are kept in memory; series with pauses over their samples. */
export async function evaluateMinutes(stored: StoredQuery): Promise<QueryRow[]> {
  const { query, series } = stored
  const { grid, window } = query
  const span = { from: instantOf(grid, 0) - window, to: instantOf(grid, grid.count - 1) }
  const buckets = await minuteBuckets(stored, span)
  const rows = new QueryRows(query)
  const results = new Float64Array(grid.count)
  const paused: KnownSeries[] = []
  for (const one of series) {
    const row = buckets.get(one.id)!
    let isTold = true
    for (let k = 0; k < grid.count; k++) {
      const at = instantOf(grid, k)
      const increase = sumBuckets(row, MINUTE_MS, at - window, at)
      if (increase === Infinity) isTold = false
      results[k] = query.function === 'rate' ? (increase * 1000) / window : increase
    }
    if (isTold) rows.add(one.labels, results)
    else paused.push(one)
  }
  if (paused.length > 0) await addSamples({ ...stored, series: paused }, rows)
  return rows.rows()
}
