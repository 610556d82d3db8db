import { alertCondition, alertConditionProblems, type AlertCondition, type AlertRuleDto } from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import { retireAlerts, type RuleChange } from './alerts-retire.ts'
import type { Database } from './client.ts'
import { noOutcome, type Outcome } from './follow-ups.ts'
import type { AlertRule, PrismaClient } from './generated/client.ts'
import { lockedTransaction } from './locked-transaction.ts'
import { objectivesOf } from './slo-objectives.ts'
import { optionalReference, requireReferences } from './workspace-references.ts'

/** Adds a rule to an SLO that is not archived. */
export async function createAlertRule(
  prisma: PrismaClient,
  workspaceId: string,
  sloId: string,
  input: Omit<AlertRuleDto, 'id'>,
): Promise<AlertRuleDto> {
  return lockedTransaction(prisma, async (tx) => {
    // Archiving retires the rules there are; one that is added meanwhile must not slip past it.
    await tx.$queryRaw`select id from "Slo" where id = ${sloId} and "workspaceId" = ${workspaceId} for no key update`
    const slo = await tx.slo.findFirst({ where: { id: sloId, workspaceId, archivedAt: null } })
    if (slo === null) throw new NinesError('not_found', 'there is no such SLO')
    await requireUsableRule(tx, workspaceId, sloId, input)
    const { name, severity, enabled, condition, escalationPolicyId } = input
    const data = { name, severity, enabled, condition, escalationPolicyId }
    return toAlertRuleDto(await tx.alertRule.create({ data: { ...data, id: newId('rule'), workspaceId, sloId } }))
  })
}

/** Changes a rule of an SLO that is not archived. Disabling it resolves its open alert. */
export async function updateAlertRule(
  prisma: PrismaClient,
  workspaceId: string,
  id: string,
  input: Omit<AlertRuleDto, 'id'>,
  change: RuleChange,
): Promise<Outcome & { rule: AlertRuleDto }> {
  return lockedTransaction(prisma, async (tx) => {
    // A verdict that is being applied right now is through before the rule changes, or sees the change.
    await tx.$queryRaw`
      select id from "AlertRule" where id = ${id} and "workspaceId" = ${workspaceId} for no key update`
    const row = await tx.alertRule.findFirst({ where: { id, workspaceId, slo: { archivedAt: null } } })
    if (row === null) throw new NinesError('not_found', 'there is no such alert rule')
    if (alertCondition.parse(row.condition).kind !== input.condition.kind) {
      const message = 'a rule keeps its kind; add another rule instead'
      throw new NinesError('invalid', message, { issues: [{ path: 'body/condition/kind', message }] })
    }
    await requireUsableRule(tx, workspaceId, row.sloId, input)
    const { name, severity, enabled, condition, escalationPolicyId } = input
    const data = { name, severity, enabled, condition, escalationPolicyId }
    const rule = toAlertRuleDto(await tx.alertRule.update({ where: { id }, data }))
    const rules = { workspaceId, ruleIds: [id] }
    const retired = enabled ? noOutcome() : await retireAlerts(tx, rules, 'disabling its rule', change)
    return { ...retired, rule }
  })
}

/** Refuses a policy of somebody else, and a condition that could never be true, saying where. */
async function requireUsableRule(
  tx: Database,
  workspaceId: string,
  sloId: string,
  { condition, escalationPolicyId }: { condition: AlertCondition; escalationPolicyId: string | null },
): Promise<void> {
  await requireReferences(tx, workspaceId, optionalReference('policy', escalationPolicyId, 'body/escalationPolicyId'))
  const version = await tx.sloVersion.findFirstOrThrow({ where: { sloId }, orderBy: { version: 'desc' } })
  const problems = alertConditionProblems(condition, objectivesOf(version))
  if (problems.length === 0) return
  const issues = problems.map(({ path, message }) => ({ path: `body/condition/${path}`, message }))
  throw new NinesError('invalid', issues.map(({ path, message }) => `${path}: ${message}`).join('; '), { issues })
}

export function toAlertRuleDto(row: AlertRule): AlertRuleDto {
  return {
    id: row.id,
    name: row.name,
    severity: row.severity,
    enabled: row.enabled,
    condition: alertCondition.parse(row.condition),
    escalationPolicyId: row.escalationPolicyId,
  }
}
