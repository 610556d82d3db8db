import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { createBucketBook } from './bucket-book.ts'

const { redisUrl, redisPrefix: prefix } = await useServices()
const book = createBucketBook({ redisUrl, prefix })
afterAll(() => book.close())

const starts = async (kind: 'fiveMinutes' | 'edges' = 'fiveMinutes') =>
  (await book.marked(0, kind)).map(({ start }) => start)

test('buckets stay marked until they are settled, each kind and shard for itself', async () => {
  await book.mark(0, 'fiveMinutes', [300_000, 0, 600_000])
  await book.mark(0, 'edges', [60_000])
  await book.mark(1, 'fiveMinutes', [1])
  const found = await book.marked(0, 'fiveMinutes')
  expect(found.map(({ start }) => start)).toEqual([0, 300_000, 600_000])
  expect(Math.abs(Date.now() - (found[0]?.markedAt ?? 0))).toBeLessThan(5_000)
  await book.settle(0, 'fiveMinutes', found.slice(0, 2))
  expect([await starts(), await starts('edges')]).toEqual([[600_000], [60_000]])
})

test('a bucket that was marked again since it was read stays', async () => {
  await book.mark(0, 'edges', [120_000])
  const read = await book.marked(0, 'edges')
  await new Promise((resolve) => setTimeout(resolve, 3))
  await book.mark(0, 'edges', [120_000])
  await book.settle(0, 'edges', read)
  expect(await starts('edges')).toEqual([120_000])
})

test('a backfill marks thousands at once', async () => {
  const many = Array.from({ length: 9_000 }, (_, i) => i * 300_000)
  await book.mark(2, 'fiveMinutes', many)
  const found = await book.marked(2, 'fiveMinutes')
  expect(found).toHaveLength(9_000)
  await book.settle(2, 'fiveMinutes', found)
  expect(await book.marked(2, 'fiveMinutes')).toEqual([])
})

test('what was computed after a position is told once, and too much of it as everything', async () => {
  const settle = async (starts: number[]) => {
    await book.mark(3, 'hours', starts)
    await book.settle(3, 'hours', await book.marked(3, 'hours'))
  }
  expect(await book.settledAfter(3, 'hours', 0)).toEqual({ position: 0, starts: [] })
  await settle([7_200_000])
  const { position } = await book.settledAfter(3, 'hours', 0)
  expect(position).toBeGreaterThan(0)
  await settle([3_600_000, 0])
  const next = await book.settledAfter(3, 'hours', position)
  expect(next.starts).toEqual([0, 3_600_000])
  await settle([0])
  const again = await book.settledAfter(3, 'hours', next.position)
  expect(again.starts).toEqual([0])
  expect((await book.settledAfter(3, 'hours', again.position)).starts).toEqual([])
  // A position that is ahead of the book is of a book that was lost.
  expect((await book.settledAfter(3, 'hours', again.position + 1e6)).starts).toBeNull()
  await settle(Array.from({ length: 5_000 }, (_, i) => i * 3_600_000))
  expect((await book.settledAfter(3, 'hours', again.position)).starts).toBeNull()
})

test('a book says whether it was begun', async () => {
  expect(await book.isBegun(0)).toBe(false)
  await book.begin(0)
  expect([await book.isBegun(0), await book.isBegun(1)]).toEqual([true, false])
})
