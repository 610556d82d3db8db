import type { CheckDto } from '@nines/contracts'
import type { StoredCheck } from '@nines/records'
import { DAY_MS } from '@nines/slo'
import { checkUptime, latestCheckRuns, type Telemetry } from '@nines/telemetry'

/** Adds to checks of a workspace their last run and the share of runs that passed in the last 24 hours. */
export async function withRuns(
  telemetry: Telemetry,
  workspaceNumber: number,
  checks: StoredCheck[],
): Promise<CheckDto[]> {
  if (checks.length === 0) return []
  const now = Date.now()
  const [latest, uptimes] = await Promise.all([
    latestCheckRuns(telemetry, workspaceNumber),
    checkUptime(telemetry, workspaceNumber, now - DAY_MS, now),
  ])
  return checks.map((check) => {
    const uptime = uptimes.get(check.id)
    return {
      ...check,
      lastRun: latest.get(check.id) ?? null,
      uptime24h: uptime === undefined || uptime.runs === 0 ? null : uptime.passed / uptime.runs,
    }
  })
}

export async function withRunsOfOne(
  telemetry: Telemetry,
  workspaceNumber: number,
  check: StoredCheck,
): Promise<CheckDto> {
  const [complete] = await withRuns(telemetry, workspaceNumber, [check])
  return complete ?? { ...check, lastRun: null, uptime24h: null }
}
