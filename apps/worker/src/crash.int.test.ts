import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { webhookBody } from '@nines/contracts'
import { seededRandom } from '@nines/kernel'
import { createJobQueue } from '@nines/pipeline'
import { createPrisma } from '@nines/records'
import { spawnApp, startWebhookSink, useServices, type AppProcess } from '@nines/testkit'
import { afterAll, expect, test, vi } from 'vitest'
import { makeWorkerWorld } from './worker-world.fixture.ts'

const APP = path.join(import.meta.dirname, 'index.ts')
const services = await useServices()
const secretKey = services.env.NINES_SECRET_KEY ?? ''
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

const ALERTS = 4
const STEPS = 3
const KILLS = 4

test.each([1, 2])('kill -9 at random moments, seed %i: every page arrives', { timeout: 180_000 }, async (seed) => {
  const random = seededRandom(seed)
  const names = Array.from({ length: ALERTS }, (_, i) => `seed-${seed}-${i}`)
  // Slow answers widen the window between sending and recording.
  sink.answerWith(() => ({ delayMs: Math.floor(random() * 400) }))
  const worlds = await Promise.all(
    names.map((name) =>
      makeWorkerWorld(prisma, { url: `${sink.url}/${name}`, secretKey, delaysSeconds: Array<number>(STEPS).fill(1) }),
    ),
  )
  // evaluate repeats a verdict while it holds.
  const say = () => worlds.map((world) => queue.enqueue('advanceAlert', world.says('true')).catch(() => undefined))
  await Promise.all(say())
  const repeating = setInterval(() => void Promise.all(say()), 2_000)
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      worker = await spawnApp(APP, services.env)
      await sleep(100 + random() * 1_500)
      await worker.kill()
    }
    worker = await spawnApp(APP, services.env)
    await vi.waitFor(() => expect(stepsSeen(names)).toEqual(names.map(() => [1, 2, 3])), {
      timeout: 90_000,
      interval: 200,
    })
    await vi.waitFor(async () => expect(await undelivered(worlds)).toBe(0), { timeout: 60_000, interval: 200 })
  } finally {
    clearInterval(repeating)
    await worker?.kill()
  }
  // A page sent twice, because its sender died before it could say so, is the same message.
  for (const name of names) {
    const pages = arrivedAt(name).map((r) => [r.headers['webhook-id'], r.body].join(' '))
    expect(new Set(pages).size).toBe(STEPS)
  }
})

function arrivedAt(name: string) {
  return sink.requests.filter((r) => r.path === `/${name}`)
}

/** Which steps each receiver saw, repeats left out. */
function stepsSeen(names: string[]): number[][] {
  return names.map((name) => {
    const steps = arrivedAt(name).map((r) => webhookBody.parse(JSON.parse(r.body)).data.page?.step ?? 0)
    return [...new Set(steps)].toSorted((a, b) => a - b)
  })
}

async function undelivered(worlds: { workspaceId: string }[]): Promise<number> {
  const workspaceId = { in: worlds.map((world) => world.workspaceId) }
  return prisma.outboxMessage.count({ where: { workspaceId, state: { not: 'delivered' } } })
}
