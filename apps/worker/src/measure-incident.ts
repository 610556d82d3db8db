import { impactStart } from '@nines/incidents'
import type { IncidentMeasurements, ReviewSubject } from '@nines/records'
import { budgetEventsAt, HOUR_MS, minutesOfSlices, windowCounts, windowSpan } from '@nines/slo'
import { readCheckRuns, readSlices, type Telemetry } from '@nines/telemetry'

/** How far before an alert its impact is looked for: longer than the longest window that pages. */
const LOOK_BACK_MS = 8 * HOUR_MS
const MAX_RUNS = 10_000

/** When the impact of an incident began, what it cost and what the service's checks saw. */
export async function measureIncident(telemetry: Telemetry, subject: ReviewSubject): Promise<IncidentMeasurements> {
  const end = subject.resolvedAt ?? Date.now()
  const { impactAt, budgetSpent } = await measureImpact(telemetry, subject, end)
  const from = impactAt ?? subject.openedAt
  const checkRuns: [string, { total: number; failed: number; firstFailedAt: number | null }][] = []
  for (const checkId of subject.checkIds) {
    const query = { workspace: subject.workspaceNumber, checkId, from, to: end + 1, limit: MAX_RUNS }
    const runs = await readCheckRuns(telemetry, query)
    const failed = runs.filter((run) => !run.ok)
    const firstFailedAt = failed.length === 0 ? null : Math.min(...failed.map((run) => run.scheduledAt))
    checkRuns.push([checkId, { total: runs.length, failed: failed.length, firstFailedAt }])
  }
  return { impactAt, budgetSpent, checkRuns: new Map(checkRuns) }
}

/** Bad events of the impact over those that the budget allows, by the SLO's window as it stands when the incident ends. */
async function measureImpact(
  telemetry: Telemetry,
  { slo, firedAt, workspaceNumber }: ReviewSubject,
  end: number,
): Promise<Pick<IncidentMeasurements, 'impactAt' | 'budgetSpent'>> {
  if (slo === null || firedAt === null) return { impactAt: null, budgetSpent: null }
  const from = Math.min(firedAt - LOOK_BACK_MS, windowSpan(slo.window, end).from)
  const query = { workspace: workspaceNumber, sloId: slo.id, version: slo.version, from, to: end + 1 }
  const slices = await readSlices(telemetry, query)
  const near = slices.filter((slice) => slice.minute >= firedAt - LOOK_BACK_MS)
  const impactAt = impactStart(near, slo.target, firedAt)
  const minutes = minutesOfSlices(slices)
  const budget = budgetEventsAt(minutes, slo, end)
  if (impactAt === null || budget === null) return { impactAt, budgetSpent: null }
  const during = windowCounts(minutes, end, Math.max(60, (end - impactAt) / 1000))
  return { impactAt, budgetSpent: (during.total - during.good) / budget }
}
