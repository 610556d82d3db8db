import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FinishedBuckets, type BucketsWanted, type FetchBuckets } from './finished-buckets.ts'

const WIDTH = 60_000
const KEYS = ['a', 'b', 'c']

/** A rollup whose buckets hold what a table of numbers says; a bucket whose number is a multiple of 7 is not there. */
function rollup() {
  const changes = new Map<string, number>()
  const value = (key: string, at: number) => changes.get(`${key} ${at}`) ?? (KEYS.indexOf(key) + 1) * 1_000 + at / WIDTH
  const isThere = (at: number) => (at / WIDTH) % 7 !== 0
  let fetches = 0
  const fetch: FetchBuckets = async (keys, from, to) => {
    fetches++
    const starts = Array.from({ length: (to - from) / WIDTH }, (_, i) => from + i * WIDTH).filter(isThere)
    return keys
      .filter((key) => KEYS.includes(key))
      .map((key) => ({
        key,
        slots: starts.map((at) => (at - from) / WIDTH),
        values: starts.map((at) => value(key, at)),
      }))
  }
  return { changes, value, isThere, fetch, fetches: () => fetches }
}

const wanted = (from: number, to: number, keys: readonly string[] = KEYS, workspace = 1): BucketsWanted => ({
  workspace,
  table: 'service_rollup_1m',
  width: WIDTH,
  what: 'requests',
  keys,
  from: from * WIDTH,
  to: to * WIDTH,
})

test('what is read is what the rollup holds, through growth, changes and eviction', async () => {
  const span = fc.tuple(fc.nat(60), fc.nat(40)).map(([from, length]) => ({ from, to: from + length }))
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ read: span, keys: fc.subarray([...KEYS, 'absent']) }) },
    { weight: 1, arbitrary: fc.record({ change: fc.nat(100), key: fc.constantFrom(...KEYS) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.constantFrom(100, 10_000), async (steps, maxCells) => {
      const { changes, value, isThere, fetch } = rollup()
      const buckets = new FinishedBuckets({ maxCells })
      for (const [i, one] of steps.entries()) {
        if ('change' in one) {
          const at = one.change * WIDTH
          changes.set(`${one.key} ${at}`, -i)
          buckets.forget('service_rollup_1m', () => true, [{ from: at, to: at + WIDTH }])
          continue
        }
        const { from, to } = one.read
        const rows = await buckets.read(wanted(from, to, one.keys), fetch)
        for (const key of one.keys) {
          const row = rows.get(key)!
          for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
            const there = isThere(at) && key !== 'absent'
            expect(row.values[(at - row.from) / WIDTH]).toEqual(there ? value(key, at) : NaN)
          }
        }
      }
    }),
  )
})

test('only what is new is fetched', async () => {
  const { fetch, fetches } = rollup()
  const buckets = new FinishedBuckets()
  const spans: number[][] = []
  const noting: FetchBuckets = (keys, from, to) => {
    spans.push([keys.length, from / WIDTH, to / WIDTH])
    return fetch(keys, from, to)
  }
  await buckets.read(wanted(10, 20), noting)
  await buckets.read(wanted(12, 18, ['b']), noting)
  await buckets.read(wanted(12, 22), noting)
  await buckets.read(wanted(15, 22), noting)
  await buckets.read(wanted(9, 22, ['a']), noting)
  await buckets.read(wanted(10, 20, KEYS, 2), noting)
  expect(spans).toEqual([
    [3, 10, 20],
    [3, 20, 22],
    [1, 9, 22],
    [3, 10, 20],
  ])
  expect(fetches()).toBe(4)
})

test('a change ends what lies behind it, in its table and workspaces only', async () => {
  const { fetch, fetches } = rollup()
  const buckets = new FinishedBuckets()
  await buckets.read(wanted(0, 10), fetch)
  await buckets.read(wanted(0, 10, KEYS, 2), fetch)
  buckets.forget('rollup_1h', () => true, undefined)
  buckets.forget('service_rollup_1m', (workspace) => workspace === 1, [{ from: 5 * WIDTH, to: 6 * WIDTH }])
  await buckets.read(wanted(0, 5), fetch)
  await buckets.read(wanted(0, 10, KEYS, 2), fetch)
  expect(fetches()).toBe(2)
  await buckets.read(wanted(0, 6), fetch)
  expect(fetches()).toBe(3)
})

test('what was being read while a bucket changed is not kept', async () => {
  const { fetch, fetches, changes } = rollup()
  const buckets = new FinishedBuckets()
  await buckets.read(wanted(0, 10), async (keys, from, to) => {
    const old = await fetch(keys, from, to)
    changes.set(`a ${WIDTH}`, -1)
    buckets.forget('service_rollup_1m', () => true, [{ from: WIDTH, to: 2 * WIDTH }])
    return old
  })
  const rows = await buckets.read(wanted(0, 10), fetch)
  expect(fetches()).toBe(2)
  expect(rows.get('a')!.values[1]).toBe(-1)
})
