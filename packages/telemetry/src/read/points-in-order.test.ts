import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { inOrder } from './points-in-order.ts'

test('stretches, apart or entangled, come in order with the greatest value of each instant, no number before any', () => {
  const value = fc.oneof(fc.nat(9), fc.constant(NaN))
  const stretch = fc
    .tuple(fc.nat(100), fc.array(fc.tuple(fc.nat(3), value), { maxLength: 20 }))
    .map(([from, steps]) => {
      let at = from
      return steps.map(([step, held]): [number, number] => [(at += step), held])
    })
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 6 }), fc.boolean(), (entangled, isApart) => {
      const stretches = isApart
        ? entangled.map((one, i) => one.map(([at, held]) => [at + ((i * 7) % 6) * 1_000, held] as const))
        : entangled
      const rows = stretches.flat()
      const points = {
        at: Float64Array.from(rows, ([at]) => at),
        value: Float64Array.from(rows, ([, held]) => held),
        length: rows.length,
      }
      inOrder(points)
      const wanted = new Map<number, number>()
      for (const [at, held] of rows) {
        const known = wanted.get(at) ?? -1
        wanted.set(at, Number.isNaN(held) || Number.isNaN(known) ? NaN : Math.max(known, held))
      }
      const found = Array.from({ length: points.length }, (_, i) => [points.at[i]!, points.value[i]!])
      expect(found).toEqual([...wanted].toSorted(([a], [b]) => a - b))
    }),
    { numRuns: 300 },
  )
})
