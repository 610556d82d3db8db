import { OWNER_LABELS } from '@nines/slo'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'

const MOST_NAMES = 50
const LIMITS: QueryLimits = { maxSeconds: 10, maxRowsToRead: 100_000_000 }

/** Names of services that telemetry came from since the instant (epoch ms), sorted; at most 50. */
export async function heardServices(
  telemetry: Telemetry,
  workspace: number,
  since: number,
  limits: QueryLimits = {},
): Promise<string[]> {
  const owner = `arrayFirst(value -> value != '', [${OWNER_LABELS.map((label) => `s.labels['${label}']`).join(', ')}])`
  const bounds = { ...LIMITS, ...limits }
  const parameters = { workspace, since: Math.trunc(since) }
  const ask = (sql: string) => telemetry.rows<{ name: string }>(`${sql} LIMIT ${MOST_NAMES}`, parameters, bounds)
  const ofEvents = (table: string) =>
    ask(`SELECT DISTINCT toString(service) AS name FROM ${table}
         WHERE workspace = {workspace:UInt32} AND at >= fromUnixTimestamp64Milli({since:Int64}) AND service != ''`)
  const found = await Promise.all([
    ask(`SELECT DISTINCT ${owner} AS name FROM series AS s
         WHERE s.workspace = {workspace:UInt32} AND s.last_seen >= fromUnixTimestamp64Milli({since:Int64}) AND name != ''`),
    ofEvents('spans'),
    ofEvents('logs'),
  ])
  return [...new Set(found.flat().map(({ name }) => name))].toSorted().slice(0, MOST_NAMES)
}
