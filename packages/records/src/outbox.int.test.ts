import type { WebhookAttempt } from '@nines/delivery'
import { encryptSecret } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { applyAlertEvent } from './alerts-event.ts'
import { createPrisma } from './client.ts'
import { stepEscalation } from './escalations-step.ts'
import { claimMessage, findWaitingMessage, postponeMessage } from './outbox-claim.ts'
import { finishAttempt } from './outbox-finish.ts'
import { queueChannelTest, replayMessage } from './outbox-messages.ts'
import { makeWorld, newSettings, type PagingWorld } from './paging.fixture.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
afterAll(() => prisma.$disconnect())
const settings = newSettings()

const attempt = (change: Partial<WebhookAttempt> = {}): WebhookAttempt => ({
  outcome: 'failed',
  statusCode: 500,
  error: 'status 500',
  retryAfterSeconds: null,
  durationMs: 12.5,
  responseSnippet: null,
  ...change,
})
const DELIVERED = attempt({ outcome: 'delivered', statusCode: 200, error: null })

/** A page of a fired alert, waiting in the outbox. */
async function waitingPage(world: PagingWorld) {
  const { workspaceId } = world
  const { alertId } = await world.verdict('true')
  const { id: escalationId } = await prisma.escalation.findUniqueOrThrow({ where: { alertId: alertId ?? '' } })
  await stepEscalation(prisma, { workspaceId, escalationId }, settings)
  const { id } = await prisma.outboxMessage.findFirstOrThrow({ where: { workspaceId } })
  return {
    id,
    alertId: alertId ?? '',
    claim: () => claimMessage(prisma, { workspaceId, messageId: id }, settings),
    row: () => prisma.outboxMessage.findUniqueOrThrow({ where: { id }, include: { deliveries: true } }),
    makeDue: () => prisma.$executeRaw`update "OutboxMessage" set "dueAt" = now(), "leaseUntil" = null where id = ${id}`,
    timeline: async () => {
      const events = await prisma.timelineEvent.findMany({
        where: { workspaceId, source: 'message' },
        orderBy: { id: 'asc' },
      })
      return events.map((e) => e.summary)
    },
    acknowledge: () => applyAlertEvent(prisma, { workspaceId, alertId: alertId ?? '', event: 'acknowledge' }, settings),
    resolve: () => applyAlertEvent(prisma, { workspaceId, alertId: alertId ?? '', event: 'resolve' }, settings),
  }
}

async function claimed(message: Awaited<ReturnType<typeof waitingPage>>) {
  const claim = await message.claim()
  if (!claim) throw new Error('the message can be claimed')
  return claim
}

describe('claiming', () => {
  test('of a hundred at once one gets the message', async () => {
    const message = await waitingPage(await makeWorld(prisma, settings))
    const claims = await Promise.all(Array.from({ length: 100 }, () => message.claim()))
    expect(claims.filter((c) => c !== null)).toHaveLength(1)
    expect((await message.row()).attempts).toBe(1)
  })

  test('a lease that ran out is taken again as the next attempt, under the same id', async () => {
    const message = await waitingPage(await makeWorld(prisma, settings))
    const first = await claimed(message)
    await prisma.$executeRaw`update "OutboxMessage" set "leaseUntil" = now() where id = ${message.id}`
    const second = await claimed(message)
    expect([first.id, first.attempt]).toEqual([message.id, 1])
    expect([second.id, second.attempt]).toEqual([message.id, 2])
    expect(second.body).toBe(first.body)
  })

  test('the secret before a rotation signs too, for a day', async () => {
    const world = await makeWorld(prisma, settings)
    const message = await waitingPage(world)
    const rotate = (previousUntil: Date) =>
      prisma.channel.update({
        where: { id: world.channelId },
        data: { previousSealed: encryptSecret('whsec_b2xk', settings.secretKey), previousUntil },
      })
    await rotate(new Date(Date.now() + 60_000))
    expect((await claimed(message)).secrets).toEqual([world.secret, 'whsec_b2xk'])
    await rotate(new Date(Date.now() - 1000))
    await message.makeDue()
    expect((await claimed(message)).secrets).toEqual([world.secret])
  })

  test('a message of a disabled channel fails instead of being sent', async () => {
    const world = await makeWorld(prisma, settings)
    const message = await waitingPage(world)
    await prisma.channel.update({ where: { id: world.channelId }, data: { disabledAt: new Date() } })
    expect(await message.claim()).toBeNull()
    expect(await message.row()).toMatchObject({ state: 'failed', dueAt: null })
  })

  test('another workspace cannot claim it', async () => {
    const [world, other] = [await makeWorld(prisma, settings), await makeWorld(prisma, settings)]
    const { id: messageId } = await waitingPage(world)
    expect(await claimMessage(prisma, { workspaceId: other.workspaceId, messageId }, settings)).toBeNull()
  })
})

describe('postponing', () => {
  test('a due message waits, and is asked for again; one under way or done is left alone', async () => {
    const world = await makeWorld(prisma, settings)
    const message = await waitingPage(world)
    const address = { workspaceId: world.workspaceId, messageId: message.id }
    expect(await findWaitingMessage(prisma, address)).toEqual({ channelId: world.channelId })
    expect(await findWaitingMessage(prisma, { ...address, workspaceId: 'wsp_other' })).toBeNull()
    expect((await postponeMessage(prisma, address, 60_000)).followUps).toMatchObject([{ delayMs: 60_000 }])
    expect(await message.claim()).toBeNull()
    expect((await postponeMessage(prisma, address, 90_000)).followUps).toEqual([])

    await message.makeDue()
    const claim = await claimed(message)
    expect((await postponeMessage(prisma, address, 60_000)).followUps).toEqual([])
    await finishAttempt(prisma, claim, DELIVERED, 0)
    expect(await message.row()).toMatchObject({ state: 'delivered', dueAt: null })
    expect(await findWaitingMessage(prisma, address)).toBeNull()
  })
})

describe('finishing', () => {
  test('delivered ends it', async () => {
    const message = await waitingPage(await makeWorld(prisma, settings))
    const outcome = await finishAttempt(prisma, await claimed(message), DELIVERED, 0)
    expect(outcome.followUps).toEqual([])
    expect(await message.row()).toMatchObject({
      state: 'delivered',
      dueAt: null,
      leaseUntil: null,
      deliveries: [{ attempt: 1, statusCode: 200, succeeded: true, durationMs: 12.5 }],
    })
    expect(await message.timeline()).toEqual(['Delivered to Ops'])
  })

  test('failed waits for the next attempt; the timeline tells of the first failure and of the delivery', async () => {
    const message = await waitingPage(await makeWorld(prisma, settings))
    for (const [i, delayMs] of [5_000, 15_000, 30_000].entries()) {
      const outcome = await finishAttempt(prisma, await claimed(message), attempt(), 0)
      expect(outcome.followUps).toMatchObject([{ job: 'deliverWebhook', delayMs }])
      expect(await message.row()).toMatchObject({ state: 'pending', attempts: i + 1, leaseUntil: null })
      expect(await message.claim()).toBeNull()
      await message.makeDue()
    }
    await finishAttempt(prisma, await claimed(message), DELIVERED, 0)
    expect(await message.timeline()).toEqual([
      'Delivery to Ops failed: status 500; it is tried again',
      'Delivered to Ops on attempt 4',
    ])
  })

  test('Retry-After is honoured', async () => {
    const message = await waitingPage(await makeWorld(prisma, settings))
    const outcome = await finishAttempt(prisma, await claimed(message), attempt({ retryAfterSeconds: 90 }), 0)
    expect(outcome.followUps).toMatchObject([{ delayMs: 90_000 }])
  })

  test('after a day it is given up', async () => {
    const message = await waitingPage(await makeWorld(prisma, settings))
    await prisma.$executeRaw`update "OutboxMessage" set "createdAt" = now() - interval '24 hours' where id = ${message.id}`
    await finishAttempt(prisma, await claimed(message), attempt(), 0)
    expect(await message.row()).toMatchObject({ state: 'failed', dueAt: null })
    expect(await message.timeline()).toEqual(['Gave up on Ops: status 500'])
  })

  test('withdrawn while it was being sent: delivered counts, failed is not tried again', async () => {
    for (const [result, state] of [
      [DELIVERED, 'delivered'],
      [attempt(), 'cancelled'],
    ] as const) {
      const message = await waitingPage(await makeWorld(prisma, settings))
      const claim = await claimed(message)
      await message.acknowledge()
      const outcome = await finishAttempt(prisma, claim, result, 0)
      expect(outcome.followUps).toEqual([])
      expect(await message.row()).toMatchObject({ state, dueAt: null })
    }
  })

  test('an attempt that comes back after its lease was lost does not undo a delivery', async () => {
    const message = await waitingPage(await makeWorld(prisma, settings))
    const late = await claimed(message)
    await message.makeDue()
    await finishAttempt(prisma, await claimed(message), DELIVERED, 0)
    await finishAttempt(prisma, late, attempt(), 0)
    const row = await message.row()
    expect(row.state).toBe('delivered')
    expect(row.deliveries).toHaveLength(2)
  })
})

describe('the notice of resolution', () => {
  test('goes once to each channel that a page was sent to', async () => {
    const world = await makeWorld(prisma, settings)
    const message = await waitingPage(world)
    await finishAttempt(prisma, await claimed(message), DELIVERED, 0)
    const outcome = await message.resolve()
    expect(outcome.followUps.map((f) => f.job)).toEqual(['deliverWebhook', 'draftReview'])
    const notices = await prisma.outboxMessage.findMany({ where: { workspaceId: world.workspaceId, pageId: null } })
    expect(notices.map((n) => [n.eventType, n.channelId, n.state])).toEqual([
      ['alert.resolved', world.channelId, 'pending'],
    ])
  })

  test('goes to nobody when no page was sent', async () => {
    const world = await makeWorld(prisma, settings)
    await (await waitingPage(world)).resolve()
    expect(await prisma.outboxMessage.count({ where: { workspaceId: world.workspaceId, pageId: null } })).toBe(0)
  })
})

describe('people’s messages', () => {
  test('a replay sends the same message again', async () => {
    const world = await makeWorld(prisma, settings)
    const message = await waitingPage(world)
    const first = await claimed(message)
    await finishAttempt(prisma, first, DELIVERED, 0)
    await replayMessage(prisma, { workspaceId: world.workspaceId, messageId: message.id })
    const second = await claimed(message)
    expect([second.id, second.body, second.attempt]).toEqual([first.id, first.body, 2])
  })

  test('a test of a disabled channel is refused, unknown things are not found', async () => {
    const world = await makeWorld(prisma, settings)
    const { workspaceId, channelId } = world
    expect((await queueChannelTest(prisma, { workspaceId, channelId }, settings)).messageId).toMatch(/^msg_/)
    const data = { disabledAt: new Date(), disabledReason: 'status 410' }
    await prisma.channel.update({ where: { id: channelId }, data })
    const refused = queueChannelTest(prisma, { workspaceId, channelId }, settings)
    await expect(refused).rejects.toMatchObject({ code: 'conflict', message: 'the channel is disabled: status 410' })
    const other = await makeWorld(prisma, settings)
    const foreign = queueChannelTest(prisma, { workspaceId: other.workspaceId, channelId }, settings)
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' })
    const nothing = replayMessage(prisma, { workspaceId, messageId: 'msg_0' })
    await expect(nothing).rejects.toMatchObject({ code: 'not_found' })
  })
})
