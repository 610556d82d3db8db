import { Aggregator } from '../evaluate/aggregate.ts'
import { evaluateSeries } from '../evaluate/evaluate-series.ts'
import { instantOf, type Points } from '../evaluate/points.ts'
import type { QueryRow } from '../evaluate/telemetry-query.ts'
import { kernelOf } from '../evaluate/window-function.ts'
import type { StoredQuery } from './evaluate-stored.ts'
import { inOrder } from './points-in-order.ts'
import { SERVICE_LEVEL } from './rollup-levels.ts'

/** Evaluates a sum of increases or rates over the rows that hold them by service and minute. */
export async function evaluateServices(
  { telemetry, workspace, query, limits }: Omit<StoredQuery, 'series'>,
  services: readonly string[],
): Promise<QueryRow[]> {
  const { grid, by, selector } = query
  const span = { after: instantOf(grid, 0) - query.window, until: instantOf(grid, grid.count - 1) }
  const result = await telemetry.columns(
    `SELECT CAST(service AS String) AS service,
       groupArray(toFloat64(toUnixTimestamp64Milli(at) + ${SERVICE_LEVEL.width})) AS ends, groupArray(increase) AS increases
     FROM (SELECT service, at, increase FROM service_rollup_1m FINAL
       WHERE workspace = {workspace:UInt32} AND metric = {metric:String} AND service IN {services:Array(String)}
         AND kind = 'sum'
         AND at >= fromUnixTimestamp64Milli({after:Int64}) AND at < fromUnixTimestamp64Milli({until:Int64}))
     GROUP BY service ORDER BY service`,
    { workspace, metric: selector.metric, services: [...services], ...span },
    limits,
  )
  if (result.rowCount === 0) return []
  const isGrouped = by.length > 0
  const sums = new Aggregator('sum', grid.count)
  const kernel = kernelOf(query.function, true)
  const ends = result.arrays('ends')
  const increases = result.arrays('increases')
  const results = new Float64Array(grid.count)
  const names = result.texts('service')
  for (const [i, at] of ends.entries()) {
    const points: Points = { at: Float64Array.from(at), value: Float64Array.from(increases[i]!), length: at.length }
    inOrder(points)
    evaluateSeries(points, kernel, query, results)
    sums.add(isGrouped ? i : 0, results)
  }
  return (isGrouped ? names : ['']).map((service, group) => ({
    labels: service === '' ? {} : { [by[0]!]: service },
    values: sums.results(group),
  }))
}
