import { budgetEventDto, sloWindow } from '@nines/contracts'
import { budgetSummary } from '@nines/delivery'
import { budgetCrossed, type TimelineDraft } from '@nines/incidents'
import type { AlertContext } from './alerts-row.ts'
import type { Database } from './client.ts'
import type { BudgetEvent } from './generated/client.ts'
import { recordTimeline } from './incidents-timeline.ts'

/** Thresholds that were crossed this long before an alert fired stand on the timeline of its incident. */
const BEFORE_MS = 2 * 3_600_000

/**
 * Puts crossings on the timelines of incidents under way that have an alert of the SLO; answers their ids. Openings of
 * incidents take turns with it, so that neither misses the other.
 */
export async function noteCrossings(
  tx: Database,
  { workspaceId, sloId }: { workspaceId: string; sloId: string },
  eventIds: readonly string[],
): Promise<string[]> {
  await tx.$queryRaw`select id from "Workspace" where id = ${workspaceId} for no key update`
  const incidents = await tx.incident.findMany({
    where: { workspaceId, resolvedAt: null, alerts: { some: { rule: { sloId } } } },
    select: { id: true },
  })
  if (incidents.length === 0) return []
  const rows = await tx.budgetEvent.findMany({
    where: { id: { in: [...eventIds] } },
    include: { slo: { select: { name: true } } },
    orderBy: { id: 'asc' },
  })
  for (const { id } of incidents) await recordTimeline(tx, workspaceId, id, rows.map(draftOf))
  return incidents.map(({ id }) => id)
}

/** Puts on the timeline of an alert's incident what its SLO crossed shortly before the alert fired, and since. */
export async function recordCrossingsBefore(tx: Database, incidentId: string, alert: AlertContext): Promise<void> {
  const { workspaceId, firedAt, rule } = alert
  if (firedAt === null) return
  const rows = await tx.budgetEvent.findMany({
    where: { workspaceId, sloId: rule.sloId, at: { gte: new Date(firedAt.getTime() - BEFORE_MS) } },
    include: { slo: { select: { name: true } } },
    orderBy: { at: 'asc' },
    take: 50,
  })
  await recordTimeline(tx, workspaceId, incidentId, rows.map(draftOf))
}

function draftOf(row: BudgetEvent & { slo: { name: string } }): TimelineDraft {
  const { id, budgetLeftBelow, budgetRemaining, freezes, note } = row
  const kind = budgetEventDto.shape.kind.parse(row.kind)
  const at = row.at.getTime()
  const summary = budgetSummary({
    kind,
    cause: budgetEventDto.shape.cause.parse(row.cause),
    budgetLeftBelow,
    budgetRemaining,
    freezes,
    note,
    objective: { index: row.objective, target: row.target, window: sloWindow.parse(row.window) },
    slo: { name: row.slo.name },
    policy: { name: row.policyName },
  })
  return budgetCrossed({ id, at, summary })
}
