import { alertSummary, alertTimingOf, transition, type AlertEffect } from '@nines/alerting'
import { alertCondition, type AdvanceAlertPayload } from '@nines/contracts'
import { newId } from '@nines/kernel'
import { applyEffects, SYSTEM_ACTOR } from './alerts-effects.ts'
import { columnsOf, lockAlert, machineOf } from './alerts-row.ts'
import type { Database } from './client.ts'
import { noOutcome, type MessageSettings, type Outcome } from './follow-ups.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'
import { databaseNow, lockedTransaction } from './locked-transaction.ts'

export interface VerdictOutcome extends Outcome {
  /** The rule's newest alert; null when it has none. */
  alertId: string | null
  effects: AlertEffect[]
}

/**
 * Applies a rule's verdict to the rule's alert, opening one where that is due: alert, escalation, messages and timeline
 * in one transaction. A repeat, and a verdict older than the last one applied, change nothing. A rule that is gone,
 * disabled or of an archived SLO opens no alert; an open one still resolves.
 */
export async function applyVerdict(
  prisma: PrismaClient,
  payload: AdvanceAlertPayload,
  settings: MessageSettings,
): Promise<VerdictOutcome> {
  return lockedTransaction(prisma, (tx) => apply(tx, payload, settings))
}

async function apply(tx: Database, payload: AdvanceAlertPayload, settings: MessageSettings): Promise<VerdictOutcome> {
  const { workspaceId, ruleId, verdict, at, evidence } = payload
  // One verdict of a rule at a time: the second of two that would open an alert waits here and sees the first's.
  await tx.$queryRaw`
    select id from "AlertRule" where id = ${ruleId} and "workspaceId" = ${workspaceId} for no key update`
  const rule = await tx.alertRule.findFirst({
    where: { id: ruleId, workspaceId },
    include: { slo: { include: { service: true } } },
  })
  if (rule === null) return { ...noOutcome(), alertId: null, effects: [] }
  const newest = await tx.alert.findFirst({
    where: { ruleId, workspaceId },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    select: { id: true },
  })
  const current = newest === null ? null : await lockAlert(tx, workspaceId, newest.id)
  const now = await databaseNow(tx)
  const before = machineOf(current)
  const next = transition(
    before,
    { kind: 'verdict', verdict, at },
    now,
    alertTimingOf(alertCondition.parse(rule.condition)),
  )
  const opens = next.effects.some((effect) => effect.kind === 'opened')
  const unchanged = next.machine === before || (opens && (!rule.enabled || rule.slo.archivedAt !== null))
  if (unchanged) return { ...noOutcome(), alertId: current?.id ?? null, effects: opens ? [] : next.effects }

  const summary = alertSummary({ serviceName: rule.slo.service.name, sloName: rule.slo.name }, evidence)
  const fired = next.effects.some((effect) => effect.kind === 'fired')
  const stored = {
    ...columnsOf(next.machine, ruleId),
    evidence: evidence as Prisma.InputJsonObject,
    ...(fired && { firedEvidence: evidence as Prisma.InputJsonObject }),
    ...((opens || fired) && { summary }),
  }
  const alertId = opens || current === null ? newId('alt') : current.id
  if (opens) {
    await tx.alert.create({ data: { ...stored, id: alertId, workspaceId, ruleId, severity: rule.severity, summary } })
  } else {
    await tx.alert.update({ where: { id: alertId }, data: { ...stored, version: { increment: 1 } } })
  }
  const outcome = await applyEffects(tx, {
    alert: await lockAlert(tx, workspaceId, alertId),
    effects: next.effects,
    actor: SYSTEM_ACTOR,
    now,
    settings,
  })
  return { ...outcome, alertId, effects: next.effects }
}
