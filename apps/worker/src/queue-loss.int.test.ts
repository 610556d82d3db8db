import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, startRedis } from '@nines/embedded'
import { webhookBody } from '@nines/contracts'
import { createJobQueue } from '@nines/pipeline'
import { createPrisma } from '@nines/records'
import { startWebhookSink, useServices } from '@nines/testkit'
import { Redis } from 'ioredis'
import { afterAll, expect, test, vi } from 'vitest'
import { start } from './index.ts'
import { makeWorkerWorld, type WorkerWorld } from './worker-world.fixture.ts'

// A Redis of its own: these tests delete everything in it, and take it away.
const services = await useServices()
const folder = mkdtempSync(path.join(tmpdir(), 'nines-queue-loss-'))
const redisPlace = { dataDir: path.join(folder, 'redis'), port: await freePort(), appendFsync: 'no' as const }
let server = await startRedis(redisPlace)
const env: Record<string, string> = { ...services.env, REDIS_URL: server.url, NINES_LOG_LEVEL: 'error' }
const secretKey = env.NINES_SECRET_KEY ?? ''
const prisma = createPrisma(services.databaseUrl)
const sink = await startWebhookSink()
const queue = createJobQueue({ redisUrl: server.url, prefix: services.redisPrefix })
const redis = new Redis(server.url)
redis.on('error', () => undefined)
const app = await start(env)

afterAll(async () => {
  await app.stop()
  await queue.close()
  redis.disconnect()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
  await sink.stop()
  await prisma.$disconnect()
})

const until = (check: () => void | Promise<void>, timeout = 40_000) => vi.waitFor(check, { timeout, interval: 50 })
const arrivedAt = (name: string) => sink.requests.filter((r) => r.path === `/${name}`)
const world = (name: string, delaysSeconds: number[]) =>
  makeWorkerWorld(prisma, { url: `${sink.url}/${name}`, secretKey, delaysSeconds })

/** Everything that a step can be seen by: when one of these changes, a step boundary was crossed. */
async function progressOf({ workspaceId }: WorkerWorld): Promise<string> {
  const [alerts, escalations, messages, incidents, reviews] = await Promise.all([
    prisma.alert.findMany({ where: { workspaceId }, select: { state: true, incidentId: true } }),
    prisma.escalation.findMany({ where: { workspaceId }, select: { state: true, version: true } }),
    prisma.outboxMessage.findMany({
      where: { workspaceId },
      select: { state: true, attempts: true },
      orderBy: { id: 'asc' },
    }),
    prisma.incident.findMany({ where: { workspaceId }, select: { state: true } }),
    prisma.review.count({ where: { workspaceId } }),
  ])
  return JSON.stringify({ alerts, escalations, messages, incidents, reviews })
}

/** Repeats a verdict, as evaluate does, until it took effect, with FLUSHALL at every step boundary in between and after. */
async function flushingUntil(subject: WorkerWorld, verdict: 'true' | 'false', done: () => Promise<boolean>) {
  let seen = await progressOf(subject)
  let saidAt = 0
  let flushes = 0
  while (!(await done())) {
    if (Date.now() - saidAt > 1_000) {
      await queue.enqueue('advanceAlert', subject.says(verdict))
      saidAt = Date.now()
    }
    const now = await progressOf(subject)
    if (now !== seen) {
      await redis.flushall()
      flushes++
      seen = now
    }
  }
  return flushes
}

test('FLUSHALL at every step boundary: each page is seen exactly once', { timeout: 120_000 }, async () => {
  const subject = await world('flush', [2, 2, 2])
  const { workspaceId } = subject
  await redis.flushall()
  const flushes = await flushingUntil(subject, 'true', async () => {
    const { state } = (await prisma.escalation.findFirst({ where: { workspaceId } })) ?? {}
    return state === 'exhausted'
  })
  await until(() => expect(arrivedAt('flush')).toHaveLength(3))
  const more = await flushingUntil(
    subject,
    'false',
    async () => (await prisma.review.count({ where: { workspaceId } })) === 1,
  )
  await until(() => expect(arrivedAt('flush')).toHaveLength(4))

  const ids = arrivedAt('flush').map((r) => r.headers['webhook-id'])
  expect(new Set(ids).size).toBe(4)
  const bodies = arrivedAt('flush').map((r) => webhookBody.parse(JSON.parse(r.body)))
  expect(bodies.map((b) => [b.type, b.data.page?.step])).toEqual([
    ['page.created', 1],
    ['page.created', 2],
    ['page.created', 3],
    ['alert.resolved', undefined],
  ])
  expect(flushes + more).toBeGreaterThan(8)
})

test(
  'FLUSHALL ten times a second: ten alerts page each of their steps exactly once',
  { timeout: 120_000 },
  async () => {
    const subjects = await Promise.all(Array.from({ length: 10 }, (_, i) => world(`storm-${i}`, [1, 2])))
    const flushing = setInterval(() => void redis.flushall().catch(() => undefined), 100)
    const repeating = setInterval(() => {
      for (const subject of subjects) queue.enqueue('advanceAlert', subject.says('true')).catch(() => undefined)
    }, 500)
    try {
      for (const [i] of subjects.entries()) await until(() => expect(arrivedAt(`storm-${i}`)).toHaveLength(2), 90_000)
    } finally {
      clearInterval(flushing)
      clearInterval(repeating)
    }
    for (const [i] of subjects.entries()) {
      expect(new Set(arrivedAt(`storm-${i}`).map((r) => r.headers['webhook-id'])).size).toBe(2)
    }
  },
)

test(
  'an escalation goes on while Redis is away, and the queue works again when it is back',
  { timeout: 120_000 },
  async () => {
    const subject = await world('outage', [1, 1, 60])
    await queue.enqueue('advanceAlert', subject.says('true'))
    await until(() => expect(arrivedAt('outage').length).toBeGreaterThan(0))
    await server.stop()
    await until(() => expect(arrivedAt('outage')).toHaveLength(3), 60_000)
    expect((await fetch(`${app.url}/readyz`)).status).toBe(503)

    server = await startRedis(redisPlace)
    const after = await world('after', [60])
    await until(async () => {
      await queue.enqueue('advanceAlert', after.says('true')).catch(() => undefined)
      expect(arrivedAt('after').length).toBeGreaterThan(0)
    })
    await until(async () => expect((await fetch(`${app.url}/readyz`)).status).toBe(200))
    expect(new Set(arrivedAt('outage').map((r) => r.headers['webhook-id'])).size).toBe(3)
    expect(arrivedAt('after')).toHaveLength(1)
  },
)
