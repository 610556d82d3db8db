import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ownerOf } from './rendezvous.ts'

const members = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 6 })

test('everybody names the same owner, whatever the order of members', () => {
  fc.assert(
    fc.property(members, fc.string(), (names, key) => {
      const owner = ownerOf(key, names)
      expect(names).toContain(owner)
      expect(ownerOf(key, names.toReversed())).toBe(owner)
    }),
  )
})

test('a member that leaves moves only what it owned', () => {
  fc.assert(
    fc.property(members, fc.string(), (names, key) => {
      const [leaver = '', ...rest] = names
      const before = ownerOf(key, names)
      expect(ownerOf(key, rest)).toBe(before === leaver ? ownerOf(key, rest) : before)
    }),
  )
})

test('shares are about equal, and nobody owns anything without members', () => {
  const names = ['a', 'b', 'c', 'd']
  const shares = new Map(names.map((name) => [name, 0]))
  for (let i = 0; i < 4000; i++) {
    const owner = ownerOf(`slo_${i}`, names) ?? ''
    shares.set(owner, (shares.get(owner) ?? 0) + 1)
  }
  for (const share of shares.values()) expect(Math.abs(share - 1000)).toBeLessThan(150)
  expect(ownerOf('slo_1', [])).toBeNull()
})
