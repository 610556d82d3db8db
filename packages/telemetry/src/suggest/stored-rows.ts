import type { QueryLimits } from '../query-limits.ts'
import { seriesIdList } from '../read/series-id-list.ts'
import type { Telemetry } from '../telemetry.ts'

/** Points of series in [from, to), epoch ms. */
export interface PointsOfSeries {
  workspace: number
  series: readonly string[]
  from: number
  to: number
}

/** Tables that hold points of series. */
export type PointTable = 'samples' | 'histograms' | 'exponential_histograms'

const SERIES_PER_QUERY = 5_000

export const POINTS_IN_SPAN = `at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})`

/** How many points of the series a table holds: what it takes to read them. */
export async function countStoredPoints(
  telemetry: Telemetry,
  table: PointTable,
  { workspace, series, from, to }: PointsOfSeries,
  limits: QueryLimits = {},
): Promise<number> {
  let points = 0
  for (let i = 0; i < series.length; i += SERIES_PER_QUERY) {
    const [row] = await telemetry.rows<{ points: string }>(
      `SELECT count() AS points FROM ${table} WHERE workspace = {workspace:UInt32}
         AND series IN (${seriesIdList(series.slice(i, i + SERIES_PER_QUERY))}) AND ${POINTS_IN_SPAN}`,
      { workspace, from: Math.ceil(from), to: Math.ceil(to) },
      limits,
    )
    points += Number(row?.points ?? 0)
  }
  return points
}
