import { getBudgetPolicySource as route } from '@nines/contracts'
import { desiredPolicy, policyDifferences } from '@nines/openslo'
import { findBudgetPolicySource, getBudgetPolicy } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { livePolicies } from './policies-of-code.ts'
import { sourceDto } from './source-dto.ts'

export const getBudgetPolicySource = handle(route, async ({ workspace, params }, { prisma }) => {
  const { id } = await getBudgetPolicy(prisma, workspace.id, params.id)
  const document = await findBudgetPolicySource(prisma, workspace.id, id)
  if (document === null) return { source: null }
  const applied = desiredPolicy.safeParse(document.objects.find((object) => object.budgetPolicyId === id)?.applied)
  const live = (await livePolicies(prisma, workspace.id)).find((policy) => policy.id === id)
  const drift = applied.success && live !== undefined ? policyDifferences(applied.data, live) : []
  return { source: sourceDto(document, drift) }
})
