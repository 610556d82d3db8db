import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecentMap } from './recent-map.ts'

test('never holds more than its limit and never answers another key’s value', () => {
  const step = fc.record({ key: fc.nat({ max: 30 }), write: fc.boolean() })
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.array(step, { maxLength: 300 }), (limit, steps) => {
      const map = new RecentMap<number, string>(limit)
      const written = new Set<number>()
      for (const { key, write } of steps) {
        if (write) {
          map.set(key, `value ${key}`)
          written.add(key)
          expect(map.get(key)).toBe(`value ${key}`)
        } else expect([undefined, `value ${key}`]).toContain(map.get(key))
        if (!written.has(key)) expect(map.get(key)).toBeUndefined()
        expect(map.size).toBeLessThanOrEqual(limit)
      }
    }),
  )
})

test('keeps what is used while the rest passes through', () => {
  const map = new RecentMap<number, string>(100)
  map.set(-1, 'in use')
  for (let key = 0; key < 10_000; key++) {
    map.set(key, 'passing')
    expect(map.get(-1)).toBe('in use')
  }
  expect(map.get(0)).toBeUndefined()
})
