import { isStaleAt, type HistogramRow } from '@nines/wire'
import type { NativeResult } from '../native/native-reader.ts'
import type { Telemetry } from '../telemetry.ts'
import { gatheredPoints } from './gathered-points.ts'
import { rowsWithin } from './joined-range.ts'
import type { PointsQuery } from './points-query.ts'
import { SERIES_PER_QUERY } from './read-samples.ts'
import { seriesIdList } from './series-id-list.ts'

/**
 * Histograms by series id, ascending and unique in `at`; a series without any in the interval has no entry. Where a sender
 * contradicts itself about one instant, the row with the highest start, then the highest count is kept.
 */
export async function readHistograms(telemetry: Telemetry, query: PointsQuery): Promise<Map<string, HistogramRow[]>> {
  const { gathering } = telemetry
  return gathering ? gathering.ask(GATHERED, query) : readAlone(telemetry, query)
}

/** A row is an object with its buckets. */
const GATHERED = gatheredPoints<HistogramRow[]>({ table: 'histograms', most: 50, read: readAlone, within: rowsWithin })

async function readAlone(telemetry: Telemetry, query: PointsQuery): Promise<Map<string, HistogramRow[]>> {
  const { workspace, from, to, limits } = query
  const found = new Map<string, HistogramRow[]>()
  let left = query.limit ?? Infinity
  for (let i = 0; i < query.series.length && left > 0; i += SERIES_PER_QUERY) {
    const result = await telemetry.columns(
      `SELECT series, at, start, count, sum, min, max, bounds, bucket_counts FROM histograms
       WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(query.series.slice(i, i + SERIES_PER_QUERY))})
         AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
       ORDER BY series, at, start, count${Number.isFinite(left) ? ` LIMIT ${Math.trunc(left)}` : ''}`,
      { workspace, from: Math.ceil(from), to: Math.ceil(to) },
      limits,
    )
    for (const row of rowsOf(result)) append(found, row)
    left -= result.rowCount
  }
  return found
}

function append(found: Map<string, HistogramRow[]>, row: HistogramRow): void {
  const id = String(row.series)
  const rows = found.get(id)
  if (!rows) found.set(id, [row])
  else if (rows.at(-1)?.at === row.at) rows[rows.length - 1] = row
  else rows.push(row)
}

function rowsOf(result: NativeResult): HistogramRow[] {
  const series = result.bigints('series')
  const count = result.bigints('count')
  const bounds = result.arrays('bounds')
  const bucketCounts = result.arrays('bucket_counts')
  const [at, start, sum, min, max] = ['at', 'start', 'sum', 'min', 'max'].map((name) => result.numbers(name)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  return Array.from({ length: result.rowCount }, (_, i) => ({
    series: series[i] as bigint,
    at: at[i] as number,
    start: start[i] as number,
    count: Number(count[i]),
    sum: sum[i] as number,
    min: min[i] as number,
    max: max[i] as number,
    bounds: bounds[i] as number[],
    bucketCounts: bucketCounts[i] as number[],
    ...(isStaleAt(sum, i) && { isStale: true }),
  }))
}
