import { createBucketBook } from '@nines/pipeline'
import { FinishedBuckets, type BucketTable } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { createRollupProgress } from './rollup-progress.ts'

const services = await useServices()
const book = createBucketBook({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
afterAll(() => book.close())

const HOUR = 3_600_000
const FIVE_MINUTES = 300_000

test('buckets that were computed anew leave memory before they count as finished again', async () => {
  let now = 10 * HOUR
  const buckets = new FinishedBuckets()
  const progress = createRollupProgress({ book, shards: 2, clock: { now: () => now }, buckets })
  const ask = () => progress(3)
  let fetched = 0
  const read = async (table: BucketTable, width: number) => {
    const before = fetched
    const wanted = { workspace: 3, table, width, what: 'increase', keys: ['1'], from: 0, to: 2 * HOUR }
    await buckets.read(wanted, async () => {
      fetched++
      return []
    })
    return fetched > before
  }
  expect(await ask()).toEqual({ rollup_5m: 0, rollup_1h: 0, service_rollup_1m: 0 })
  await book.begin(1)
  now += 1_000
  expect(await ask()).toEqual({ rollup_5m: now, rollup_1h: 10 * HOUR, service_rollup_1m: now })
  for (const width of [true, false]) {
    expect(await read('rollup_5m', FIVE_MINUTES)).toBe(width)
    expect(await read('samples', 60_000)).toBe(width)
    expect(await read('rollup_1h', HOUR)).toBe(width)
  }

  await book.mark(1, 'fiveMinutes', [HOUR])
  now += 1_000
  expect(await ask()).toEqual({ rollup_5m: HOUR, rollup_1h: HOUR, service_rollup_1m: HOUR })
  await book.settle(1, 'fiveMinutes', await book.marked(1, 'fiveMinutes'))
  await book.mark(0, 'hours', [0])
  await book.settle(0, 'hours', await book.marked(0, 'hours'))
  // What was read is believed for a moment; from then on the bucket is finished again and no longer in memory.
  now += 1_000
  expect((await ask()).rollup_5m).toBe(now)
  expect(await read('rollup_5m', FIVE_MINUTES)).toBe(true)
  expect(await read('samples', 60_000)).toBe(true)
  expect(await read('rollup_1h', HOUR)).toBe(false)

  await book.settle(1, 'hours', [{ start: 0, markedAt: 0 }])
  now += 1_000
  await ask()
  expect(await read('rollup_1h', HOUR)).toBe(true)
  expect(await read('rollup_5m', FIVE_MINUTES)).toBe(false)
})
