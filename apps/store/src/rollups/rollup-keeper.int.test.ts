import { createBlockStream, createBucketBook, readSummedUpTo } from '@nines/pipeline'
import { createTelemetry, migrateTelemetry } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyBlock, type Block } from '@nines/wire'
import { createLogger, type RunningApp } from '@nines/kernel'
import { start } from '../start.ts'
import { untilStored } from '../stored-totals.ts'
import { FIVE_MINUTES_MS, HOUR_MS } from './bucket-marks.ts'
import { RollupKeeper } from './rollup-keeper.ts'
import { summingIn } from './summing.ts'

const services = await useServices()
const clickhouse = { url: services.clickhouseUrl, database: services.clickhouseDatabase }
const telemetry = createTelemetry(clickhouse)
const redis = { redisUrl: services.redisUrl, prefix: services.redisPrefix }
const stream = createBlockStream(redis)
const book = createBucketBook(redis)
const keeper = new RollupKeeper({
  book,
  summing: summingIn(telemetry, { shardCount: 1 }),
  logger: createLogger('test', 'silent'),
})
const never = new AbortController().signal
const HOUR = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 3 * HOUR_MS
let app: RunningApp | undefined

beforeAll(() => migrateTelemetry(clickhouse))
afterAll(async () => {
  await app?.stop()
  book.close()
  await stream.close()
  await telemetry.close()
})

/** A running total that grows by one a minute. */
function minutes(from: number, count: number): Block {
  const at = Float64Array.from({ length: count }, (_, i) => HOUR + (from + i) * 60_000)
  return {
    ...emptyBlock(1, Date.now()),
    samples: {
      series: new BigUint64Array(count).fill(7n),
      at,
      start: new Float64Array(count),
      value: at.map((time) => (time - HOUR) / 60_000),
    },
  }
}

const increases = async (table: string) =>
  (
    await telemetry.rows<{ at: string; increase: number }>(
      `SELECT toUnixTimestamp64Milli(at) AS at, increase FROM ${table} FINAL ORDER BY at`,
    )
  ).map(({ at, increase }) => [(Number(at) - HOUR) / 60_000, increase])

test('stored samples are summed by five minutes and hours, late ones anew, and queries know how far', async () => {
  app = await start(services.env)
  await stream.append(minutes(1, 60))
  await untilStored(stream)
  expect(await readSummedUpTo(book, 0, Date.now())).toMatchObject({ fiveMinutes: HOUR })
  const later = Date.now() + 60_000
  await keeper.turn(0, later, never)
  expect(await increases('rollup_5m')).toEqual(Array.from({ length: 12 }, (_, i) => [i * 5, i === 0 ? 4 : 5]))
  expect(await increases('rollup_1h')).toEqual([[0, 59]])
  expect((await readSummedUpTo(book, 0, later)).fiveMinutes).toBe(later)

  // A sample before all others gives the first bucket its first step, and one behind them opens the next hour.
  await stream.append(minutes(0, 1))
  await stream.append(minutes(61, 1))
  await untilStored(stream)
  expect((await readSummedUpTo(book, 0, later)).fiveMinutes).toBe(HOUR - FIVE_MINUTES_MS)
  await keeper.turn(0, Date.now() + 60_000, never)
  expect((await increases('rollup_5m')).slice(0, 2)).toEqual([
    [-5, 0],
    [0, 5],
  ])
  expect((await increases('rollup_5m')).at(-1)).toEqual([60, 1])
  expect(await increases('rollup_1h')).toEqual([
    [-60, 0],
    [0, 60],
    [60, 1],
  ])
}, 60_000)

test('a book that was lost counts everything as changed', async () => {
  await telemetry.command('TRUNCATE TABLE rollup_5m')
  const lost = createBucketBook({ ...redis, prefix: `${redis.prefix}-lost` })
  const fresh = new RollupKeeper({
    book: lost,
    summing: summingIn(telemetry, { shardCount: 1 }),
    logger: createLogger('t', 'silent'),
  })
  expect(await readSummedUpTo(lost, 0, Date.now())).toEqual({ fiveMinutes: 0, hours: 0 })
  await fresh.turn(0, Date.now() + 60_000, never)
  expect(await increases('rollup_5m')).toHaveLength(14)
  lost.close()
})
