import { isStaleAt, type ExponentialHistogramRow } from '@nines/wire'
import type { NativeResult } from '../native/native-reader.ts'
import type { Telemetry } from '../telemetry.ts'
import { gatheredPoints } from './gathered-points.ts'
import { rowsWithin } from './joined-range.ts'
import type { PointsQuery } from './points-query.ts'
import { SERIES_PER_QUERY } from './read-samples.ts'
import { seriesIdList } from './series-id-list.ts'

/**
 * Exponential histograms by series id, ascending and unique in `at`; a series without any in the interval has no entry.
 * Where a sender contradicts itself about one instant, the row with the highest start, then the highest count is kept.
 */
export async function readExponentialHistograms(
  telemetry: Telemetry,
  query: PointsQuery,
): Promise<Map<string, ExponentialHistogramRow[]>> {
  const { gathering } = telemetry
  return gathering ? gathering.ask(GATHERED, query) : readAlone(telemetry, query)
}

/** A row is an object with its buckets. */
const GATHERED = gatheredPoints<ExponentialHistogramRow[]>({
  table: 'exponential_histograms',
  most: 50,
  read: readAlone,
  within: rowsWithin,
})

async function readAlone(
  telemetry: Telemetry,
  { workspace, series, from, to, limits }: PointsQuery,
): Promise<Map<string, ExponentialHistogramRow[]>> {
  const found = new Map<string, ExponentialHistogramRow[]>()
  for (let i = 0; i < series.length; i += SERIES_PER_QUERY) {
    const result = await telemetry.columns(
      `SELECT series, at, start, count, sum, min, max, toFloat64(scale) AS scale, zero_threshold, zero_count,
         toFloat64(positive_offset) AS positive_offset, positive_counts,
         toFloat64(negative_offset) AS negative_offset, negative_counts
       FROM exponential_histograms
       WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(series.slice(i, i + SERIES_PER_QUERY))})
         AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
       ORDER BY series, at, start, count`,
      { workspace, from: Math.ceil(from), to: Math.ceil(to) },
      limits,
    )
    for (const row of rowsOf(result)) append(found, row)
  }
  return found
}

function append(found: Map<string, ExponentialHistogramRow[]>, row: ExponentialHistogramRow): void {
  const id = String(row.series)
  const rows = found.get(id)
  if (!rows) found.set(id, [row])
  else if (rows.at(-1)?.at === row.at) rows[rows.length - 1] = row
  else rows.push(row)
}

function rowsOf(result: NativeResult): ExponentialHistogramRow[] {
  const series = result.bigints('series')
  const numbers = (name: string) => result.numbers(name)
  const [at, start, count, sum] = [numbers('at'), numbers('start'), numbers('count'), numbers('sum')]
  const [min, max, scale] = [numbers('min'), numbers('max'), numbers('scale')]
  const [zeroThreshold, zeroCount] = [numbers('zero_threshold'), numbers('zero_count')]
  const [positiveOffset, negativeOffset] = [numbers('positive_offset'), numbers('negative_offset')]
  const [positiveCounts, negativeCounts] = [result.arrays('positive_counts'), result.arrays('negative_counts')]
  return Array.from({ length: result.rowCount }, (_, i) => ({
    series: series[i]!,
    at: at[i]!,
    start: start[i]!,
    count: count[i]!,
    sum: sum[i]!,
    min: min[i]!,
    max: max[i]!,
    scale: scale[i]!,
    zeroThreshold: zeroThreshold[i]!,
    zeroCount: zeroCount[i]!,
    positiveOffset: positiveOffset[i]!,
    positiveCounts: positiveCounts[i]!,
    negativeOffset: negativeOffset[i]!,
    negativeCounts: negativeCounts[i]!,
    ...(isStaleAt(sum, i) && { isStale: true }),
  }))
}
