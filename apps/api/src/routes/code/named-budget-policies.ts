import { whereOf, type PlannedCode } from '@nines/openslo'
import {
  listBudgetPolicies,
  setSloBudgetPolicy,
  type BudgetChange,
  type Outcome,
  type PrismaClient,
} from '@nines/records'

type Named = { name: string; objective: number | null } | null

/** Lets an SLO follow the policy of that name; null: none. */
export async function followBudgetPolicy(
  prisma: PrismaClient,
  workspaceId: string,
  sloId: string,
  named: Named,
  change: BudgetChange,
): Promise<Outcome> {
  const policies = named === null ? [] : await listBudgetPolicies(prisma, workspaceId)
  // One that went since the plan is refused like one that was never there.
  const policyId = named === null ? null : (policies.find(({ name }) => name === named.name)?.id ?? '')
  return setSloBudgetPolicy(prisma, workspaceId, sloId, { policyId, objective: named?.objective ?? null }, change)
}

/** Budget policies that files name and that will not be there, and objectives that the SLO does not have. */
export async function unknownBudgetPolicies(
  prisma: PrismaClient,
  workspaceId: string,
  { slos, budgetPolicies }: PlannedCode,
): Promise<{ path: string; message: string }[]> {
  const naming = slos.flatMap(({ desired, source }) => (desired?.budgetPolicy && source ? [{ desired, source }] : []))
  if (naming.length === 0) return []
  const planned = new Map(budgetPolicies.map(({ change, desired }) => [change.id ?? '', desired?.name]))
  const live = (await listBudgetPolicies(prisma, workspaceId)).flatMap(({ id, name }) => {
    const goes = budgetPolicies.some(({ change }) => change.id === id && change.action === 'remove')
    return goes ? [] : (planned.get(id) ?? name)
  })
  const names = new Set([...live, ...budgetPolicies.flatMap(({ desired }) => desired?.name ?? [])])
  return naming.flatMap(({ desired, source }) => {
    const { budgetPolicy, furtherObjectives } = desired
    if (!budgetPolicy) return []
    const path = whereOf(source.raw.at(['metadata', 'annotations', 'nines/budget-policy'], ''))
    if (!names.has(budgetPolicy.name))
      return [{ path, message: `there is no budget policy named "${budgetPolicy.name}"` }]
    return (budgetPolicy.objective ?? 0) > furtherObjectives.length
      ? [{ path, message: `the SLO has no objective ${budgetPolicy.objective}` }]
      : []
  })
}
