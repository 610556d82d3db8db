import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventKeys } from './event-keys.ts'
import { SliceAccumulator, type TailEvent } from './slice-accumulator.ts'

const BASE = Date.UTC(2026, 2, 29)

const key = fc.record({
  keyLow: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 0xffff_ffff })),
  keyHigh: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 0xffff_ffff })),
})

test('every unique key is new once, whichever source brings it, among thousands', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(key, fc.constantFrom('stream' as const, 'store' as const)), { maxLength: 400 }),
      (rows) => {
        const keys = new EventKeys()
        const known = new Set<string>()
        for (const [{ keyLow, keyHigh }, source] of rows) {
          const name = `${keyLow} ${keyHigh}`
          expect(keys.addUnique(keyLow, keyHigh, source)).toBe(!known.has(name))
          known.add(name)
        }
      },
    ),
  )
  const keys = new EventKeys()
  let fresh = 0
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 50_000; i++) if (keys.addUnique(i, i % 7, 'stream')) fresh++
  expect(fresh).toBe(50_000)
})

test('of rows without identity as many count as the source that has more of them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom('stream' as const, 'store' as const)), {
        maxLength: 60,
      }),
      (rows) => {
        const keys = new EventKeys()
        const counted = rows.filter(([low, source]) => keys.addOneOfMany(low, 0, source)).length
        let expected = 0
        for (let low = 0; low <= 5; low++) {
          const of = (wanted: string) => rows.filter(([k, source]) => k === low && source === wanted).length
          expected += Math.max(of('stream'), of('store'))
        }
        expect(counted).toBe(expected)
      },
    ),
  )
})

/**
 * Events as they were appended; the store holds the first of them, the stream the last, and they overlap. `repeats` say
 * which span is sent twice.
 */
const history = (isUnique: boolean) =>
  fc
    .array(
      fc.record({
        at: fc.integer({ min: -120, max: 1200 }).map((second) => BASE + second * 1000),
        keyLow: isUnique ? fc.nat() : fc.integer({ min: 0, max: 2 }),
        keyHigh: fc.constant(0),
        isUnique: fc.constant(isUnique),
        isGood: fc.boolean(),
      }),
      { maxLength: 60 },
    )
    .map((events) => {
      // What a row is decides its key: for rows without identity instant and goodness are part of it, as its reader makes it.
      if (!isUnique)
        return events.map((e) => ({ ...e, keyLow: e.keyLow * 2 + Number(e.isGood), keyHigh: e.at % 0xffff_ffff }))
      const unique = [...new Map(events.map((event) => [event.keyLow, event])).values()]
      return [...unique, ...unique.slice(0, 5)]
    })

function truth(events: TailEvent[]): [number, number[]][] {
  const minutes = new Map<number, number[]>()
  const known = new Set<number>()
  for (const event of events) {
    if (event.at < BASE || (event.isUnique && known.has(event.keyLow))) continue
    known.add(event.keyLow)
    const minute = event.at - (event.at % 60_000)
    const [good, total] = minutes.get(minute) ?? [0, 0]
    minutes.set(minute, [good! + Number(event.isGood), total! + 1])
  }
  return [...minutes].sort(([a], [b]) => a - b)
}

const counted = (accumulator: SliceAccumulator) =>
  [...accumulator.minutes.minutes()].map(([minute, { good, total }]) => [minute, [good, total]])

test.each([true, false])(
  'events of stream and store, overlapping, in any order (identity: %s) count once',
  (isUnique) => {
    fc.assert(
      fc.property(
        history(isUnique),
        fc.nat({ max: 60 }),
        fc.nat({ max: 60 }),
        fc.nat({ max: 60 }),
        (events, storedUpTo, streamFrom, absorbedAfter) => {
          const stored = events.slice(0, Math.max(storedUpTo, streamFrom))
          const streamed = events.slice(streamFrom)
          const accumulator = new SliceAccumulator(BASE)
          const add = (rows: TailEvent[], source: 'stream' | 'store') => {
            for (const row of rows) {
              const outcome = accumulator.addEvent(row, source)
              if (row.at < BASE) expect(outcome).toBe('late')
            }
          }
          add(streamed.slice(0, absorbedAfter), 'stream')
          add(stored.toReversed(), 'store')
          add(streamed.slice(absorbedAfter), 'stream')
          const union = [...stored, ...events.slice(Math.max(storedUpTo, streamFrom))]
          if (isUnique) expect(counted(accumulator)).toEqual(truth(union))
          else {
            // Rows alike in everything are told apart by number only: where the stream lost some and the store has not got others yet, fewer count.
            const groups = Map.groupBy(union, (row) => `${row.keyLow} ${row.keyHigh}`)
            const isSplit = [...groups.values()].some(
              (rows) => rows.length > Math.max(of(stored, rows[0]!), of(streamed, rows[0]!)),
            )
            if (!isSplit) expect(counted(accumulator)).toEqual(truth(union))
          }
        },
      ),
      { numRuns: 300 },
    )
  },
)

const of = (rows: TailEvent[], { keyLow, keyHigh }: TailEvent) =>
  rows.filter((row) => row.keyLow === keyLow && row.keyHigh === keyHigh).length

test('keys of minutes that left the tail are forgotten, their counts stay', () => {
  const accumulator = new SliceAccumulator(BASE)
  const event = { at: BASE + 5000, keyLow: 1, keyHigh: 2, isUnique: true, isGood: true }
  expect(accumulator.addEvent(event, 'stream')).toBe('counted')
  expect(accumulator.addEvent(event, 'store')).toBe('duplicate')
  accumulator.advance(BASE + 60_000)
  expect(accumulator.addEvent(event, 'stream')).toBe('late')
  expect(accumulator.minutes.get(BASE)).toEqual({ good: 1, total: 1 })
  expect(accumulator.takeChanged(Infinity)).toEqual([BASE])
})
