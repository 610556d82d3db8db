import { useServices } from '@nines/testkit'
import type { RunningApp } from '@nines/kernel'
import { connectRedis, createBlockStream, createDeadLetters } from '@nines/pipeline'
import { createTelemetry, findSeries } from '@nines/telemetry'
import { encodeBlock } from '@nines/wire'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startClickHouseGate, type ClickHouseGate } from './clickhouse-gate.ts'
import { start } from './start.ts'
import { numberedBlock, storedTotals, totalsOf, untilStored } from './stored-totals.ts'

const services = await useServices()
const stream = createBlockStream({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const redis = connectRedis(services.redisUrl)
let gate: ClickHouseGate
let app: RunningApp | undefined

beforeAll(async () => {
  gate = await startClickHouseGate(services.clickhouseUrl)
})
afterEach(async () => {
  await app?.stop()
  app = undefined
  gate.onInsert = () => undefined
  await telemetry.command('TRUNCATE TABLE samples')
})
afterAll(async () => {
  await gate.close()
  await stream.close()
  await telemetry.close()
  letters.close()
  redis.disconnect()
})

const startStore = async () => {
  app = await start({ ...services.env, CLICKHOUSE_URL: gate.url })
  return app
}
const letters = createDeadLetters({ redisUrl: services.redisUrl, prefix: services.redisPrefix })

test('stores what is in the stream and what comes later, in fat inserts, and answers its probes', async () => {
  const early = Array.from({ length: 40 }, (_, i) => numberedBlock(i, 100, 1 + (i % 2)))
  for (const block of early) await stream.append(block)
  const { url } = await startStore()
  await untilStored(stream)
  expect(await storedTotals(telemetry)).toEqual(totalsOf(early))
  expect(gate.inserts.get('samples')).toBe(1)
  const late = [numberedBlock(100, 10)]
  for (const block of late) await stream.append(block)
  await untilStored(stream)
  expect(await storedTotals(telemetry)).toEqual(totalsOf([...early, ...late]))
  expect((await findSeries(telemetry, 2, { metric: 'm', matchers: [] })).length).toBe(20)
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' })
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({
    status: 'ready',
    stores: { redis: 'ok', clickhouse: 'ok' },
  })
})

test('waits while ClickHouse is away, says so, and loses and doubles nothing', async () => {
  await gate.close()
  const { url } = await startStore()
  const blocks = [numberedBlock(200, 50), numberedBlock(201, 50)]
  for (const block of blocks) await stream.append(block)
  const answer = await fetch(`${url}/readyz`)
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ status: 'unready', stores: { redis: 'ok' } })
  await gate.open()
  await untilStored(stream)
  await gate.close()
  const last = numberedBlock(202, 50)
  await stream.append(last)
  await expect.poll(() => stream.readOpenRecord(0), { timeout: 5000 }).not.toBeNull()
  await gate.open()
  await untilStored(stream)
  expect(await storedTotals(telemetry)).toEqual(totalsOf([...blocks, last]))
})

test('gives memory back before ingest would refuse, however fresh what it stored is', async () => {
  const limit = (await stream.heldBytes(0)) + 100_000
  app = await start({ ...services.env, CLICKHOUSE_URL: gate.url, NINES_STREAM_MAX_BYTES: String(limit) })
  for (let i = 0; (await stream.heldBytes(0)) < 0.75 * limit; i++) await stream.append(numberedBlock(300 + i, 500))
  await untilStored(stream)
  await expect.poll(() => stream.heldBytes(0), { timeout: 10_000 }).toBeLessThan(0.6 * limit)
})

test('stops in the middle of an outage; the next one finishes the open record', async () => {
  const first = await startStore()
  await stream.append(numberedBlock(300, 5))
  await untilStored(stream)
  await gate.close()
  const block = numberedBlock(301, 70)
  await stream.append(block)
  await expect.poll(() => stream.readOpenRecord(0), { timeout: 5000 }).not.toBeNull()
  await first.stop()
  await gate.open()
  await startStore()
  await untilStored(stream)
  expect(await storedTotals(telemetry)).toEqual(totalsOf([numberedBlock(300, 5), block]))
})

test('an answer of ClickHouse that is lost on its way doubles nothing', async () => {
  let lost = 0
  gate.onInsert = (_table, phase) => {
    if (phase === 'after' && lost++ < 3) throw new Error('the connection breaks')
  }
  await startStore()
  const blocks = [numberedBlock(400, 1000), numberedBlock(401, 1000)]
  for (const block of blocks) await stream.append(block)
  await untilStored(stream)
  expect(lost).toBeGreaterThanOrEqual(3)
  expect(await storedTotals(telemetry)).toEqual(totalsOf(blocks))
})

describe('a block that cannot be stored', () => {
  afterEach(async () => {
    await redis.del(`${services.redisPrefix}:{blocks:0}:dead-letters`)
  })

  test('because it cannot be decoded becomes a dead letter, the others are stored', async () => {
    const [before, after] = [numberedBlock(500, 10), numberedBlock(501, 10)]
    await stream.append(before)
    const id = await appendRaw(Buffer.from('this is no block'))
    await stream.append(after)
    await startStore()
    await untilStored(stream)
    expect(await storedTotals(telemetry)).toEqual(totalsOf([before, after]))
    const found = await letters.list()
    expect(found).toMatchObject([{ entryId: id }])
    expect(found[0]?.bytes.toString()).toBe('this is no block')
  })

  test('because ClickHouse refuses its rows becomes a dead letter that can be replayed once it is mended, the others are stored', async () => {
    await telemetry.command('ALTER TABLE samples ADD CONSTRAINT lucky CHECK whole != 613')
    try {
      const [before, bad, after] = [numberedBlock(600, 5), numberedBlock(610, 5), numberedBlock(620, 5)]
      await stream.append(before)
      const id = await stream.append(bad)
      await stream.append(after)
      await startStore()
      await untilStored(stream)
      expect(await storedTotals(telemetry)).toEqual(totalsOf([before, after]))
      const found = await letters.list()
      expect(found).toMatchObject([{ entryId: id, reason: expect.stringContaining('lucky') }])
      expect(found[0]?.bytes).toEqual(encodeBlock(bad))
      await telemetry.command('ALTER TABLE samples DROP CONSTRAINT lucky')
      expect(await letters.replay(0, found[0]?.id ?? '')).toBe(true)
      await untilStored(stream)
      expect(await storedTotals(telemetry)).toEqual(totalsOf([before, bad, after]))
    } finally {
      await telemetry.command('ALTER TABLE samples DROP CONSTRAINT IF EXISTS lucky')
    }
  })
})

/** Puts bytes into the stream that no version of this product wrote. */
async function appendRaw(bytes: Buffer): Promise<string> {
  const key = `${services.redisPrefix}:{blocks:0}`
  const id = (await redis.xadd(key, '*', 'b', bytes)) as string
  await redis.xadd(`${key}:sizes`, id, 's', String(bytes.length))
  await redis.incrby(`${key}:bytes`, bytes.length)
  return id
}
