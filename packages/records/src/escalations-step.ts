import { escalationSnapshot, type EscalationSnapshot } from '@nines/contracts'
import { escalationExhausted, pagingSilenced, stepSkipped, type TimelineDraft } from '@nines/incidents'
import { NinesError } from '@nines/kernel'
import { nextStep, type StepDecision } from '@nines/oncall'
import { lockAlert } from './alerts-row.ts'
import { activeSilences, type ActiveSilence } from './alerts-silences.ts'
import type { Database } from './client.ts'
import { createPages, type StepContext } from './escalations-pages.ts'
import { resolveTargets, type ResolvedStep } from './escalations-recipients.ts'
import { noOutcome, type MessageSettings, type Outcome } from './follow-ups.ts'
import type { Escalation, PrismaClient } from './generated/client.ts'
import { ensureIncident } from './incidents-open.ts'
import { recordTimeline } from './incidents-timeline.ts'
import { databaseNow, lockedTransaction } from './locked-transaction.ts'

/** While silenced, a step looks again this often: a silence may be ended early. */
const SILENCED_RECHECK_MS = 15_000

export interface StepOutcome extends Outcome {
  result: 'paged' | 'waiting' | 'silenced' | 'exhausted' | 'stopped' | 'not_due'
}

/**
 * Runs the due step of an escalation: pages, outbox messages, timeline and the time of the next step in one transaction.
 * Not due, or no longer running: nothing happens. However many run it at once, each step pages once.
 */
export async function stepEscalation(
  prisma: PrismaClient,
  { workspaceId, escalationId }: { workspaceId: string; escalationId: string },
  settings: MessageSettings,
): Promise<StepOutcome> {
  return lockedTransaction(prisma, async (tx) => {
    const known = await tx.escalation.findFirst({ where: { id: escalationId, workspaceId } })
    if (known === null) throw new NinesError('not_found', 'there is no such escalation')
    const alert = await lockAlert(tx, workspaceId, known.alertId)
    await tx.$queryRaw`select id from "Escalation" where id = ${escalationId} for no key update`
    const escalation = await tx.escalation.findUniqueOrThrow({ where: { id: escalationId } })
    const now = await databaseNow(tx)
    if (escalation.state !== 'running' || escalation.dueAt === null || escalation.dueAt.getTime() > now) {
      return { ...noOutcome(), result: 'not_due' }
    }
    if (alert.state !== 'firing') {
      await stop(tx, escalation, 'stopped', now)
      return { ...noOutcome(), result: 'stopped' }
    }
    const { incidentId, changes } = await ensureIncident(tx, alert)
    if (incidentId === null) throw new NinesError('internal', `alert ${alert.id} escalates but opens no incident`)
    const step: StepContext = {
      alert: changes.length > 0 ? await lockAlert(tx, workspaceId, alert.id) : alert,
      escalation,
      incidentId,
      now,
      settings,
    }
    const [silence] = await activeSilences(tx, alert, now)
    const outcome = silence ? await holdBack(tx, step, silence) : await run(tx, step)
    return { ...outcome, changes: [...changes, ...outcome.changes] }
  })
}

/** Silenced: the step keeps its place and waits. */
async function holdBack(tx: Database, step: StepContext, silence: ActiveSilence): Promise<StepOutcome> {
  const { alert, escalation, incidentId, now } = step
  const dueAt = Math.min(silence.endsAt, now + SILENCED_RECHECK_MS)
  await tx.escalation.update({
    where: { id: escalation.id },
    data: { dueAt: new Date(dueAt), version: { increment: 1 } },
  })
  if (!alert.silencedBy.includes(silence.id)) {
    await tx.alert.update({ where: { id: alert.id }, data: { silencedBy: { push: silence.id } } })
  }
  await recordTimeline(tx, alert.workspaceId, incidentId, [pagingSilenced({ id: alert.id, at: now }, silence)])
  return {
    result: 'silenced',
    followUps: [wakeAt(escalation, dueAt - now)],
    changes: [{ type: 'alert.changed', id: alert.id }],
  }
}

async function run(tx: Database, step: StepContext): Promise<StepOutcome> {
  const { alert, escalation, incidentId, now } = step
  const snapshot = escalationSnapshot.parse(escalation.snapshot)
  const resolved: ResolvedStep[] = []
  for (const { targets } of snapshot.steps) resolved.push(await resolveTargets(tx, alert.workspaceId, targets, now))
  const decision = nextStep(
    snapshot,
    { step: escalation.nextStep, round: escalation.round },
    resolved.map((r) =>
      r.recipients.length > 0
        ? { reachable: true }
        : { reachable: false, reason: r.unreachable.map((u) => u.reason).join('; ') || 'the step has no targets' },
    ),
    now,
  )
  const moment = { escalationId: escalation.id, alertId: alert.id, at: now }
  const skipped = decision.skipped.map((s): TimelineDraft => stepSkipped({ ...moment, ...s }, s.reason))
  await recordTimeline(tx, alert.workspaceId, incidentId, skipped)
  return carryOut(tx, step, decision, resolved, snapshot)
}

async function carryOut(
  tx: Database,
  step: StepContext,
  decision: StepDecision,
  resolved: ResolvedStep[],
  snapshot: EscalationSnapshot,
): Promise<StepOutcome> {
  const { alert, escalation, incidentId, now } = step
  const changes: Outcome['changes'] = [{ type: 'alert.changed', id: alert.id }]
  if (decision.kind === 'exhausted') {
    await stop(tx, escalation, 'exhausted', now)
    const over = escalationExhausted({ escalationId: escalation.id, alertId: alert.id, at: now }, snapshot.name)
    await recordTimeline(tx, alert.workspaceId, incidentId, [over])
    return { result: 'exhausted', followUps: [], changes: [...changes, { type: 'incident.changed', id: incidentId }] }
  }
  const paged =
    decision.kind === 'page'
      ? await createPages(tx, step, decision.at, resolved[decision.at.step] ?? { recipients: [], unreachable: [] })
      : noOutcome()
  await tx.escalation.update({
    where: { id: escalation.id },
    data: {
      nextStep: decision.next.step,
      round: decision.next.round,
      dueAt: new Date(decision.dueAt),
      version: { increment: 1 },
    },
  })
  return {
    result: decision.kind === 'page' ? 'paged' : 'waiting',
    followUps: [...paged.followUps, wakeAt(escalation, decision.dueAt - now)],
    changes: [...changes, ...paged.changes, { type: 'incident.changed', id: incidentId }],
  }
}

async function stop(tx: Database, { id }: Escalation, state: 'stopped' | 'exhausted', now: number): Promise<void> {
  const data = { state, dueAt: null, stoppedAt: new Date(now), version: { increment: 1 } }
  await tx.escalation.update({ where: { id }, data })
}

function wakeAt({ workspaceId, id }: Escalation, delayMs: number): Outcome['followUps'][number] {
  return { job: 'stepEscalation', payload: { workspaceId, escalationId: id }, delayMs: Math.max(0, delayMs) }
}
