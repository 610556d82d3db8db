import type { SeriesSelector } from '@nines/contracts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { ANNOUNCED_WITHIN_MS } from './known-series.ts'
import { selectorCondition } from './selector-condition.ts'

/** Series of one metric, or of all, that may have samples in (from, to], epoch ms. */
export interface LabelsQuery {
  workspace: number
  /** Negated regular expressions in it are left out of account. */
  selector: SeriesSelector | null
  from: number
  to: number
  limit: number
}

/** Names of labels, sorted. */
export async function readLabelNames(
  telemetry: Telemetry,
  query: LabelsQuery,
  limits: QueryLimits = {},
): Promise<string[]> {
  const { sql, parameters } = conditionOf(query)
  const rows = await telemetry.rows<{ name: string }>(
    `SELECT DISTINCT arrayJoin(mapKeys(s.labels)) AS name FROM series AS s WHERE ${sql}
     ORDER BY name LIMIT {limit:UInt32}`,
    parameters,
    limits,
  )
  return rows.map(({ name }) => name)
}

/** Values of one label that contain `search` (any case), sorted. */
export async function readLabelValues(
  telemetry: Telemetry,
  query: LabelsQuery & { label: string; search: string },
  limits: QueryLimits = {},
): Promise<string[]> {
  const { sql, parameters } = conditionOf(query)
  const rows = await telemetry.rows<{ value: string }>(
    `SELECT DISTINCT s.labels[{label:String}] AS value FROM series AS s
     WHERE ${sql} AND value != '' AND positionCaseInsensitiveUTF8(value, {search:String}) > 0
     ORDER BY value LIMIT {limit:UInt32}`,
    { ...parameters, label: query.label, search: query.search },
    limits,
  )
  return rows.map(({ value }) => value)
}

function conditionOf({ workspace, selector, from, to, limit }: LabelsQuery) {
  const selected = selector ? selectorCondition(selector) : { sql: '1', parameters: {} }
  return {
    sql: `s.workspace = {workspace:UInt32} AND ${selected.sql}
       AND s.last_seen >= fromUnixTimestamp64Milli({from:Int64}) AND s.first_seen <= fromUnixTimestamp64Milli({to:Int64})`,
    // A row of the table is one announcement or several merged ones, so the bounds let through more than they need to.
    parameters: {
      ...selected.parameters,
      workspace,
      from: Math.floor(from - ANNOUNCED_WITHIN_MS),
      to: Math.floor(to + ANNOUNCED_WITHIN_MS),
      limit,
    },
  }
}
