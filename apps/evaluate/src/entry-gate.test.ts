import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EntryGate } from './entry-gate.ts'

/**
 * The follower takes entries of a shard one after the other from where it happens to stand when the SLO comes; the SLO
 * catches up from the oldest one, now and then beginning anew, and reads on beyond the place where the follower stood.
 */
test('every entry passes once, however catching up and following interleave', () => {
  const scenario = fc.record({
    entries: fc.integer({ min: 1, max: 12 }),
    followedFrom: fc.integer({ min: 0, max: 12 }),
    turns: fc.array(fc.constantFrom('follow', 'catch up', 'begin anew'), { maxLength: 40 }),
  })
  fc.assert(
    fc.property(scenario, ({ entries, followedFrom, turns }) => {
      const gate = new EntryGate()
      const passed: number[] = []
      const show = (entry: number, isCatchingUp: boolean) => {
        if (gate.admits({ shard: 0, id: `${entry + 1}-0` }, isCatchingUp)) passed.push(entry)
      }
      let [following, catching] = [Math.min(followedFrom, entries), 0]
      for (const turn of turns) {
        if (turn === 'begin anew') catching = 0
        else if (turn === 'follow' && following < entries) show(following++, false)
        else if (turn === 'catch up' && catching < entries) show(catching++, true)
      }
      while (following < entries) show(following++, false)
      while (catching < entries) show(catching++, true)
      expect(passed.toSorted((a, b) => a - b)).toEqual(Array.from({ length: entries }, (_, i) => i))
    }),
  )
})

test('shards have their own entries', () => {
  const gate = new EntryGate()
  expect(gate.admits({ shard: 0, id: '5-0' }, true)).toBe(true)
  expect(gate.admits({ shard: 1, id: '5-0' }, true)).toBe(true)
  expect(gate.admits({ shard: 1, id: '5-0' }, false)).toBe(false)
})
