import type { Temporality } from '@nines/contracts'
import type { QueryLimits } from '../query-limits.ts'
import { seriesIdList } from '../read/series-id-list.ts'
import type { Telemetry } from '../telemetry.ts'
import { POINTS_IN_SPAN } from './stored-rows.ts'

export interface OperationsOf {
  workspace: number
  /** Ids of the series of each operation: counters or histograms with explicit bounds. */
  series: ReadonlyMap<string, readonly string[]>
  temporalities: ReadonlyMap<string, Temporality>
  from: number
  to: number
}

const LIMITS: QueryLimits = { maxSeconds: 15, maxRowsToRead: 100_000_000 }

/**
 * Events of each operation in [from, to), epoch ms, about, most first: what counters grew by over restarts is left out of
 * account. It says which operations matter, not how they fare.
 */
export async function busiestOperations(
  telemetry: Telemetry,
  { workspace, series, temporalities, from, to }: OperationsOf,
  limits: QueryLimits = {},
): Promise<{ operation: string; events: number }[]> {
  const ids = [...series.values()].flat()
  const ask = (table: string, count: string) =>
    telemetry.rows<{ id: string; grown: number; sum: number }>(
      `SELECT toString(p.series) AS id, toFloat64(max(${count}) - min(${count})) AS grown, toFloat64(sum(${count})) AS sum
       FROM ${table} AS p WHERE p.workspace = {workspace:UInt32} AND p.series IN (${seriesIdList(ids)}) AND ${POINTS_IN_SPAN}
       GROUP BY p.series`,
      { workspace, from: Math.ceil(from), to: Math.ceil(to) },
      { ...LIMITS, ...limits },
    )
  const rows = [...(await ask('samples', 'p.value')), ...(await ask('histograms', 'p.count'))]
  const events = new Map(rows.map(({ id, grown, sum }) => [id, temporalities.get(id) === 'delta' ? sum : grown]))
  return [...series]
    .map(([operation, own]) => ({ operation, events: own.reduce((sum, id) => sum + (events.get(id) ?? 0), 0) }))
    .sort((a, b) => b.events - a.events || (a.operation < b.operation ? -1 : 1))
}
