import { hashToken, newId, NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { PrismaClient } from './generated/client.ts'
import { lockInstallation } from './installation-lock.ts'
import { insertUser, type NewUser } from './users.ts'

/** Whether nobody can sign in yet. People without a way to sign in, as a demonstration has them on call, do not count. */
export async function isSetupNeeded(db: Database): Promise<boolean> {
  return (await db.user.count({ where: { accounts: { some: {} } } })) === 0
}

export interface SetupInput extends NewUser {
  token: string
  workspaceName?: string
}

/**
 * Creates the first admin, and with them what needs a person: a schedule and an escalation policy, used by the service
 * `nines`. Of several requests at once exactly one succeeds; a wrong, used or late token is `forbidden`.
 */
export async function completeSetup(prisma: PrismaClient, input: SetupInput): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await lockInstallation(tx)
    const token = await tx.setupToken.findUnique({ where: { tokenHash: hashToken(input.token) } })
    if (token === null || token.usedAt !== null || !(await isSetupNeeded(tx)))
      throw new NinesError('forbidden', 'this setup link is wrong or was used already')
    const workspace = await tx.workspace.findFirstOrThrow({ orderBy: { number: 'asc' } })
    const userId = await insertUser(tx, input)
    await tx.membership.upsert({
      where: { workspaceId_userId: { workspaceId: workspace.id, userId } },
      create: { id: newId('mem'), workspaceId: workspace.id, userId, role: 'admin' },
      update: { role: 'admin' },
    })
    await tx.setupToken.update({ where: { tokenHash: token.tokenHash }, data: { usedAt: new Date() } })
    if (input.workspaceName !== undefined)
      await tx.workspace.update({ where: { id: workspace.id }, data: { name: input.workspaceName } })
    await insertFirstPolicy(tx, workspace.id, userId)
  })
}

/**
 * A weekly rotation of one, and a policy: whoever is on call, then after five minutes the admin. A workspace that has
 * policies, as a demonstration's, keeps to them.
 */
async function insertFirstPolicy(tx: Database, workspaceId: string, userId: string): Promise<void> {
  if ((await tx.escalationPolicy.count({ where: { workspaceId } })) > 0) return
  const rotation = {
    timeZone: 'UTC',
    handoffWeekday: 1,
    handoffTime: '09:00',
    startsOn: new Date().toISOString().slice(0, 10),
    participants: [userId],
  }
  const schedule = await tx.schedule.create({ data: { id: newId('sch'), workspaceId, name: 'Primary', rotation } })
  const targets = [[{ kind: 'schedule', scheduleId: schedule.id }], [{ kind: 'user', userId }]]
  const steps = targets.map((target, position) => ({
    id: newId('stp'),
    position,
    delaySeconds: 300,
    targets: target,
  }))
  const policy = await tx.escalationPolicy.create({
    data: { id: newId('pol'), workspaceId, name: 'Default', repeatCount: 2, steps: { create: steps } },
  })
  await tx.service.updateMany({
    where: { workspaceId, slug: 'nines', escalationPolicyId: null },
    data: { escalationPolicyId: policy.id },
  })
}
