import { NinesError } from '@nines/kernel'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'

/** Calls of one service to another in some span of time. */
export interface ServiceEdge {
  client: string
  server: string
  calls: number
  errors: number
  /** Mean duration of a call, ms. */
  meanMs: number
}

const MAX_EDGES = 5_000

/** Edges of the service graph in the minutes that start in [from, to), epoch ms, busiest first. */
export async function readServiceGraph(
  telemetry: Telemetry,
  workspace: number,
  { from, to }: { from: number; to: number },
  limits: QueryLimits = {},
): Promise<ServiceEdge[]> {
  const rows = await telemetry.rows<Record<'client' | 'server' | 'calls' | 'errors', string> & { meanMs: number }>(
    `SELECT client, server, sum(e.calls) AS calls, sum(e.errors) AS errors,
       if(calls = 0, 0, sum(e.duration) / calls / 1e6) AS meanMs
     FROM service_edges AS e FINAL
     WHERE workspace = {workspace:UInt32}
       AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
     GROUP BY client, server ORDER BY calls DESC, client, server LIMIT ${MAX_EDGES + 1}`,
    { workspace, from: Math.floor(from), to: Math.ceil(to) },
    limits,
  )
  if (rows.length > MAX_EDGES)
    throw new NinesError('too_large', `more than ${MAX_EDGES} pairs of services: take a shorter span`)
  return rows.map((row) => ({ ...row, calls: Number(row.calls), errors: Number(row.errors) }))
}
