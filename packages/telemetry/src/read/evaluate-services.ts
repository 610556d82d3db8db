import { Aggregator } from '../evaluate/aggregate.ts'
import { instantOf } from '../evaluate/points.ts'
import { sumBuckets } from '../evaluate/sum-buckets.ts'
import type { QueryRow } from '../evaluate/telemetry-query.ts'
import type { StoredQuery } from './evaluate-stored.ts'
import { readServiceBuckets } from './read-buckets.ts'
import { SERVICE_LEVEL } from './rollup-levels.ts'

/** Evaluates a sum of increases or rates over the rows that hold them by service and minute. */
export async function evaluateServices(
  { telemetry, buckets, workspace, query, limits }: Omit<StoredQuery, 'series'>,
  services: readonly string[],
): Promise<QueryRow[]> {
  const { grid, by, selector, window } = query
  const span = { from: instantOf(grid, 0) - window, to: instantOf(grid, grid.count - 1) }
  const asked = { metric: selector.metric, services }
  const rows = await readServiceBuckets({ telemetry, buckets, workspace, limits, ...span }, asked)
  const isGrouped = by.length > 0
  const sums = new Aggregator('sum', grid.count)
  const results = new Float64Array(grid.count)
  const perSecond = query.function === 'rate'
  const names = [...rows.keys()].filter((name) => !rows.get(name)!.values.every(Number.isNaN)).toSorted()
  for (const [i, name] of names.entries()) {
    const row = rows.get(name)!
    for (let k = 0; k < grid.count; k++) {
      const at = instantOf(grid, k)
      const increase = sumBuckets(row, SERVICE_LEVEL.width, at - window, at)
      results[k] = perSecond ? (increase * 1000) / window : increase
    }
    sums.add(isGrouped ? i : 0, results)
  }
  return (isGrouped ? names : ['']).map((service, group) => ({
    labels: service === '' ? {} : { [by[0]!]: service },
    values: sums.results(group),
  }))
}
