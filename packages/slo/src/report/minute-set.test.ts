import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MinuteSet } from './minute-set.ts'

const HOURS = 3
const hour = fc.nat(HOURS - 1)
const minute = fc.nat(59)
const bound = fc.nat(60)
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), hour, minute }),
  fc.record({ kind: fc.constant('remove' as const), hour, from: bound, to: bound }),
  fc.record({ kind: fc.constant('put' as const), hour, low: fc.nat(2 ** 30 - 1), high: fc.nat(2 ** 30 - 1) }),
)

test('holds what a set of numbers holds', () => {
  fc.assert(
    fc.property(fc.array(step), hour, bound, bound, (steps, asked, from, to) => {
      const plain = new Set<number>()
      const set = new MinuteSet(HOURS)
      for (const one of steps) {
        const first = one.hour * 60
        if (one.kind === 'add') {
          set.add(one.hour, one.minute)
          plain.add(first + one.minute)
        } else if (one.kind === 'remove') {
          set.remove(one.hour, one.from, one.to)
          for (let m = one.from; m < one.to; m++) plain.delete(first + m)
        } else {
          set.put(one.hour, one.low, one.high)
          for (let m = 0; m < 60; m++) {
            const isOne = Math.floor((m < 30 ? one.low : one.high) / 2 ** (m % 30)) % 2 === 1
            if (isOne) plain.add(first + m)
            else plain.delete(first + m)
          }
        }
      }
      const other = new MinuteSet(HOURS)
      other.setTo(set)
      set.remove(asked, 0, 60)
      for (let m = 0; m < HOURS * 60; m++) expect(other.has(Math.floor(m / 60), m % 60)).toBe(plain.has(m))
      const between = [...plain].filter((m) => m >= asked * 60 + from && m < asked * 60 + to)
      expect(other.count(asked, from, to)).toBe(between.length)
      expect(set.count(asked, 0, 60)).toBe(0)
    }),
  )
})
