import type { BudgetStep, Objective } from '@nines/contracts'
import { budgetText, type BudgetFacts } from '@nines/delivery'
import { newId } from '@nines/kernel'
import { budgetNotices, isFreezing, type BudgetCrossing, type BudgetNotice } from '@nines/slo'
import { noteCrossings } from './budget-on-incidents.ts'
import type { AttachmentContext } from './budget-rows.ts'
import type { Database } from './client.ts'
import { noOutcome, type MessageSettings, type Outcome } from './follow-ups.ts'
import { messageContext, queueMessage } from './outbox-messages.ts'
import { objectivesOf } from './slo-objectives.ts'

/** A message that a crossing sent, as its event keeps it. */
export interface StoredNotice {
  action: 'notify' | 'ticket'
  channelId: string
  channelName: string
  /** null where the channel could not be used; then `problem` says why. */
  messageId: string | null
  problem: string | null
}

export interface CrossingsInput {
  /** Locked. */
  attachment: AttachmentContext
  /** The steps whose actions these are: those of the policy that was in force. */
  steps: readonly BudgetStep[]
  crossings: readonly BudgetCrossing[]
  sloVersion: number
  /** What was read, by the place of the objective; what is missing is taken from the SLO as it is. */
  objectives: ReadonlyMap<number, Objective>
  /** The database's clock, epoch ms. */
  now: number
  settings: MessageSettings
}

/** Records crossings and queues the messages that their steps ask for. Call it in the transaction that moves the steps. */
export async function recordCrossings(tx: Database, input: CrossingsInput): Promise<Outcome> {
  const { attachment, crossings, steps, now } = input
  const outcome = noOutcome()
  if (crossings.length === 0) return outcome
  const events = crossings.map((crossing) => factsOf(input, crossing))
  const notices = events.map((): StoredNotice[] => [])
  for (const notice of budgetNotices(crossings, steps)) {
    const facts = events[notice.crossing]
    if (!facts) continue
    const sent = await send(tx, input, facts, notice)
    for (const [index, crossing] of crossings.entries())
      if (index === notice.crossing || isTold(crossing, facts, notice.also)) notices[index]?.push(sent.notice)
    outcome.followUps.push(...sent.followUps)
  }
  for (const [index, facts] of events.entries()) {
    await tx.budgetEvent.create({ data: rowOf(attachment, facts, notices[index] ?? [], now) })
  }
  const eventIds = events.map(({ eventId }) => eventId)
  const incidents = await noteCrossings(tx, attachment, eventIds)
  outcome.changes.push({ type: 'budget.crossed', id: attachment.sloId })
  outcome.changes.push(...incidents.map((id) => ({ type: 'incident.changed' as const, id })))
  return outcome
}

/** Whether a message about another threshold tells of this crossing too. */
function isTold({ kind, objective, budgetLeftBelow }: BudgetCrossing, facts: BudgetFacts, also: readonly number[]) {
  return kind === facts.kind && objective === facts.objective.index && also.includes(budgetLeftBelow)
}

function factsOf({ attachment, steps, sloVersion, objectives }: CrossingsInput, crossing: BudgetCrossing): BudgetFacts {
  const { slo, policy } = attachment
  const actions = steps.find((step) => step.budgetLeftBelow === crossing.budgetLeftBelow)?.actions ?? []
  const { target, window } = objectives.get(crossing.objective) ?? currentObjective(attachment, crossing.objective)
  return {
    ...crossing,
    eventId: newId('bev'),
    freezes: isFreezing({ actions }),
    note: actions.find((action) => action.kind === 'note')?.text ?? null,
    objective: { index: crossing.objective, target, window },
    slo: { id: slo.id, name: slo.name, version: sloVersion },
    service: { id: slo.service.id, name: slo.service.name, runbookUrl: slo.service.runbookUrl },
    policy: { id: policy.id, name: policy.name },
  }
}

/** The objective at that place, or the first where the SLO has none there any more. */
function currentObjective({ slo }: AttachmentContext, index: number): Objective {
  const [version] = slo.versions
  if (version === undefined) return { target: 0, window: { kind: 'rolling', days: 30 } }
  const { furtherObjectives, ...first } = objectivesOf(version)
  return [first, ...furtherObjectives][index] ?? first
}

async function send(
  tx: Database,
  { attachment, now, settings }: CrossingsInput,
  facts: BudgetFacts,
  { action, channelId, also }: BudgetNotice,
): Promise<{ notice: StoredNotice; followUps: Outcome['followUps'] }> {
  const { workspaceId } = attachment
  const channel = await tx.channel.findFirst({ where: { id: channelId, workspaceId, deletedAt: null } })
  const unsent = (channelName: string, problem: string) => ({
    notice: { action, channelId, channelName, messageId: null, problem },
    followUps: [],
  })
  if (channel === null) return unsent('a deleted channel', 'the channel no longer exists')
  if (channel.disabledAt !== null)
    return unsent(channel.name, `the channel is disabled: ${channel.disabledReason ?? 'by its receiver'}`)
  const messageId = newId('msg')
  const body = budgetText(await messageContext(tx, workspaceId, now, settings), facts, { action, also })
  const eventType = facts.kind === 'entered' ? 'budget.threshold_crossed' : 'budget.threshold_cleared'
  const message = { id: messageId, workspaceId, channelId, pageId: null, eventType, body }
  const { followUps } = await queueMessage(tx, message, now)
  return { notice: { action, channelId, channelName: channel.name, messageId, problem: null }, followUps }
}

function rowOf(attachment: AttachmentContext, facts: BudgetFacts, notices: StoredNotice[], now: number) {
  const { eventId, kind, cause, at, budgetLeftBelow, budgetRemaining, freezes, note, objective, slo, policy } = facts
  return {
    id: eventId,
    workspaceId: attachment.workspaceId,
    sloId: slo.id,
    sloVersion: slo.version,
    policyId: policy.id,
    policyName: policy.name,
    kind,
    cause,
    objective: objective.index,
    target: objective.target,
    window: objective.window,
    budgetLeftBelow,
    budgetRemaining,
    at: new Date(at),
    recordedAt: new Date(now),
    freezes,
    note,
    notices: notices.map((notice) => ({ ...notice })),
  }
}
