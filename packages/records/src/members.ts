import { escalationTarget, weeklyRotation, type EscalationTarget, type MemberDto, type Role } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { PrismaClient } from './generated/client.ts'
import { instantOf } from './instants.ts'
import { userRefSelect, type UserRef } from './user-refs.ts'

/** Members of a workspace in the order in which they joined. */
export async function listMembers(db: Database, workspaceId: string): Promise<MemberDto[]> {
  const rows = await db.membership.findMany({
    where: { workspaceId },
    include: { user: { select: userRefSelect } },
    orderBy: { id: 'asc' },
  })
  return rows.map(toMemberDto)
}

/** Changes a role. The last admin stays one: otherwise nobody could let anybody in again. */
export async function changeMemberRole(
  prisma: PrismaClient,
  workspaceId: string,
  id: string,
  role: Role,
): Promise<MemberDto> {
  return prisma.$transaction(async (tx) => {
    const member = await lockedMember(tx, workspaceId, id)
    if (role !== 'admin') await refuseLastAdmin(tx, workspaceId, member)
    return toMemberDto(
      await tx.membership.update({ where: { id }, data: { role }, include: { user: { select: userRefSelect } } }),
    )
  })
}

/** Removes somebody from the workspace, unless they are the last admin or a page would still have to reach them. */
export async function removeMember(prisma: PrismaClient, workspaceId: string, id: string): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const member = await lockedMember(tx, workspaceId, id)
    await refuseLastAdmin(tx, workspaceId, member)
    const duties = await dutiesOf(tx, workspaceId, member.userId)
    if (duties.length > 0)
      throw new NinesError('conflict', `still on call: take them out of ${duties.join(', ')} first`)
    await tx.channel.updateMany({
      where: { workspaceId, userId: member.userId, deletedAt: null },
      data: { disabledAt: new Date(), disabledReason: 'its owner left the workspace' },
    })
    await tx.membership.delete({ where: { id } })
  })
}

/** Holds the workspace's row, so that two removals at once cannot both leave "the other" admin. */
async function lockedMember(tx: Database, workspaceId: string, id: string) {
  await tx.$queryRaw`select id from "Workspace" where id = ${workspaceId} for update`
  const member = await tx.membership.findFirst({ where: { id, workspaceId } })
  if (member === null) throw new NinesError('not_found', 'there is no such member')
  return member
}

async function refuseLastAdmin(tx: Database, workspaceId: string, member: { id: string; role: Role }): Promise<void> {
  if (member.role !== 'admin') return
  const others = await tx.membership.count({ where: { workspaceId, role: 'admin', id: { not: member.id } } })
  if (others === 0) throw new NinesError('conflict', 'this is the last admin: make somebody else an admin first')
}

/** Names of the schedules and policies that would page this user, by name or through a channel of theirs. */
async function dutiesOf(tx: Database, workspaceId: string, userId: string): Promise<string[]> {
  const overrides = { where: { userId, endsAt: { gt: new Date() } } }
  const schedules = await tx.schedule.findMany({ where: { workspaceId }, include: { overrides } })
  const channels = await tx.channel.findMany({ where: { workspaceId, userId, deletedAt: null }, select: { id: true } })
  const isTheirs = (target: EscalationTarget) =>
    (target.kind === 'user' && target.userId === userId) ||
    (target.kind === 'channel' && channels.some((channel) => channel.id === target.channelId))
  const policies = await tx.escalationPolicy.findMany({ where: { workspaceId }, include: { steps: true } })
  const names = schedules
    .filter((schedule) => weeklyRotation.parse(schedule.rotation).participants.includes(userId))
    .map((schedule) => `schedule "${schedule.name}"`)
  for (const schedule of schedules.filter((each) => each.overrides.length > 0))
    names.push(`the overrides of schedule "${schedule.name}"`)
  for (const policy of policies) {
    const targets = policy.steps.flatMap((step) => escalationTarget.array().parse(step.targets))
    if (targets.some(isTheirs)) names.push(`escalation policy "${policy.name}"`)
  }
  return names
}

function toMemberDto(row: { id: string; role: Role; createdAt: Date; user: UserRef }): MemberDto {
  return { id: row.id, user: row.user, role: row.role, joinedAt: instantOf(row.createdAt) }
}
