import { instantOf } from '../evaluate/points.ts'
import { windowSums } from '../evaluate/minute-sums.ts'
import type { QueryRow } from '../evaluate/telemetry-query.ts'
import { addSamples, type StoredQuery } from './evaluate-stored.ts'
import type { KnownSeries } from './known-series.ts'
import { minuteBuckets } from './minute-buckets.ts'
import { QueryRows } from './query-rows.ts'

/** Evaluates increases or rates over minutes that are kept in memory; series with pauses over their samples. */
export async function evaluateMinutes(stored: StoredQuery): Promise<QueryRow[]> {
  const { query, series } = stored
  const { grid, window } = query
  const span = { from: instantOf(grid, 0) - window, to: instantOf(grid, grid.count - 1) }
  const buckets = await minuteBuckets(stored, span)
  const rows = new QueryRows(query)
  const paused: KnownSeries[] = []
  for (const one of series) {
    const row = buckets.get(one.id)!
    const results = windowSums(row, query)
    const isTold = !results.includes(Infinity)
    if (isTold) rows.add(one.labels, results)
    else paused.push(one)
  }
  if (paused.length > 0) await addSamples({ ...stored, series: paused }, rows)
  return rows.rows()
}
