import { escalationTarget, type ChannelDto } from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import { budgetPolicyUsing } from './budget-policy-channels.ts'
import type { Database } from './client.ts'
import { refuseDuplicate } from './constraint-errors.ts'
import type { Channel, PrismaClient } from './generated/client.ts'
import { instantOf, instantOrNull } from './instants.ts'
import { userRefSelect, type UserRef } from './user-refs.ts'
import { optionalReference, requireReferences } from './workspace-references.ts'

export interface ChannelInput {
  name: string
  url: string
  userId: string | null
  isDefault: boolean
  allowPrivate: boolean
}

const withUser = { user: { select: userRefSelect } } as const

/** Channels of a workspace by name. */
export async function listChannels(db: Database, workspaceId: string): Promise<ChannelDto[]> {
  const rows = await db.channel.findMany({
    where: { workspaceId, deletedAt: null },
    include: withUser,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  return rows.map(toChannelDto)
}

/** Makes a webhook channel with its signing secret, sealed by kernel's encryptSecret. */
export async function createChannel(
  db: Database,
  workspaceId: string,
  input: ChannelInput,
  secretSealed: string,
): Promise<ChannelDto> {
  await requireReferences(db, workspaceId, optionalReference('member', input.userId, 'body/userId'))
  const create = db.channel.create({
    data: { id: newId('chn'), workspaceId, ...input, secretSealed },
    include: withUser,
  })
  return toChannelDto(await refuseDuplicate(create, 'body/name', nameTaken(input.name)))
}

/** Changes a channel, and enables it again when it was disabled. */
export async function updateChannel(
  db: Database,
  workspaceId: string,
  id: string,
  input: ChannelInput,
): Promise<ChannelDto> {
  await requireChannel(db, workspaceId, id)
  await requireReferences(db, workspaceId, optionalReference('member', input.userId, 'body/userId'))
  const { name, url, userId, isDefault, allowPrivate } = input
  const update = db.channel.update({
    where: { id },
    data: { name, url, userId, isDefault, allowPrivate, disabledAt: null, disabledReason: null },
    include: withUser,
  })
  return toChannelDto(await refuseDuplicate(update, 'body/name', nameTaken(name)))
}

/** Gives a channel a new signing secret (sealed). Messages carry a signature of the old one too for 24 hours. */
export async function rotateChannelSecret(
  db: Database,
  workspaceId: string,
  id: string,
  secretSealed: string,
): Promise<void> {
  const changed = await db.$executeRaw`
    update "Channel"
    set "previousSealed" = "secretSealed", "secretSealed" = ${secretSealed},
        "previousUntil" = now() + interval '24 hours', "updatedAt" = now()
    where id = ${id} and "workspaceId" = ${workspaceId} and "deletedAt" is null`
  if (changed === 0) throw noSuchChannel()
}

/**
 * Takes a channel out of use unless a policy names it. The row stays, out of sight: pages and deliveries made through
 * it are history.
 */
export async function deleteChannel(prisma: PrismaClient, workspaceId: string, id: string): Promise<void> {
  const channel = await requireChannel(prisma, workspaceId, id)
  const steps = await prisma.escalationStep.findMany({ where: { policy: { workspaceId } }, include: { policy: true } })
  const user = steps.find((step) =>
    escalationTarget
      .array()
      .parse(step.targets)
      .some((target) => target.kind === 'channel' && target.channelId === id),
  )
  if (user !== undefined)
    throw new NinesError('conflict', `the escalation policy "${user.policy.name}" uses this channel`)
  const budgetPolicy = await budgetPolicyUsing(prisma, workspaceId, id)
  if (budgetPolicy !== null) throw new NinesError('conflict', `the budget policy "${budgetPolicy}" uses this channel`)
  await prisma.$transaction([
    prisma.outboxMessage.updateMany({
      where: { workspaceId, channelId: id, state: 'pending' },
      data: { state: 'cancelled', dueAt: null, finishedAt: new Date() },
    }),
    prisma.channel.update({
      where: { id },
      data: {
        name: `${channel.name} (deleted ${id})`,
        isDefault: false,
        disabledAt: new Date(),
        disabledReason: 'deleted',
        deletedAt: new Date(),
      },
    }),
  ])
}

/** A live channel of the workspace; anything else is `not_found`. */
export async function requireChannel(db: Database, workspaceId: string, id: string): Promise<Channel> {
  const row = await db.channel.findFirst({ where: { id, workspaceId, deletedAt: null } })
  if (row === null) throw noSuchChannel()
  return row
}

const noSuchChannel = () => new NinesError('not_found', 'there is no such channel')
const nameTaken = (name: string) => `there is a channel named "${name}" already`

function toChannelDto(row: Channel & { user: UserRef | null }): ChannelDto {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    url: row.url,
    user: row.user,
    isDefault: row.isDefault,
    allowPrivate: row.allowPrivate,
    disabledAt: instantOrNull(row.disabledAt),
    disabledReason: row.disabledReason,
    createdAt: instantOf(row.createdAt),
  }
}
