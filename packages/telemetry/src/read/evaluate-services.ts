import { Aggregator } from '../evaluate/aggregate.ts'
import { evaluateSeries } from '../evaluate/evaluate-series.ts'
import { instantOf, type Points } from '../evaluate/points.ts'
import type { QueryRow } from '../evaluate/telemetry-query.ts'
import { kernelOf } from '../evaluate/window-function.ts'
import type { StoredQuery } from './evaluate-stored.ts'

/** Evaluates a sum of increases or rates over the rows that hold them by service and minute. */
export async function evaluateServices(
  { telemetry, workspace, query, limits }: Omit<StoredQuery, 'series'>,
  services: readonly string[],
): Promise<QueryRow[]> {
  const { grid, by, selector } = query
  const parameters = { workspace, metric: selector.metric, services: [...services] }
  const span = { after: instantOf(grid, 0) - query.window, until: instantOf(grid, grid.count - 1) }
  const result = await telemetry.columns(
    `SELECT CAST(service AS String) AS service, at + toIntervalMinute(1) AS ends, sum(increase) AS value
     FROM service_rollup_1m FINAL
     WHERE workspace = {workspace:UInt32} AND metric = {metric:String} AND service IN {services:Array(String)}
       AND at >= fromUnixTimestamp64Milli({after:Int64}) AND at < fromUnixTimestamp64Milli({until:Int64})
     GROUP BY service, ends ORDER BY service, ends`,
    { ...parameters, ...span },
    limits,
  )
  const isGrouped = by.length > 0
  const sums = new Aggregator('sum', grid.count)
  const kernel = kernelOf(query.function, true)
  const groups: string[] = []
  const results = new Float64Array(grid.count)
  for (const { service, points } of byService(
    result.texts('service'),
    result.numbers('ends'),
    result.numbers('value'),
  )) {
    evaluateSeries(points, kernel, query, results)
    if (isGrouped || groups.length === 0) groups.push(service)
    sums.add(groups.length - 1, results)
  }
  return groups.map((service, group) => ({
    labels: isGrouped && service !== '' ? { [by[0]!]: service } : {},
    values: sums.results(group),
  }))
}

function* byService(services: readonly string[], at: Float64Array, value: Float64Array) {
  let first = 0
  for (let end = 1; end <= services.length; end++) {
    if (end < services.length && services[end] === services[first]) continue
    const points: Points = { at: at.subarray(first, end), value: value.subarray(first, end), length: end - first }
    yield { service: services[first]!, points }
    first = end
  }
}
