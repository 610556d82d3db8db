import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, startRedis } from '@nines/embedded'
import { createJobQueue } from '@nines/pipeline'
import { createPrisma } from '@nines/records'
import { startWebhookSink, useServices } from '@nines/testkit'
import { expect, test, vi } from 'vitest'
import { start } from './index.ts'
import { makeWorkerWorld } from './worker-world.fixture.ts'

const services = await useServices()

test('comes up while its stores are away, says so, and works when they are there', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nines-worker-start-'))
  const port = await freePort()
  const env: Record<string, string> = {
    ...services.env,
    REDIS_URL: `redis://127.0.0.1:${port}`,
    NINES_LOG_LEVEL: 'silent',
  }
  const sink = await startWebhookSink()
  const prisma = createPrisma(services.databaseUrl)
  const app = await start(env)
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
  expect((await fetch(`${app.url}/readyz`)).status).toBe(503)

  const redis = await startRedis({ dataDir: path.join(folder, 'redis'), port, appendFsync: 'no' })
  const queue = createJobQueue({ redisUrl: redis.url, prefix: services.redisPrefix })
  const secretKey = env.NINES_SECRET_KEY ?? ''
  const world = await makeWorkerWorld(prisma, { url: sink.url, secretKey, delaysSeconds: [60] })
  await queue.enqueue('advanceAlert', world.says('true'))
  await vi.waitFor(() => expect(sink.requests).toHaveLength(1), { timeout: 20_000, interval: 100 })
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200)

  await app.stop()
  await queue.close()
  await redis.stop()
  await sink.stop()
  await prisma.$disconnect()
  rmSync(folder, { recursive: true, force: true })
})

test('stops cleanly while everything is away', { timeout: 60_000 }, async () => {
  const nowhere = {
    DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/x',
    REDIS_URL: 'redis://127.0.0.1:1',
    CLICKHOUSE_URL: 'http://127.0.0.1:1',
  }
  const app = await start({ ...services.env, ...nowhere, NINES_LOG_LEVEL: 'silent' })
  const ready = await fetch(`${app.url}/readyz`)
  expect(ready.status).toBe(503)
  const answer = (await ready.json()) as { stores: Record<string, string> }
  expect(Object.keys(answer.stores)).toEqual(['postgres', 'redis'])
  await app.stop()
  await expect(fetch(`${app.url}/healthz`)).rejects.toThrow('fetch failed')
})

test('configuration that is missing is named', async () => {
  const { DATABASE_URL: _database, NINES_SECRET_KEY: _key, ...rest } = services.env
  await expect(start(rest)).rejects.toMatchObject({
    code: 'invalid',
    issues: [{ path: 'DATABASE_URL' }, { path: 'NINES_SECRET_KEY' }],
  })
})
