import { NinesError } from '@nines/kernel'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { hexId } from './ids-as-text.ts'
import { seriesIdList } from './series-id-list.ts'

export interface Exemplar {
  /** Id of its series, decimal. */
  series: string
  /** Epoch ms. */
  at: number
  value: number
  /** Hex, empty where there is none. */
  traceId: string
  spanId: string
  labels: Record<string, string>
}

export interface ExemplarsQuery {
  workspace: number
  series: readonly string[]
  /** In (from, to], epoch ms. */
  from: number
  to: number
  limit: number
}

const MAX_SERIES = 5_000

/** Exemplars of series, newest first, each once. */
export async function readExemplars(
  telemetry: Telemetry,
  { workspace, series, from, to, limit }: ExemplarsQuery,
  limits: QueryLimits = {},
): Promise<Exemplar[]> {
  if (series.length === 0) return []
  if (series.length > MAX_SERIES)
    throw new NinesError('too_large', `exemplars of ${series.length} series, more than ${MAX_SERIES}: select fewer`)
  const rows = await telemetry.rows<Omit<Exemplar, 'at'> & { ms: string }>(
    `SELECT DISTINCT toString(series) AS series, toUnixTimestamp64Milli(at) AS ms, value,
       ${hexId('trace_id', 16)} AS traceId, ${hexId('span_id', 8)} AS spanId, labels
     FROM exemplars
     WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(series)})
       AND at > fromUnixTimestamp64Milli({from:Int64}) AND at <= fromUnixTimestamp64Milli({to:Int64})
     ORDER BY ms DESC, series, value LIMIT {limit:UInt32}`,
    { workspace, from: Math.floor(from), to: Math.floor(to), limit },
    limits,
  )
  return rows.map(({ ms, ...row }) => ({ ...row, at: Number(ms) }))
}
