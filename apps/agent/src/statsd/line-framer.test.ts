import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { LineFramer } from './line-framer.ts'

const MAX = 8

it('cuts the same lines however the bytes are chopped, without those that are too long', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n'), maxLength: 60 })
  fc.assert(
    fc.property(text, fc.array(fc.nat({ max: 90 }), { maxLength: 10 }), (all, cuts) => {
      const bytes = Buffer.from(all)
      let tooLong = 0
      const framer = new LineFramer(MAX, () => tooLong++)
      const places = [...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b)
      const lines = places.flatMap((place, i) => framer.push(bytes.subarray(places[i - 1] ?? 0, place)))
      lines.push(...framer.end())
      const expected = all.split('\n').filter((line) => line !== '')
      expect(lines.map(String)).toEqual(expected.filter((line) => Buffer.byteLength(line) <= MAX))
      expect(tooLong).toBe(expected.filter((line) => Buffer.byteLength(line) > MAX).length)
    }),
  )
})
