import { budgetSteps } from '@nines/contracts'
import type { Database } from './client.ts'

/** The name of a budget policy that names the channel in an action; null when none does. */
export async function budgetPolicyUsing(db: Database, workspaceId: string, channelId: string): Promise<string | null> {
  const policies = await db.budgetPolicy.findMany({ where: { workspaceId, deletedAt: null }, orderBy: { name: 'asc' } })
  const user = policies.find((policy) =>
    budgetSteps
      .parse(policy.steps)
      .some(({ actions }) => actions.some((action) => 'channelId' in action && action.channelId === channelId)),
  )
  return user?.name ?? null
}
