import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '@nines/kernel'
import { spawnApp, useServices, type AppProcess } from '@nines/testkit'
import { connectRedis, createBlockStream } from '@nines/pipeline'
import { createTelemetry } from '@nines/telemetry'
import type { Block } from '@nines/wire'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startClickHouseGate, type ClickHouseGate, type InsertPhase } from './clickhouse-gate.ts'
import { numberedBlock, storedTotals, totalsOf, untilStored } from './stored-totals.ts'

const services = await useServices()
const stream = createBlockStream({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const redis = connectRedis(services.redisUrl)
const running = new Set<AppProcess>()
let gate: ClickHouseGate

beforeAll(async () => {
  gate = await startClickHouseGate(services.clickhouseUrl)
})
afterEach(async () => {
  gate.onInsert = () => undefined
  for (const store of running) await store.kill()
  running.clear()
  await endLeaseOfTheDead()
  await telemetry.command('TRUNCATE TABLE samples')
})
afterAll(async () => {
  await gate.close()
  await stream.close()
  await telemetry.close()
  redis.disconnect()
})

async function spawn(): Promise<AppProcess> {
  const store = await spawnApp(path.join(import.meta.dirname, 'index.ts'), {
    ...services.env,
    CLICKHOUSE_URL: gate.url,
  })
  running.add(store)
  return store
}

/** As if the lease of a killed store had run out; the test of the standby waits for it. */
async function endLeaseOfTheDead(): Promise<void> {
  await redis.del(`${services.redisPrefix}:{blocks:0}:lease`)
}

async function append(from: number, count: number): Promise<Block[]> {
  const blocks = Array.from({ length: count }, (_, i) => numberedBlock(from + i, 500))
  for (const block of blocks) await stream.append(block)
  return blocks
}

describe('each row is stored once when the store is killed', { timeout: 60_000 }, () => {
  test.each([
    ['between opening the record and the first insert', 'series', 'before'],
    ['between one table and the next', 'samples', 'before'],
    ['between the insert and its answer', 'samples', 'after'],
  ] as const)('%s', async (_name, table, phase) => {
    const blocks = await append(1000, 20)
    const atThePoint = Promise.withResolvers<void>()
    const afterTheKill = Promise.withResolvers<void>()
    gate.onInsert = async (atTable: string, atPhase: InsertPhase) => {
      if (atTable !== table || atPhase !== phase) return
      atThePoint.resolve()
      await afterTheKill.promise
    }
    const first = await spawn()
    await atThePoint.promise
    await first.kill()
    running.delete(first)
    gate.onInsert = () => undefined
    afterTheKill.resolve()
    expect(await stream.readOpenRecord(0)).not.toBeNull()
    await endLeaseOfTheDead()
    await spawn()
    await untilStored(stream)
    expect(await storedTotals(telemetry)).toEqual(totalsOf(blocks))
  })

  test.each([1, 2, 3])('at random while blocks keep coming, seed %i', async (seed) => {
    const random = seededRandom(seed)
    const blocks: Block[] = []
    for (let round = 0; round < 3; round++) {
      const store = await spawn()
      const killAt = Date.now() + 200 + random() * 1500
      while (Date.now() < killAt) {
        blocks.push(...(await append(10_000 + blocks.length, 1 + Math.floor(random() * 10))))
        await sleep(random() * 60)
      }
      await store.kill()
      running.delete(store)
      await endLeaseOfTheDead()
    }
    await spawn()
    await untilStored(stream)
    expect(await storedTotals(telemetry)).toEqual(totalsOf(blocks))
  })
})

test('a standby takes over within 10 seconds of the death of the owner', { timeout: 60_000 }, async () => {
  const owner = await spawn()
  const blocks = await append(5000, 3)
  await untilStored(stream)
  await spawn()
  blocks.push(...(await append(5003, 3)))
  await owner.kill()
  running.delete(owner)
  blocks.push(...(await append(5006, 3)))
  await untilStored(stream, 10_000)
  expect(await storedTotals(telemetry)).toEqual(totalsOf(blocks))
})

test(
  'a store that was frozen in the middle of an insert and wakes after the takeover adds nothing',
  { timeout: 60_000 },
  async () => {
    const frozen = await spawn()
    const stopped = Promise.withResolvers<void>()
    const woken = Promise.withResolvers<void>()
    let isFirst = true
    gate.onInsert = async (table, phase) => {
      if (table !== 'samples' || phase !== 'before' || !isFirst) return
      isFirst = false
      process.kill(frozen.pid, 'SIGSTOP')
      stopped.resolve()
      await woken.promise
    }
    const blocks = await append(7000, 5)
    await stopped.promise
    await spawn()
    blocks.push(...(await append(7005, 5)))
    await untilStored(stream)
    process.kill(frozen.pid, 'SIGCONT')
    woken.resolve()
    blocks.push(...(await append(7010, 5)))
    await untilStored(stream)
    await sleep(1000)
    expect(await storedTotals(telemetry)).toEqual(totalsOf(blocks))
  },
)

test('a store that stops orderly hands over at once', { timeout: 60_000 }, async () => {
  const owner = await spawn()
  const blocks = await append(6000, 3)
  await untilStored(stream)
  await owner.stop()
  running.delete(owner)
  expect(await stream.acquireLease(0, 'the test', 1000)).toBe(true)
  await stream.releaseLease(0, 'the test')
  expect(await storedTotals(telemetry)).toEqual(totalsOf(blocks))
})
