import { SERIES_COLUMNS, toSeriesDefinition, type SeriesRow } from '../read/series-row.ts'
import { ANNOUNCED_WITHIN_MS } from '../read/known-series.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import type { ResidentHead } from './resident-head.ts'

/** How far back a head that begins reads, ms: what windows of five minutes take, and what they look back to. */
const WARM_BACK_MS = 12 * 60_000
/** Series whose samples one statement brings. */
const SERIES_PER_PAGE = 10_000
const LIMITS: QueryLimits = { maxSeconds: 60, maxRowsToRead: 2_000_000_000 }

export interface WarmOptions {
  /** Whether the head is for that workspace. */
  accepts: (workspace: number) => boolean
  now: number
  signal: AbortSignal
}

/**
 * Fills a head with what the store holds of the last minutes. The head must have been given, or be being given, every block
 * that the store does not hold yet; what comes both ways counts once. Then the head is warm. Rejects when the store is away
 * or has too much to read; the head stays as it is and may be warmed again.
 */
export async function warmHead(telemetry: Telemetry, head: ResidentHead, options: WarmOptions): Promise<void> {
  const { accepts, now, signal } = options
  const limits = { ...LIMITS, signal }
  const after = now - WARM_BACK_MS
  const rows = await telemetry.rows<{ workspace: number; series: string }>(
    `SELECT workspace, uniq(series) AS series FROM series
     WHERE last_seen >= fromUnixTimestamp64Milli({since:Int64}) GROUP BY workspace ORDER BY workspace`,
    { since: now - ANNOUNCED_WITHIN_MS },
    limits,
  )
  for (const { workspace, series } of rows) {
    if (!accepts(workspace)) continue
    for (const [first, last] of idRanges(Math.ceil(Number(series) / SERIES_PER_PAGE))) {
      const parameters = { workspace, first, last, since: now - ANNOUNCED_WITHIN_MS, after }
      await warmRange(telemetry, head, parameters, limits)
    }
  }
  head.setCompleteFrom(after + 1)
}

interface RangeParameters extends Record<string, unknown> {
  workspace: number
}

async function warmRange(
  telemetry: Telemetry,
  head: ResidentHead,
  parameters: RangeParameters,
  limits: QueryLimits,
): Promise<void> {
  const { workspace } = parameters
  const definitions = await telemetry.rows<SeriesRow>(
    `SELECT ${SERIES_COLUMNS} FROM series AS s
     WHERE workspace = {workspace:UInt32} AND s.series BETWEEN {first:UInt64} AND {last:UInt64}
       AND s.last_seen >= fromUnixTimestamp64Milli({since:Int64})
     GROUP BY s.metric, s.series`,
    parameters,
    limits,
  )
  head.define(workspace, definitions.map(toSeriesDefinition))
  const samples = await telemetry.columns(
    `SELECT series, at, value FROM samples
     WHERE workspace = {workspace:UInt32} AND series BETWEEN {first:UInt64} AND {last:UInt64}
       AND at > fromUnixTimestamp64Milli({after:Int64})`,
    parameters,
    limits,
  )
  if (samples.rowCount === 0) return
  const ids = samples.bigints('series')
  const halves = new Uint32Array(ids.buffer, ids.byteOffset, 2 * ids.length)
  head.takeStored(workspace, halves, samples.numbers('at'), samples.numbers('value'))
}

/** Ids are hashes, so that equal ranges of them hold about as many series each. */
function idRanges(count: number): [first: string, last: string][] {
  const size = 2n ** 64n / BigInt(Math.max(1, count))
  return Array.from({ length: Math.max(1, count) }, (_, i) => [
    (size * BigInt(i)).toString(),
    (i + 1 >= count ? 2n ** 64n - 1n : size * BigInt(i + 1) - 1n).toString(),
  ])
}
