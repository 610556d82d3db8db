import { emptyBlock, type Block } from '@nines/wire'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { dueRanges } from './due-ranges.ts'
import { touchedBuckets } from './touched-buckets.ts'

const WIDTH = 300_000
const rules = {
  widthMs: WIDTH,
  graceMs: 30_000,
  quietMs: 10_000,
  old: { afterMs: 600_000, quietMs: 3_000 },
  patienceMs: 60_000,
  maxRangeMs: 4 * WIDTH,
}
const blockAt = (at: number[]): Block => ({
  ...emptyBlock(1),
  samples: {
    series: new BigUint64Array(at.length),
    at: Float64Array.from(at),
    start: new Float64Array(at.length),
    value: new Float64Array(at.length),
  },
})

test('the buckets of rows are those of each row', () => {
  const edge = fc.integer({ min: 0, max: 7_000_000 }).map((n) => n * WIDTH)
  const time = fc.oneof(fc.integer({ min: 0, max: 2_000_000_000_000 }), edge)
  fc.assert(
    fc.property(fc.array(fc.array(time, { maxLength: 20 }), { maxLength: 3 }), (blocks) => {
      const expected = new Set(blocks.flat().map((at) => (Math.ceil(at / WIDTH) - 1) * WIDTH))
      expect(touchedBuckets(blocks.map(blockAt), 'samples', WIDTH)).toEqual(expected)
      const closed = new Set(blocks.flat().map((at) => Math.floor(at / WIDTH) * WIDTH))
      expect(touchedBuckets(blocks.map(blockAt), 'samples', WIDTH, 'end')).toEqual(closed)
    }),
  )
})

test('a bucket is due once it has ended, waited for stragglers and been quiet', () => {
  const end = WIDTH
  const due = (now: number, markedAt: number) =>
    dueRanges([{ start: 0, markedAt, waitsSince: now - 10_000 }], now, rules).length === 1
  expect(due(end, 0)).toBe(false)
  expect(due(end + 29_999, 0)).toBe(false)
  expect(due(end + 30_000, end + 20_000)).toBe(true)
  expect(due(end + 30_000, end + 20_001)).toBe(false)
  expect(due(end + 599_999, end + 590_000)).toBe(false)
})

test('one that ended long ago waits for less quiet, and not for ever', () => {
  const now = WIDTH + 600_000
  const due = (markedAt: number, waitsSince: number) =>
    dueRanges([{ start: 0, markedAt, waitsSince }], now, rules).length === 1
  expect(due(now - 3_000, now - 10_000)).toBe(true)
  expect(due(now - 2_999, now - 10_000)).toBe(false)
  expect(due(now, now - 59_999)).toBe(false)
  expect(due(now, now - 60_000)).toBe(true)
})

test('neighbours are computed together, as many as one statement may hold', () => {
  const marked = [0, 1, 2, 3, 4, 6].map((i) => ({ start: i * WIDTH, markedAt: 0, waitsSince: 0 }))
  const ranges = dueRanges(marked, 100 * WIDTH, rules)
  expect(ranges.map(({ from, to }) => [from / WIDTH, to / WIDTH])).toEqual([
    [0, 4],
    [4, 5],
    [6, 7],
  ])
  expect(ranges.flatMap(({ buckets }) => buckets)).toEqual(marked)
})
