import { webhookBody, type LiveEvent } from '@nines/contracts'
import { newWebhookSecret } from '@nines/delivery'
import { encryptSecret } from '@nines/kernel'
import { createJobQueue, subscribeLive } from '@nines/pipeline'
import { applyAlertEvent, createPrisma, queueChannelTest, rotateChannelSecret } from '@nines/records'
import { startWebhookSink, useServices, type ReceivedRequest } from '@nines/testkit'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { TURNS_AT_ONCE } from './channel-turns.ts'
import { start } from './index.ts'
import { makeWorkerWorld } from './worker-world.fixture.ts'

const services = await useServices()
const address = { redisUrl: services.redisUrl, prefix: services.redisPrefix }
const secretKey = services.env.NINES_SECRET_KEY ?? ''
const settings = { publicUrl: 'http://nines.test', secretKey }
const prisma = createPrisma(services.databaseUrl)
const queue = createJobQueue(address)
const sink = await startWebhookSink()
const app = await start(services.env)
const heard: LiveEvent[] = []
const subscription = await subscribeLive(address, (_workspaceId, event) => heard.push(event))

afterAll(async () => {
  await subscription.close()
  await app.stop()
  await queue.close()
  await sink.stop()
  await prisma.$disconnect()
})
beforeEach(() => sink.answerWith([]))

const world = (delaysSeconds: number[], path: string) =>
  makeWorkerWorld(prisma, { url: `${sink.url}/${path}`, secretKey, delaysSeconds })
const arrived = (path: string) => sink.requests.filter((r) => r.path === `/${path}`)
const idOf = (request: ReceivedRequest) => request.headers['webhook-id']
const bodyOf = (request: ReceivedRequest) => webhookBody.parse(JSON.parse(request.body))
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 })

test('is alive and ready', async () => {
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
  const ready = await fetch(`${app.url}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'ready', stores: { postgres: 'ok', redis: 'ok' } },
  ])
})

test(
  'a verdict becomes a signed page, an incident, a notice of resolution and a review',
  { timeout: 30_000 },
  async () => {
    const { workspaceId, secret, says } = await world([60], 'main-job')
    await queue.enqueue('advanceAlert', says('true'))
    const page = await sink.waitFor((r) => r.path === '/main-job', 10_000)
    const headers = Object.fromEntries(Object.entries(page.headers).map(([k, v]) => [k, String(v)]))
    expect(new Webhook(secret).verify(page.body, headers)).toMatchObject({ type: 'page.created' })
    expect(idOf(page)).toMatch(/^msg_/)
    const { alert, incident } = bodyOf(page).data
    expect(alert).toMatchObject({ state: 'firing', service: { name: 'Checkout' } })
    expect(incident?.number).toBe(1)

    await queue.enqueue('advanceAlert', says('false'))
    await until(() =>
      expect(arrived('main-job').map((r) => bodyOf(r).type)).toEqual(['page.created', 'alert.resolved']),
    )
    await until(async () => expect(await prisma.review.count({ where: { workspaceId } })).toBe(1))
    const stored = await prisma.incident.findFirstOrThrow({ where: { workspaceId }, include: { timeline: true } })
    expect(stored).toMatchObject({ state: 'resolved', openKey: null })
    expect(stored.timeline.map((e) => e.kind).toSorted()).toEqual([
      'alert_fired',
      'alert_resolved',
      'delivery_succeeded',
      'incident_opened',
      'incident_state',
      'page_created',
    ])
    for (const type of ['alert.changed', 'incident.changed', 'page.changed', 'review.changed'] as const) {
      await until(() => expect(heard.some((event) => event.type === type)).toBe(true))
    }
  },
)

test(
  'a receiver that fails gets the same message again, under one id, until it accepts it',
  { timeout: 30_000 },
  async () => {
    const { workspaceId, says } = await world([60], 'flaky')
    sink.answerWith((request) =>
      request.path === '/flaky' && arrived('flaky').length < 2 ? { status: 500, body: 'no' } : {},
    )
    await queue.enqueue('advanceAlert', says('true'))
    await until(() => expect(arrived('flaky')).toHaveLength(2))
    expect(new Set(arrived('flaky').map(idOf)).size).toBe(1)
    expect(new Set(arrived('flaky').map((r) => r.body)).size).toBe(1)
    await until(async () => {
      const message = await prisma.outboxMessage.findFirstOrThrow({
        where: { workspaceId },
        include: { deliveries: { orderBy: { attempt: 'asc' } } },
      })
      expect(message).toMatchObject({ state: 'delivered', attempts: 2, dueAt: null })
      expect(message.deliveries.map((d) => [d.statusCode, d.succeeded, d.responseSnippet])).toEqual([
        [500, false, 'no'],
        [200, true, null],
      ])
    })
  },
)

test('an acknowledgement keeps the next step from paging', { timeout: 30_000 }, async () => {
  const { workspaceId, says } = await world([2, 60], 'ack')
  await queue.enqueue('advanceAlert', says('true'))
  await sink.waitFor((r) => r.path === '/ack', 10_000)
  const alert = await prisma.alert.findFirstOrThrow({ where: { workspaceId } })
  const escalation = await prisma.escalation.findFirstOrThrow({ where: { workspaceId } })
  await applyAlertEvent(prisma, { workspaceId, alertId: alert.id, event: 'acknowledge' }, settings)
  const nextDueAt = escalation.startedAt.getTime() + 2_000
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(nextDueAt + 3_000), { timeout: 10_000, interval: 200 })
  expect(arrived('ack')).toHaveLength(1)
  expect(await prisma.page.count({ where: { workspaceId } })).toBe(1)
})

test('a receiver that hangs holds up no other', { timeout: 60_000 }, async () => {
  const hanging = await world([60], 'hanging')
  const lively = await world([60], 'lively')
  sink.answerWith((request) => (request.path === '/hanging' ? { delayMs: 20_000 } : {}))
  const tell = async ({ workspaceId, channelId }: typeof hanging) => {
    const { followUps } = await queueChannelTest(prisma, { workspaceId, channelId }, settings)
    return followUps
  }
  const enqueue = async (followUps: Awaited<ReturnType<typeof tell>>) => {
    for (const { job, payload } of followUps) await queue.enqueue(job, payload)
  }
  // All are written down before the first is told of: an attempt hangs for so long only.
  const told = []
  for (let i = 0; i < 120; i++) told.push(...(await tell(hanging)))
  const last = await tell(lively)
  await enqueue(told)
  await sink.waitFor((r) => r.path === '/hanging', 10_000)
  await enqueue(last)
  await sink.waitFor((r) => r.path === '/lively', 30_000)
  expect(arrived('hanging').length).toBeLessThanOrEqual(TURNS_AT_ONCE)
  // Not one of the attempts that hang has ended.
  expect(await prisma.delivery.count({ where: { workspaceId: hanging.workspaceId } })).toBe(0)
  await prisma.outboxMessage.updateMany({
    where: { workspaceId: hanging.workspaceId, state: 'pending' },
    data: { state: 'cancelled', dueAt: null },
  })
})

test('a receiver that is gone disables its channel', { timeout: 30_000 }, async () => {
  const { workspaceId, channelId, says } = await world([1, 60], 'gone')
  sink.answerWith((request) => (request.path === '/gone' ? { status: 410 } : {}))
  await queue.enqueue('advanceAlert', says('true'))
  await until(async () => {
    const channel = await prisma.channel.findUniqueOrThrow({ where: { id: channelId } })
    expect(channel.disabledReason).toBe('status 410: the receiver wants no more messages')
  })
  await until(async () => {
    const event = await prisma.timelineEvent.findFirst({ where: { workspaceId, kind: 'escalated' } })
    expect(event?.summary).toBe('Nobody paged by step 2: channel Ops is disabled')
  })
  expect(arrived('gone')).toHaveLength(1)
})

test('after a rotation of the secret both secrets verify a message', { timeout: 30_000 }, async () => {
  const { workspaceId, channelId, secret } = await world([60], 'rotated')
  const rotated = newWebhookSecret()
  await rotateChannelSecret(prisma, workspaceId, channelId, encryptSecret(rotated, secretKey))
  await queueChannelTest(prisma, { workspaceId, channelId }, settings)
  // Nothing was enqueued: the sweeper finds the message.
  const request = await sink.waitFor((r) => r.path === '/rotated', 10_000)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)]))
  for (const each of [secret, rotated]) {
    expect(new Webhook(each).verify(request.body, headers)).toMatchObject({ type: 'channel.test' })
  }
})
