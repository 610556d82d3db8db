import { alertTimingOf, transition, type AlertEffect } from '@nines/alerting'
import type { AlertState } from '@nines/contracts'
import type { Actor } from '@nines/incidents'
import { applyEffects, SYSTEM_ACTOR } from './alerts-effects.ts'
import { columnsOf, conditionOf, lockAlert, machineOf } from './alerts-row.ts'
import { noOutcome, type MessageSettings, type Outcome } from './follow-ups.ts'
import type { PrismaClient } from './generated/client.ts'
import { databaseNow, lockedTransaction } from './locked-transaction.ts'

export interface AlertEventInput {
  workspaceId: string
  alertId: string
  /** `timer` is for the worker: it acts only when the alert is due by the database's clock. */
  event: 'acknowledge' | 'resolve' | 'timer'
  /** Who did it; left out for the system. */
  actor?: Actor
}

export interface AlertEventOutcome extends Outcome {
  state: AlertState
  /** Whether the event did anything: a repeated acknowledgement and one of a resolved alert did not. */
  changed: boolean
  effects: AlertEffect[]
}

/**
 * Acknowledges or resolves an alert, or lets its timer run: state, escalation, pages and timeline in one transaction.
 * However many do it at once, it happens once. An unknown or foreign alert is `not_found`.
 */
export async function applyAlertEvent(
  prisma: PrismaClient,
  { workspaceId, alertId, event, actor = SYSTEM_ACTOR }: AlertEventInput,
  settings: MessageSettings,
): Promise<AlertEventOutcome> {
  return lockedTransaction(prisma, async (tx) => {
    const alert = await lockAlert(tx, workspaceId, alertId)
    const now = await databaseNow(tx)
    const before = machineOf(alert)
    const next = transition(before, { kind: event }, now, alertTimingOf(conditionOf(alert)))
    if (next.machine === before) return { ...noOutcome(), state: alert.state, changed: false, effects: next.effects }

    const via = actor.via ?? 'api'
    const by = { acknowledgedById: actor.id, acknowledgedVia: via }
    const resolvedBy = { resolvedById: actor.id, resolvedVia: via }
    const updated = await tx.alert.update({
      where: { id: alertId },
      data: {
        ...columnsOf(next.machine, alert.ruleId),
        // A timer fires on what was last seen.
        ...(next.machine.firedAt !== null && alert.firedAt === null && { firedEvidence: alert.evidence ?? undefined }),
        ...(event === 'acknowledge' && by),
        ...(event === 'resolve' && resolvedBy),
        version: { increment: 1 },
      },
    })
    const outcome = await applyEffects(tx, {
      alert: await lockAlert(tx, workspaceId, alertId),
      effects: next.effects,
      actor,
      now,
      settings,
    })
    return { ...outcome, state: updated.state, changed: true, effects: next.effects }
  })
}
