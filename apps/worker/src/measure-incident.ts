import { impactStart } from '@nines/incidents'
import { incidentBudgets, loadSloMinutes, type LedgerStores } from '@nines/ledger'
import type { IncidentMeasurements, ReviewSubject } from '@nines/records'
import { HOUR_MS, MINUTE_MS, type MinuteCounts, type Span } from '@nines/slo'
import { readCheckRuns } from '@nines/telemetry'

/** How far before an alert its impact is looked for: longer than the longest window that pages. */
const LOOK_BACK_MS = 8 * HOUR_MS
const MAX_RUNS = 10_000

/** When the impact of an incident began, what it cost and what the service's checks saw. */
export async function measureIncident(stores: LedgerStores, subject: ReviewSubject): Promise<IncidentMeasurements> {
  const { telemetry } = stores
  const now = Date.now()
  const impactAt = await measureImpact(stores, subject)
  const from = impactAt ?? subject.openedAt
  const to = (subject.resolvedAt ?? now) + 1
  const checkRuns: [string, { total: number; failed: number; firstFailedAt: number | null }][] = []
  for (const checkId of subject.checkIds) {
    const query = { workspace: subject.workspaceNumber, checkId, from, to, limit: MAX_RUNS }
    const runs = await readCheckRuns(telemetry, query)
    const failed = runs.filter((run) => !run.ok)
    const firstFailedAt = failed.length === 0 ? null : Math.min(...failed.map((run) => run.scheduledAt))
    checkRuns.push([checkId, { total: runs.length, failed: failed.length, firstFailedAt }])
  }
  return { impactAt, budgets: await measureBudgets(stores, subject, from, now), checkRuns: new Map(checkRuns) }
}

async function measureImpact(
  stores: LedgerStores,
  { slo, firedAt, workspaceId, workspaceNumber, serviceId }: ReviewSubject,
): Promise<number | null> {
  if (slo === null || firedAt === null) return null
  const { id, version, target, sli } = slo
  const range = { from: firedAt - LOOK_BACK_MS, to: firedAt + 1 }
  const { counts } = await loadSloMinutes(stores, { id, version, sli, serviceId, workspaceId, workspaceNumber }, range)
  const near = minutesOf(counts, range)
  return impactStart(near, target, firedAt)
}

/** Minutes of [from, to) by themselves, those that were measured. */
function minutesOf(counts: MinuteCounts, { from, to }: Span) {
  const minutes: { minute: number; good: number; total: number }[] = []
  for (let minute = Math.ceil(from / MINUTE_MS) * MINUTE_MS; minute < to; minute += MINUTE_MS) {
    const found = counts.get(minute)
    if (found) minutes.push({ minute, ...found })
  }
  return minutes
}

async function measureBudgets(
  stores: LedgerStores,
  { incidentId, workspaceId, workspaceNumber, serviceId, resolvedAt, slos }: ReviewSubject,
  startedAt: number,
  now: number,
): Promise<IncidentMeasurements['budgets']> {
  const of = { workspaceId, workspaceNumber, serviceId }
  const incident = {
    id: incidentId,
    resolvedAt,
    startedAt,
    slos: slos.map(({ sloId: id, sloName: name, ...terms }) => ({ ...of, ...terms, id, name })),
  }
  return (await incidentBudgets(stores, [incident], now)).get(incidentId) ?? []
}
