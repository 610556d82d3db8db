import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startClickHouse, startRedis, type EmbeddedStore } from '@nines/embedded'
import type { RunningApp } from '@nines/kernel'
import { createBlockStream, type BlockStream } from '@nines/pipeline'
import { createTelemetry, type Telemetry } from '@nines/telemetry'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { start } from './start.ts'
import { numberedBlock, untilStored } from './stored-totals.ts'

const ROWS = 500
const folder = mkdtempSync(path.join(tmpdir(), 'nines-store-'))
const startOf = { redis: startRedis, clickhouse: startClickHouse }
const places = {
  redis: { dataDir: path.join(folder, 'redis'), port: await freePort() },
  clickhouse: { dataDir: path.join(folder, 'clickhouse'), port: await freePort() },
}
const stores = {} as Record<keyof typeof places, EmbeddedStore>
let app: RunningApp
let stream: BlockStream
let telemetry: Telemetry

beforeAll(async () => {
  stores.redis = await startRedis(places.redis)
  stores.clickhouse = await startClickHouse(places.clickhouse)
  app = await start({
    REDIS_URL: stores.redis.url,
    CLICKHOUSE_URL: stores.clickhouse.url,
    CLICKHOUSE_DATABASE: 'nines',
    NINES_STORE_PORT: '0',
  })
  stream = createBlockStream({ redisUrl: stores.redis.url, prefix: 'nines' })
  telemetry = createTelemetry({ url: stores.clickhouse.url, database: 'nines' })
})
afterAll(async () => {
  await app.stop()
  await stream.close()
  await telemetry.close()
  for (const store of Object.values(stores)) await store.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function killAndRestart(name: keyof typeof places): Promise<void> {
  process.kill(stores[name].pid, 'SIGKILL')
  await stores[name].exited
  await sleep(300)
  stores[name] = await startOf[name](places[name])
}

test(
  'every block that the stream accepted is stored once while Redis and ClickHouse die and come back',
  { timeout: 90_000 },
  async () => {
    const accepted: number[] = []
    const over = new AbortController()
    const sending = (async () => {
      for (let number = 1; !over.signal.aborted; number++) {
        await stream.append(numberedBlock(number, ROWS)).then(
          () => accepted.push(number),
          // It may have been appended or not; a sender would repeat it.
          () => sleep(50),
        )
        await sleep(5)
      }
    })()
    for (const name of ['clickhouse', 'redis', 'clickhouse', 'redis', 'clickhouse'] as const) {
      await sleep(1200)
      await killAndRestart(name)
    }
    over.abort()
    await sending
    await expect.poll(() => untilStored(stream).then(() => 'stored', String), { timeout: 40_000 }).toBe('stored')
    const stored = await telemetry.rows<{ series: string; n: string }>(
      'SELECT series, count() AS n FROM samples GROUP BY series',
    )
    const counts = new Map(stored.map((row) => [Number(row.series), Number(row.n)]))
    expect(accepted.length).toBeGreaterThan(100)
    expect(accepted.filter((number) => counts.get(number) !== ROWS)).toEqual([])
    expect([...counts].filter(([, n]) => n !== ROWS)).toEqual([])
  },
)
