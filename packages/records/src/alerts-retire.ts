import { alertTimingOf, transition } from '@nines/alerting'
import type { Actor } from '@nines/incidents'
import { applyEffects } from './alerts-effects.ts'
import { columnsOf, conditionOf, lockAlert, machineOf } from './alerts-row.ts'
import type { Database } from './client.ts'
import { noOutcome, type MessageSettings, type Outcome } from './follow-ups.ts'
import { databaseNow } from './locked-transaction.ts'

/** Why alerts went with their rule; stored as the way in which they were resolved. */
const RETIRE_REASONS = ['disabling its rule', 'archiving its SLO'] as const
type RetireReason = (typeof RETIRE_REASONS)[number]

export function isRetireReason(via: string | null): via is RetireReason {
  return (RETIRE_REASONS as readonly (string | null)[]).includes(via)
}

/** Who changes a rule or an SLO, and what messages about it need. */
export interface RuleChange {
  actor: Actor
  settings: MessageSettings
}

/**
 * Resolves the open alerts of rules that are evaluated no more: nobody would say any more that they are over. Escalations
 * stop, those who were paged are told. Call it in the transaction that disables the rules, with their rows locked.
 */
export async function retireAlerts(
  tx: Database,
  { workspaceId, ruleIds }: { workspaceId: string; ruleIds: string[] },
  reason: RetireReason,
  { actor, settings }: RuleChange,
): Promise<Outcome> {
  // All of them before anything else: rows are locked in one order everywhere.
  const open = await tx.$queryRaw<{ id: string }[]>`
    select id from "Alert" where "workspaceId" = ${workspaceId} and "openKey" = any(${ruleIds})
    order by id for no key update`
  const now = await databaseNow(tx)
  const outcome = noOutcome()
  for (const { id } of open) {
    const alert = await lockAlert(tx, workspaceId, id)
    const { machine, effects } = transition(
      machineOf(alert),
      { kind: 'retire' },
      now,
      alertTimingOf(conditionOf(alert)),
    )
    await tx.alert.update({
      where: { id },
      data: {
        ...columnsOf(machine, alert.ruleId),
        resolvedById: actor.id,
        resolvedVia: reason,
        version: { increment: 1 },
      },
    })
    const by = { ...actor, via: reason }
    const retired = { alert: await lockAlert(tx, workspaceId, id), effects, actor: by, now, settings }
    const { followUps, changes } = await applyEffects(tx, retired)
    outcome.followUps.push(...followUps)
    outcome.changes.push(...changes)
  }
  return outcome
}
