import type { Telemetry } from '../telemetry.ts'
import { gatheredPoints } from './gathered-points.ts'
import { firstFrom, type ReadRange } from './joined-range.ts'
import type { PointsQuery } from './points-query.ts'
import { seriesIdList } from './series-id-list.ts'

/** Samples of one series, ascending and unique in `at`. `start` is 0 where the sender did not say. */
export interface Samples {
  at: Float64Array
  start: Float64Array
  value: Float64Array
}

/** Series per query, which bounds the statement; each costs at least one index granule of 8192 rows. */
export const SERIES_PER_QUERY = 5000

/**
 * Samples by series id; a series without samples in the interval has no entry. Of samples with the same series and time
 * one is kept: where a sender contradicts itself, the one with the highest start, then the highest value.
 */
export async function readSamples(telemetry: Telemetry, query: PointsQuery): Promise<Map<string, Samples>> {
  const { gathering } = telemetry
  return gathering ? gathering.ask(GATHERED, query) : readAlone(telemetry, query)
}

/** 500 days of series are some three million samples. */
const GATHERED = gatheredPoints<Samples>({ table: 'samples', most: 500, read: readAlone, within })

function within({ at, start, value }: Samples, { from, to }: ReadRange): Samples | undefined {
  const [begin, end] = [firstFrom(at, from), firstFrom(at, to)]
  if (begin === end) return undefined
  return { at: at.subarray(begin, end), start: start.subarray(begin, end), value: value.subarray(begin, end) }
}

async function readAlone(telemetry: Telemetry, query: PointsQuery): Promise<Map<string, Samples>> {
  const found = new Map<string, Samples>()
  let left = query.limit ?? Infinity
  for (let i = 0; i < query.series.length && left > 0; i += SERIES_PER_QUERY) {
    left -= await readInto(found, telemetry, query, query.series.slice(i, i + SERIES_PER_QUERY), left)
  }
  return found
}

async function readInto(
  found: Map<string, Samples>,
  telemetry: Telemetry,
  { workspace, from, to, limits }: PointsQuery,
  ids: readonly string[],
  limit: number,
): Promise<number> {
  const result = await telemetry.columns(
    `SELECT series, at, start, value FROM samples
     WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(ids)})
       AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
     ORDER BY series, at, start, value${Number.isFinite(limit) ? ` LIMIT ${Math.trunc(limit)}` : ''}`,
    { workspace, from: Math.ceil(from), to: Math.ceil(to) },
    limits,
  )
  if (result.rowCount === 0) return 0
  const series = result.bigints('series')
  const all: Samples = {
    at: result.numbers('at'),
    start: result.numbers('start'),
    value: result.numbers('value'),
  }
  let first = 0
  for (let i = 1; i <= series.length; i++) {
    if (i < series.length && series[i] === series[first]) continue
    found.set(String(series[first]), collapse(all, first, i))
    first = i
  }
  return result.rowCount
}

/** Rows [first, end) without repeated times, the last row of each time kept. Compacts in place and copies the result out. */
function collapse({ at, start, value }: Samples, first: number, end: number): Samples {
  let last = first
  for (let i = first + 1; i < end; i++) {
    if (at[i] !== at[last]) last++
    at[last] = at[i] as number
    start[last] = start[i] as number
    value[last] = value[i] as number
  }
  return {
    at: at.slice(first, last + 1),
    start: start.slice(first, last + 1),
    value: value.slice(first, last + 1),
  }
}
