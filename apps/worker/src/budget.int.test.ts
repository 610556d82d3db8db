import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { webhookBody, type AdvanceBudgetPayload } from '@nines/contracts'
import { createJobQueue } from '@nines/pipeline'
import { applyBudgetReading, createBudgetPolicy, createPrisma } from '@nines/records'
import { spawnApp, startWebhookSink, useServices, type AppProcess } from '@nines/testkit'
import { Webhook } from 'standardwebhooks'
import { afterAll, expect, test, vi } from 'vitest'
import { makeWorkerWorld } from './worker-world.fixture.ts'

const APP = path.join(import.meta.dirname, 'index.ts')
const services = await useServices()
const secretKey = services.env.NINES_SECRET_KEY ?? ''
const settings = { publicUrl: 'http://nines.test', secretKey }
const prisma = createPrisma(services.databaseUrl)
const queue = createJobQueue({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
const sink = await startWebhookSink()
let worker: AppProcess | undefined

afterAll(async () => {
  await worker?.kill()
  await queue.close()
  await sink.stop()
  await prisma.$disconnect()
})

/** An SLO whose policy opens a ticket once nothing is left. */
async function world(name: string) {
  const made = await makeWorkerWorld(prisma, { url: `${sink.url}/${name}`, secretKey, delaysSeconds: [60] })
  const { workspaceId, channelId } = made
  const { id: sloId } = await prisma.slo.findFirstOrThrow({ where: { workspaceId } })
  const steps = [{ budgetLeftBelow: 0, actions: [{ kind: 'ticket' as const, channelId }, { kind: 'freeze' as const }] }]
  const policy = { name: 'Shop', description: '', steps, margin: 0.05, onUnknown: 'allow' as const }
  const change = { actor: { id: null, name: 'Ada', via: 'web' }, settings }
  await createBudgetPolicy(prisma, workspaceId, { ...policy, slos: [{ id: sloId, objective: 0 }] }, change)
  let lastAt = Date.now()
  return {
    ...made,
    sloId,
    left(budgetRemaining: number): AdvanceBudgetPayload {
      const at = (lastAt = Math.max(Date.now(), lastAt) + 10)
      const window = { kind: 'rolling' as const, days: 30 }
      const objectives = [{ objective: 0, target: 0.999, window, from: at - 1, to: at, budgetRemaining }]
      return { workspaceId, sloId, version: 1, at, isMeasured: true, objectives }
    },
  }
}
const arrivedAt = (name: string) => sink.requests.filter((request) => request.path === `/${name}`)
const budgetsAt = (name: string) => {
  const seen = new Map(arrivedAt(name).map((request) => [String(request.headers['webhook-id']), request]))
  return [...seen.values()].map((request) => webhookBody.parse(JSON.parse(request.body)).data.budget)
}
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 50 })

test(
  'readings become signed tickets, once each however often they are told, in the order of their instants',
  { timeout: 90_000 },
  async () => {
    const shop = await world('tickets')
    worker = await spawnApp(APP, services.env)
    const [late, spent] = [shop.left(1), shop.left(-0.5)]
    await Promise.all([spent, spent, spent].map((payload) => queue.enqueue('advanceBudget', payload)))
    await until(() => expect(budgetsAt('tickets')).toHaveLength(1))
    await queue.enqueue('advanceBudget', late)
    await queue.enqueue('advanceBudget', shop.left(0.5))
    await until(() => expect(budgetsAt('tickets').map((budget) => budget?.status)).toEqual(['open', 'resolved']))
    const [open, resolved] = budgetsAt('tickets')
    expect(open?.dedupKey).toBe(resolved?.dedupKey)
    for (const { headers, body } of arrivedAt('tickets')) {
      const texts = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, String(value)]))
      expect(new Webhook(shop.secret).verify(body, texts)).toMatchObject({ data: { budget: { action: 'ticket' } } })
    }
    expect(await prisma.budgetEvent.count({ where: { sloId: shop.sloId } })).toBe(2)
    await worker.kill()
  },
)

test('killed after the commit and before anything was sent: another worker sends it', { timeout: 90_000 }, async () => {
  const shop = await world('committed')
  const { followUps } = await applyBudgetReading(prisma, shop.left(-1), settings)
  expect(followUps).toHaveLength(1)
  worker = await spawnApp(APP, services.env)
  await until(() => expect(budgetsAt('committed').map((budget) => budget?.status)).toEqual(['open']))
  await worker.kill()
})

test('kill -9 at random moments: every crossing is told, under one id and one key', { timeout: 180_000 }, async () => {
  const shop = await world('killed')
  sink.answerWith(() => ({ delayMs: 200 }))
  // As evaluate does it: said until it is on record.
  const say = async (left: number, kind: string) => {
    const payload = shop.left(left)
    for (;;) {
      const newest = await prisma.budgetEvent.findFirst({ where: { sloId: shop.sloId }, orderBy: { at: 'desc' } })
      if (newest?.kind === kind) return
      await queue.enqueue('advanceBudget', { ...payload, at: shop.left(left).at }).catch(() => undefined)
      await sleep(400)
    }
  }
  const killing = (async () => {
    for (const lifeMs of [300, 900, 1_500]) {
      worker = await spawnApp(APP, services.env)
      await sleep(lifeMs)
      await worker.kill()
    }
    worker = await spawnApp(APP, services.env)
  })()
  await say(-1, 'entered')
  await say(1, 'left')
  await say(-1, 'entered')
  await killing
  await until(() => expect(budgetsAt('killed')).toHaveLength(3))
  await until(async () => {
    const where = { workspaceId: shop.workspaceId, state: { not: 'delivered' as const } }
    expect(await prisma.outboxMessage.count({ where })).toBe(0)
  })
  expect(new Set(budgetsAt('killed').map((budget) => budget?.dedupKey)).size).toBe(1)
  const bodies = arrivedAt('killed').map(({ headers, body }) => `${String(headers['webhook-id'])} ${body}`)
  expect(new Set(bodies).size).toBe(3)
})
