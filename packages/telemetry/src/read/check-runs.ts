import type { CheckRun } from '@nines/contracts'
import type { Telemetry } from '../telemetry.ts'

/** Runs of one check whose grid instant lies in [from, to), epoch milliseconds. */
export interface CheckRunsQuery {
  workspace: number
  checkId: string
  from: number
  to: number
  limit: number
}

/** Runs of a check in some interval. */
export interface Uptime {
  runs: number
  passed: number
}

interface Row {
  checkId: string
  location: string
  runId: string
  scheduledAt: string
  startedAt: string
  durationMs: number
  ok: boolean
  statusCode: number | null
  error: string
  dnsMs: number | null
  connectMs: number | null
  tlsMs: number | null
  firstByteMs: number | null
  transferMs: number | null
}

const COLUMNS = `check_id AS checkId, location, run_id AS runId, toUnixTimestamp64Milli(scheduled_at) AS scheduledAt,
  toUnixTimestamp64Milli(started_at) AS startedAt, duration_ms AS durationMs, ok, status_code AS statusCode, error,
  dns_ms AS dnsMs, connect_ms AS connectMs, tls_ms AS tlsMs, first_byte_ms AS firstByteMs, transfer_ms AS transferMs`

/** Runs newest first, each once however often it was reported. */
export async function readCheckRuns(telemetry: Telemetry, query: CheckRunsQuery): Promise<CheckRun[]> {
  const { workspace, checkId, from, to, limit } = query
  const rows = await telemetry.rows<Row>(
    `SELECT ${COLUMNS} FROM check_runs FINAL
     WHERE workspace = {workspace:UInt32} AND check_id = {checkId:String}
       AND scheduled_at >= fromUnixTimestamp64Milli({from:Int64}) AND scheduled_at < fromUnixTimestamp64Milli({to:Int64})
     ORDER BY scheduled_at DESC, location LIMIT {limit:UInt32}`,
    { workspace, checkId, from: Math.ceil(from), to: Math.ceil(to), limit },
  )
  return rows.map(toCheckRun)
}

/** The newest run of every check that ran in the last 8 days, by check id, whatever its location. */
export async function latestCheckRuns(telemetry: Telemetry, workspace: number): Promise<Map<string, CheckRun>> {
  const rows = await telemetry.rows<Row>(
    `SELECT ${COLUMNS} FROM check_runs
     WHERE workspace = {workspace:UInt32} AND scheduled_at >= now() - INTERVAL 8 DAY
     ORDER BY check_id, scheduled_at DESC, started_at DESC, location LIMIT 1 BY check_id`,
    { workspace },
  )
  return new Map(rows.map((row) => [row.checkId, toCheckRun(row)]))
}

/** Runs and passed runs by check id in [from, to), epoch milliseconds; a check without runs has no entry. */
export async function checkUptime(
  telemetry: Telemetry,
  workspace: number,
  from: number,
  to: number,
): Promise<Map<string, Uptime>> {
  const rows = await telemetry.rows<{ checkId: string; runs: string; passed: string }>(
    `SELECT check_id AS checkId, count() AS runs, countIf(ok) AS passed FROM check_runs FINAL
     WHERE workspace = {workspace:UInt32}
       AND scheduled_at >= fromUnixTimestamp64Milli({from:Int64}) AND scheduled_at < fromUnixTimestamp64Milli({to:Int64})
     GROUP BY check_id`,
    { workspace, from: Math.ceil(from), to: Math.ceil(to) },
  )
  return new Map(rows.map((row) => [row.checkId, { runs: Number(row.runs), passed: Number(row.passed) }]))
}

function toCheckRun(row: Row): CheckRun {
  const { scheduledAt, startedAt, dnsMs, connectMs, tlsMs, firstByteMs, transferMs, ...rest } = row
  return {
    ...rest,
    scheduledAt: Number(scheduledAt),
    startedAt: Number(startedAt),
    phases: { dnsMs, connectMs, tlsMs, firstByteMs, transferMs },
  }
}
