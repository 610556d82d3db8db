import { type AlertMachine, NO_ALERT } from '@nines/alerting'
import { alertCondition, ruleVerdict, type AlertCondition } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { Prisma } from './generated/client.ts'
import { dateOrNull, msOrNull } from './locked-transaction.ts'

/** An alert with everything that a decision about it needs. */
const context = {
  rule: { include: { slo: { include: { service: true, versions: { orderBy: { version: 'desc' }, take: 1 } } } } },
  incident: true,
} as const satisfies Prisma.AlertInclude
export type AlertContext = Prisma.AlertGetPayload<{ include: typeof context }>

/** Locks an alert and reads it. A foreign or unknown id is `not_found`. */
export async function lockAlert(tx: Database, workspaceId: string, alertId: string): Promise<AlertContext> {
  await tx.$queryRaw`
    select id from "Alert" where id = ${alertId} and "workspaceId" = ${workspaceId} for no key update`
  const row = await tx.alert.findFirst({ where: { id: alertId, workspaceId }, include: context })
  if (row === null) throw new NinesError('not_found', 'there is no such alert')
  return row
}

/** What the alert's rule watches. */
export function conditionOf(alert: AlertContext): AlertCondition {
  return alertCondition.parse(alert.rule.condition)
}

/** The state machine's view of a row; of none when the rule never had an alert. */
export function machineOf(row: AlertContext | null): AlertMachine {
  if (row === null) return NO_ALERT
  return {
    state: row.state,
    verdictAt: Number(row.verdictAt),
    lastVerdict: ruleVerdict.parse(row.lastVerdict),
    startedAt: row.startedAt.getTime(),
    firedAt: msOrNull(row.firedAt),
    acknowledgedAt: msOrNull(row.acknowledgedAt),
    resolvedAt: msOrNull(row.resolvedAt),
    falseSince: msOrNull(row.falseSince),
    frozenSince: msOrNull(row.frozenSince),
    dueAt: msOrNull(row.dueAt),
  }
}

/** The row's view of a state machine that has an alert. */
export function columnsOf(machine: AlertMachine, ruleId: string) {
  if (machine.state === 'none' || machine.startedAt === null) {
    throw new NinesError('internal', 'an alert that does not exist cannot be stored')
  }
  return {
    state: machine.state,
    openKey: machine.state === 'resolved' ? null : ruleId,
    verdictAt: BigInt(machine.verdictAt ?? 0),
    lastVerdict: machine.lastVerdict ?? 'no_data',
    falseSince: dateOrNull(machine.falseSince),
    frozenSince: dateOrNull(machine.frozenSince),
    dueAt: dateOrNull(machine.dueAt),
    startedAt: new Date(machine.startedAt),
    firedAt: dateOrNull(machine.firedAt),
    acknowledgedAt: dateOrNull(machine.acknowledgedAt),
    resolvedAt: dateOrNull(machine.resolvedAt),
  } satisfies Prisma.AlertUncheckedUpdateInput
}
