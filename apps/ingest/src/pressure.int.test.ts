import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, startRedis, type EmbeddedStore } from '@nines/embedded'
import { connectRedis } from '@nines/pipeline'
import { createApiKey } from '@nines/records'
import { useServices } from '@nines/testkit'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { counterRequest, startIngestUnderTest, type IngestUnderTest } from './ingest-under-test.ts'

const services = await useServices()
/** A Redis of this file's own, because its memory gets used up. */
let folder: string
let server: EmbeddedStore
let redis: Redis
let ingest: IngestUnderTest
let otherKey: string

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'nines-pressure-'))
  server = await startRedis({ dataDir: path.join(folder, 'redis'), port: await freePort(), appendFsync: 'no' })
  redis = connectRedis(server.url)
  ingest = await startIngestUnderTest({ ...services, redisUrl: server.url }, { REDIS_URL: server.url })
  const other = await ingest.prisma.workspace.create({ data: { id: 'wsp_other', slug: 'other', name: 'Other' } })
  const made = await createApiKey(ingest.prisma, other.id, { name: 'other', scopes: ['ingest'], createdById: null })
  otherKey = made.secret
})
afterAll(async () => {
  await ingest.stop()
  redis.disconnect()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await redis.config('SET', 'maxmemory', '0')
  await expect.poll(async () => (await send(1)).status).toBe(200)
})

const send = (points: number, key = ingest.key) => {
  const body = JSON.stringify(counterRequest(Array.from({ length: points }, (_, i) => ({ asInt: i }))))
  return ingest.post('/v1/metrics', body, { authorization: `Bearer ${key}` })
}
const usedBytes = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
const messageOf = async (answer: Response) => ((await answer.json()) as { message: string }).message

test('a Redis that fills up refuses first who sends most, long before it is full, and never lies', async () => {
  expect((await send(1, otherKey)).status).toBe(200)
  for (let i = 0; i < 5; i++) expect((await send(2_000)).status).toBe(200)
  await redis.config('SET', 'maxmemory', Math.round((await usedBytes()) / 0.82))
  await expect.poll(async () => (await send(100)).status).toBe(503)
  const refused = await send(100)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await messageOf(refused)).toMatch(
    /^Redis uses \d+ of the \d+ bytes of its maxmemory; this workspace sends the most/,
  )
  expect((await send(1, otherKey)).status).toBe(200)
})

test('near the end everybody waits, with room left for what was taken before', async () => {
  await redis.config('SET', 'maxmemory', Math.round((await usedBytes()) / 0.97))
  await expect.poll(async () => (await send(1, otherKey)).status).toBe(503)
  expect(await messageOf(await send(1, otherKey))).toContain('nothing is taken until there is room')
})

test('what Redis refuses although nobody saw it coming is told as what it is, and lost for nobody', async () => {
  await ingest.appended()
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      if (i === 10) await redis.config('SET', 'maxmemory', '1')
      return send(1)
    }),
  )
  const [taken, refused] = [200, 503].map((status) => answers.filter((answer) => answer.status === status))
  expect(taken!.length + refused!.length).toBe(20)
  for (const answer of refused!) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  await redis.config('SET', 'maxmemory', '0')
  const rows = (await ingest.appended()).reduce((sum, { block }) => sum + block.samples.value.length, 0)
  expect(rows).toBe(taken!.length)
})

test('a disk with too little room is named', async () => {
  const own = await startIngestUnderTest(
    { ...services, redisUrl: server.url },
    {
      REDIS_URL: server.url,
      NINES_DATA_DIR: folder,
      NINES_INGEST_MIN_FREE_BYTES: String(2 ** 52),
    },
  )
  const answer = async () => own.post('/v1/metrics', JSON.stringify(counterRequest([{ asInt: 1 }])))
  await expect.poll(async () => (await answer()).status).toBe(503)
  expect(await messageOf(await answer())).toContain(`the disk of ${folder} has `)
  await own.stop()
})
