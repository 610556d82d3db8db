import { instantText, weeklyRotation, type EscalationTarget } from '@nines/contracts'
import { messageOf } from '@nines/kernel'
import { onCallAt } from '@nines/oncall'
import type { Database } from './client.ts'
import { loadUserRefs, type UserRef } from './user-refs.ts'

/** One responder through one channel, and why. */
export interface Recipient {
  channelId: string
  channelName: string
  /** null when the step names a channel and no person. */
  responder: UserRef | null
  /** A sentence or two. */
  reason: string
}

export interface ResolvedStep {
  recipients: Recipient[]
  /** Targets that lead to nobody: what they are and why. */
  unreachable: { target: string; reason: string }[]
}

/** Whom the targets of a step reach at `now`. Nobody is named twice through the same channel. */
export async function resolveTargets(
  db: Database,
  workspaceId: string,
  targets: readonly EscalationTarget[],
  now: number,
): Promise<ResolvedStep> {
  const resolved: ResolvedStep = { recipients: [], unreachable: [] }
  for (const target of targets) {
    const one = await resolveTarget(db, workspaceId, target, now)
    resolved.unreachable.push(...one.unreachable)
    for (const recipient of one.recipients) {
      const known = resolved.recipients.some(
        (r) => r.channelId === recipient.channelId && r.responder?.id === recipient.responder?.id,
      )
      if (!known) resolved.recipients.push(recipient)
    }
  }
  return resolved
}

async function resolveTarget(
  db: Database,
  workspaceId: string,
  target: EscalationTarget,
  now: number,
): Promise<ResolvedStep> {
  if (target.kind === 'channel') return reachChannel(db, workspaceId, target.channelId)
  if (target.kind === 'user') return reachUser(db, workspaceId, target.userId, 'named by the step')
  const onCall = await whoIsOnCall(db, workspaceId, target.scheduleId, now)
  return 'userId' in onCall ? reachUser(db, workspaceId, onCall.userId, onCall.reason) : onCall
}

async function whoIsOnCall(
  db: Database,
  workspaceId: string,
  scheduleId: string,
  now: number,
): Promise<{ userId: string; reason: string } | ResolvedStep> {
  const schedule = await db.schedule.findFirst({
    where: { id: scheduleId, workspaceId },
    include: { overrides: { where: { endsAt: { gt: new Date(now) } } } },
  })
  if (schedule === null) return nobody(`schedule:${scheduleId}`, 'its schedule no longer exists')
  const overrides = schedule.overrides.map(({ id, userId, startsAt, endsAt }) => ({
    id,
    userId,
    startsAt: startsAt.getTime(),
    endsAt: endsAt.getTime(),
  }))
  try {
    const rotation = weeklyRotation.parse(schedule.rotation)
    const shift = onCallAt(rotation, overrides, now)
    const how = shift.override ? 'as a stand-in' : 'by rotation'
    const until = instantText(shift.endsAt, { timeZone: rotation.timeZone })
    return { userId: shift.userId, reason: `on call in ${schedule.name} ${how} until ${until}` }
  } catch (error) {
    // One schedule at fault must not keep the step's other targets, and the steps after it, from being paged.
    return nobody(`schedule:${schedule.id}`, `the rotation of ${schedule.name} cannot be read: ${messageOf(error)}`)
  }
}

async function reachChannel(db: Database, workspaceId: string, channelId: string): Promise<ResolvedStep> {
  const channel = await db.channel.findFirst({ where: { id: channelId, workspaceId, deletedAt: null } })
  if (channel === null) return nobody(`channel:${channelId}`, 'its channel no longer exists')
  if (channel.disabledAt !== null) return nobody(`channel:${channelId}`, `channel ${channel.name} is disabled`)
  const reason = 'Named by the step.'
  return {
    recipients: [{ channelId, channelName: channel.name, responder: null, reason }],
    unreachable: [],
  }
}

/** The user's own channels, else the workspace's default ones. `why` is a phrase: "on call in Primary until …". */
async function reachUser(db: Database, workspaceId: string, userId: string, why: string): Promise<ResolvedStep> {
  const member = await db.membership.findFirst({ where: { workspaceId, userId } })
  const responder = (await loadUserRefs(db, [userId])).get(userId)
  if (member === null || !responder) return nobody(`user:${userId}`, `a former member is ${why}`)
  const live = { workspaceId, disabledAt: null, deletedAt: null }
  const own = await db.channel.findMany({ where: { ...live, userId }, orderBy: { id: 'asc' } })
  const channels =
    own.length > 0
      ? own
      : await db.channel.findMany({ where: { ...live, userId: null, isDefault: true }, orderBy: { id: 'asc' } })
  if (channels.length === 0) {
    return nobody(`user:${userId}`, `${responder.name} has no enabled channel and the workspace has no default one`)
  }
  const through =
    own.length > 0 ? 'Sent to their own channel.' : 'Sent to the default channel: they have none of their own.'
  return {
    recipients: channels.map(({ id, name }) => ({
      channelId: id,
      channelName: name,
      responder,
      reason: `${why.charAt(0).toUpperCase()}${why.slice(1)}. ${through}`,
    })),
    unreachable: [],
  }
}

function nobody(target: string, reason: string): ResolvedStep {
  return { recipients: [], unreachable: [{ target, reason }] }
}
