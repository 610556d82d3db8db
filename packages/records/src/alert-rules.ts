import { burnRateCondition, type AlertRuleDto } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { AlertRule } from './generated/client.ts'
import { optionalReference, requireReferences } from './workspace-references.ts'

/** Changes a burn-rate rule of an SLO that is not archived. */
export async function updateAlertRule(
  db: Database,
  workspaceId: string,
  id: string,
  input: Omit<AlertRuleDto, 'id'>,
): Promise<AlertRuleDto> {
  const row = await db.alertRule.findFirst({ where: { id, workspaceId, slo: { archivedAt: null } } })
  if (row === null) throw new NinesError('not_found', 'there is no such alert rule')
  const policy = optionalReference('policy', input.escalationPolicyId, 'body/escalationPolicyId')
  await requireReferences(db, workspaceId, policy)
  const { name, severity, enabled, condition, escalationPolicyId } = input
  return toAlertRuleDto(
    await db.alertRule.update({ where: { id }, data: { name, severity, enabled, condition, escalationPolicyId } }),
  )
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
