import { decryptSecret } from '@nines/kernel'
import type { FollowUp, MessageSettings, Outcome } from './follow-ups.ts'
import type { PrismaClient } from './generated/client.ts'

/** How long an attempt may hold a message. Longer than an attempt can take; after a crash the message is sent again. */
export const LEASE_MS = 15_000

/** A message to be sent right now, by whoever holds this. */
export interface ClaimedMessage {
  /** The webhook-id. */
  id: string
  workspaceId: string
  channelId: string
  eventType: string
  /** When it was put into the outbox, epoch ms. */
  createdAt: number
  /** Counted from 1. */
  attempt: number
  body: string
  url: string
  allowPrivate: boolean
  /** Current signing secret first; within a day of a rotation the one before it too. */
  secrets: string[]
  /** The database's clock, epoch ms. */
  claimedAt: number
}

interface MessageAddress {
  workspaceId: string
  messageId: string
}

/** Which channel a message waits for; null when it does not wait any more. */
export async function findWaitingMessage(
  prisma: PrismaClient,
  { workspaceId, messageId }: MessageAddress,
): Promise<{ channelId: string } | null> {
  return prisma.outboxMessage.findFirst({
    where: { id: messageId, workspaceId, state: 'pending' },
    select: { channelId: true },
  })
}

/** Makes a due message that nobody holds due a little later: its channel has enough under way. */
export async function postponeMessage(
  prisma: PrismaClient,
  { workspaceId, messageId }: MessageAddress,
  waitMs: number,
): Promise<Outcome> {
  const postponed = await prisma.$executeRaw`
    update "OutboxMessage" set "dueAt" = clock_timestamp() + make_interval(secs => ${waitMs / 1000})
    where id = ${messageId} and "workspaceId" = ${workspaceId} and state = 'pending' and "dueAt" <= clock_timestamp()
      and ("leaseUntil" is null or "leaseUntil" <= clock_timestamp())`
  const again: FollowUp = { job: 'deliverWebhook', payload: { workspaceId, messageId }, delayMs: waitMs }
  return { followUps: postponed === 0 ? [] : [again], changes: [] }
}

interface ClaimedRow {
  channelId: string
  eventType: string
  createdAt: Date
  attempts: number
  body: string
  url: string
  allowPrivate: boolean
  secretSealed: string
  previousSealed: string | null
  claimedAt: Date
}

/**
 * Takes a due message for one attempt; null when it is not due, was withdrawn, is being sent by somebody else, or when
 * its channel is disabled (then it is failed). One statement: of many that try at once one gets it.
 */
export async function claimMessage(
  prisma: PrismaClient,
  { workspaceId, messageId }: MessageAddress,
  settings: MessageSettings,
): Promise<ClaimedMessage | null> {
  await prisma.$executeRaw`
    update "OutboxMessage" m set state = 'failed', "dueAt" = null, "finishedAt" = now()
    from "Channel" c
    where m.id = ${messageId} and m."workspaceId" = ${workspaceId} and c.id = m."channelId"
      and m.state = 'pending' and c."disabledAt" is not null`
  const [row] = await prisma.$queryRaw<ClaimedRow[]>`
    update "OutboxMessage" m
    set "leaseUntil" = clock_timestamp() + make_interval(secs => ${LEASE_MS / 1000}), attempts = m.attempts + 1
    from "Channel" c
    where m.id = ${messageId} and m."workspaceId" = ${workspaceId} and c.id = m."channelId"
      and m.state = 'pending' and m."dueAt" <= clock_timestamp()
      and (m."leaseUntil" is null or m."leaseUntil" <= clock_timestamp())
    returning m."channelId", m."eventType", m."createdAt", m.attempts, m.body, c.url, c."allowPrivate", c."secretSealed",
      case when c."previousUntil" > now() then c."previousSealed" end as "previousSealed",
      clock_timestamp() as "claimedAt"`
  if (!row) return null
  const sealed = [row.secretSealed, ...(row.previousSealed === null ? [] : [row.previousSealed])]
  return {
    id: messageId,
    workspaceId,
    channelId: row.channelId,
    eventType: row.eventType,
    createdAt: row.createdAt.getTime(),
    attempt: row.attempts,
    body: row.body,
    url: row.url,
    allowPrivate: row.allowPrivate,
    secrets: sealed.map((secret) => decryptSecret(secret, settings.secretKey)),
    claimedAt: row.claimedAt.getTime(),
  }
}
