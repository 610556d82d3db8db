import {
  namedSteps,
  stepsOf,
  whereOf,
  type CodeState,
  type DesiredPolicy,
  type Live,
  type PlannedCode,
} from '@nines/openslo'
import {
  createBudgetPolicy,
  followedText,
  listBudgetPolicies,
  listChannels,
  updateBudgetPolicy,
  type BudgetChange,
  type Outcome,
  type PrismaClient,
} from '@nines/records'

interface Issue {
  path: string
  message: string
}

/** Budget policies of a workspace as code says them: with their channels by name. */
export async function livePolicies(prisma: PrismaClient, workspaceId: string): Promise<Live<DesiredPolicy>[]> {
  const [policies, channels] = await Promise.all([
    listBudgetPolicies(prisma, workspaceId),
    listChannels(prisma, workspaceId),
  ])
  const names = new Map(channels.map(({ id, name }) => [id, name]))
  return policies.map(({ id, name, description, steps, margin, onUnknown }) => {
    const byName = namedSteps(steps, (channelId) => names.get(channelId) ?? channelId)
    return { id, name, description, steps: byName, margin, onUnknown }
  })
}

/** Makes a budget policy what code says; `id` is null before it exists. A channel that went since the plan is refused. */
export async function writePolicy(
  prisma: PrismaClient,
  workspaceId: string,
  id: string | null,
  desired: DesiredPolicy,
  change: BudgetChange,
): Promise<Outcome & { id: string }> {
  const channels = await channelIds(prisma, workspaceId)
  const input = { ...desired, steps: stepsOf(desired.steps, (name) => channels.get(name) ?? name) }
  if (id === null) return createBudgetPolicy(prisma, workspaceId, input, change)
  return { id, ...(await updateBudgetPolicy(prisma, workspaceId, id, input, change)) }
}

/** What files want of budget policies and cannot have: channels that are not there, and the end of policies that SLOs follow. */
export async function policyIssues(
  prisma: PrismaClient,
  workspaceId: string,
  planned: PlannedCode,
  { slos }: Pick<CodeState, 'slos'>,
): Promise<Issue[]> {
  if (planned.budgetPolicies.length === 0) return []
  const channels = await channelIds(prisma, workspaceId)
  return planned.budgetPolicies.flatMap(({ change, desired, source }): Issue[] => {
    if (change.action === 'remove') {
      const followers = followersAfter(planned, slos, change.slug)
      if (followers.length === 0) return []
      return [{ path: change.slug, message: `cannot be removed: ${followedText(followers)}` }]
    }
    if (!desired || !source) return []
    return desired.steps.flatMap(({ actions }, i) =>
      actions.flatMap((action, j) => {
        if (!('channel' in action) || channels.has(action.channel)) return []
        const path = whereOf(source.raw.at(['spec', 'steps', i, 'actions', j, 'channel'], ''))
        return [{ path, message: `there is no channel named "${action.channel}"` }]
      }),
    )
  })
}

/** Names of the SLOs that follow a policy once everything else is applied. */
function followersAfter(planned: PlannedCode, slos: CodeState['slos'], policy: string): string[] {
  return slos.flatMap((slo) => {
    const { change, desired } = planned.slos.find((one) => one.change.id === slo.id) ?? {}
    const followed = desired?.budgetPolicy === undefined ? slo.budgetPolicy : desired.budgetPolicy
    return change?.action !== 'remove' && followed?.name === policy ? [slo.name] : []
  })
}

async function channelIds(prisma: PrismaClient, workspaceId: string): Promise<ReadonlyMap<string, string>> {
  return new Map((await listChannels(prisma, workspaceId)).map(({ id, name }) => [name, id]))
}
