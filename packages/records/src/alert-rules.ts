import { burnRateCondition, type AlertRuleDto } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { retireAlerts, type RuleChange } from './alerts-retire.ts'
import { noOutcome, type Outcome } from './follow-ups.ts'
import type { AlertRule, PrismaClient } from './generated/client.ts'
import { lockedTransaction } from './locked-transaction.ts'
import { optionalReference, requireReferences } from './workspace-references.ts'

/** Changes a burn-rate rule of an SLO that is not archived. Disabling it resolves its open alert. */
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
    const policy = optionalReference('policy', input.escalationPolicyId, 'body/escalationPolicyId')
    await requireReferences(tx, workspaceId, policy)
    const { name, severity, enabled, condition, escalationPolicyId } = input
    const data = { name, severity, enabled, condition, escalationPolicyId }
    const rule = toAlertRuleDto(await tx.alertRule.update({ where: { id }, data }))
    const rules = { workspaceId, ruleIds: [id] }
    const retired = enabled ? noOutcome() : await retireAlerts(tx, rules, 'disabling its rule', change)
    return { ...retired, rule }
  })
}

export function toAlertRuleDto(row: AlertRule): AlertRuleDto {
  return {
    id: row.id,
    name: row.name,
    severity: row.severity,
    enabled: row.enabled,
    condition: burnRateCondition.parse(row.condition),
    escalationPolicyId: row.escalationPolicyId,
  }
}
