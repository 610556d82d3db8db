import type { NativeResult } from '../native/native-reader.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import type { BucketRow, FetchedRow, FinishedBuckets } from './finished-buckets.ts'
import { inBatches } from './in-batches.ts'
import { SERVICE_LEVEL, type SeriesLevel } from './rollup-levels.ts'
import { seriesIdList } from './series-id-list.ts'

const SERIES_PER_BATCH = 5_000

/** Buckets that start in [from, to), epoch ms, all of them finished. */
interface Reading {
  telemetry: Telemetry
  buckets: FinishedBuckets
  workspace: number
  from: number
  to: number
  limits: QueryLimits
  /** What is kept under different names is kept apart. */
  part?: string
}

/** Increases of a metric by service and minute. */
export async function readServiceBuckets(
  { telemetry, buckets, limits, ...span }: Reading,
  { metric, services }: { metric: string; services: readonly string[] },
): Promise<Map<string, BucketRow>> {
  const { table, width } = SERVICE_LEVEL
  return buckets.read({ ...span, table, width, what: metric, keys: services }, async (keys, from, to) => {
    const result = await telemetry.columns(
      `SELECT CAST(service AS String) AS key, ${slots(width)}, groupArray(increase) AS values
       FROM (SELECT service, at, increase FROM ${table} FINAL
         WHERE workspace = {workspace:UInt32} AND metric = {metric:String} AND service IN {services:Array(String)}
           AND kind = 'sum' AND ${IN_SPAN})
       GROUP BY service`,
      { workspace: span.workspace, metric, services: [...keys], from, to },
      limits,
    )
    return result.rowCount === 0 ? [] : rowsOf(result, result.texts('key'))
  })
}

/** One column of a rollup by series id. */
export async function readSeriesBuckets(
  { telemetry, buckets, limits, ...span }: Reading,
  { table, width }: SeriesLevel,
  column: string,
  ids: readonly string[],
): Promise<Map<string, BucketRow>> {
  return buckets.read(
    { ...span, table, width, what: `${column} ${span.part ?? ''}`, keys: ids },
    async (keys, from, to) => {
      const rows: FetchedRow[] = []
      await inBatches(
        keys,
        { size: SERIES_PER_BATCH, atOnce: 1 },
        (batch) =>
          telemetry.columns(
            `SELECT series AS key, ${slots(width)}, groupArray(toFloat64(${column})) AS values
           FROM (SELECT series, at, ${column} FROM ${table} FINAL
             WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(batch)}) AND ${IN_SPAN})
           GROUP BY series`,
            { workspace: span.workspace, from, to },
            limits,
          ),
        (result) => {
          if (result.rowCount > 0) rows.push(...rowsOf(result, Array.from(result.bigints('key'), String)))
        },
      )
      return rows
    },
  )
}

const IN_SPAN = 'at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})'

function slots(width: number): string {
  return `groupArray(toUInt32(intDiv(toUnixTimestamp64Milli(at) - {from:Int64}, ${width}))) AS slots`
}

function rowsOf(result: NativeResult, keys: readonly string[]): FetchedRow[] {
  const rows: FetchedRow[] = []
  const values = result.arrayColumns('values')
  for (const [block, { ends, items }] of result.arrayColumns('slots').entries()) {
    for (const [i, end] of ends.entries()) {
      const begin = i === 0 ? 0 : ends[i - 1]!
      const key = keys[rows.length]!
      rows.push({ key, slots: items.subarray(begin, end), values: values[block]!.items.subarray(begin, end) })
    }
  }
  return rows
}
