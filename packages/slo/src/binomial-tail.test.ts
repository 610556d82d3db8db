import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { binomialTail } from './binomial-tail.ts'

/** Made with mpmath at 60 digits: the continued fraction DLMF 8.17.22 over the logs of its gamma functions. */
const VECTORS: [bad: number, total: number, ratio: number, tail: number][] = [
  [1, 10, 0.001, 0.00995511979025179],
  [2, 10, 0.001, 4.47606289930493e-5],
  [3, 12, 0.001, 2.1851974277187e-7],
  [2, 4, 0.001, 5.992003e-6],
  [7, 10, 0.1, 9.1216e-6],
  [10, 10, 0.5, 0.0009765625],
  [36, 36000, 0.001, 0.522199854881092],
  [40, 36000, 0.001, 0.273611664566022],
  [3.25, 11.75, 0.001, 4.56498654760257e-8],
  [0.5, 3.5, 0.01, 0.21657559375],
  [1, 1e5, 1e-5, 0.632122398233428],
  [5, 1e5, 1e-5, 0.00365961690505613],
  [1.0001e9, 1e12, 0.001, 0.000778627520978822],
  [1.001e9, 1e12, 0.001, 6.43010255135225e-220],
  [10000100, 1e12, 1e-5, 0.487428429366363],
  [1.01e7, 1e12, 1e-5, 4.71465083881892e-219],
  [2592157, 2.592e9, 0.001, 0.461221099695328],
  [500003e6, 1e12, 0.5, 9.86593720832447e-10],
]

test.each(VECTORS)('%d bad of %d at %d: %d', (bad, total, ratio, tail) => {
  expect(Math.abs(binomialTail(bad, total, ratio) / tail - 1)).toBeLessThan(1e-9)
})

test.each([
  [0, 10, 0.5, 1],
  [11, 10, 0.5, 0],
  [1, 10, 0, 0],
  [10, 10, 1, 1],
  [700_000, 1_000_000, 0.5, 0],
  [0.999e9, 1e12, 0.001, 1],
])('edges: %d bad of %d at %d: %d', (bad, total, ratio, tail) => {
  expect(binomialTail(bad, total, ratio)).toBeCloseTo(tail, 12)
})

/** The tail as an exact fraction: ratio is parts of a thousand, and every term is an integer. */
function exactTail(bad: number, total: number, parts: bigint): number {
  let choose = 1n
  let sum = 0n
  for (let k = 0n; k <= BigInt(total); k++) {
    if (k >= BigInt(bad)) sum += choose * parts ** k * (1000n - parts) ** (BigInt(total) - k)
    choose = (choose * (BigInt(total) - k)) / (k + 1n)
  }
  // Thirty digits after the leading one survive the division.
  const scale = 1000n ** BigInt(total)
  const digits = Math.max(0, scale.toString().length - sum.toString().length) + 30
  return Number((sum * 10n ** BigInt(digits)) / scale) / Number(`1e${digits}`)
}

test('integers: what exact arithmetic gives', () => {
  const cases = fc
    .record({ total: fc.integer({ min: 1, max: 90 }), parts: fc.integer({ min: 1, max: 999 }) })
    .chain(({ total, parts }) => fc.tuple(fc.integer({ min: 1, max: total }), fc.constant(total), fc.constant(parts)))
  fc.assert(
    fc.property(cases, ([bad, total, parts]) => {
      const exact = exactTail(bad, total, BigInt(parts))
      expect(Math.abs(binomialTail(bad, total, parts / 1000) - exact)).toBeLessThanOrEqual(1e-9 * exact + 1e-15)
    }),
    { numRuns: 500 },
  )
})

test('more bad events are never likelier, also between whole events and at any size', () => {
  const size = fc.double({ min: 0, max: 12, noNaN: true }).map((power) => 10 ** power)
  fc.assert(
    fc.property(
      size,
      fc.double({ min: 1e-5, max: 0.5, noNaN: true }),
      fc.double({ min: -8, max: 8, noNaN: true }),
      (total, ratio, deviations) => {
        const spread = Math.sqrt(total * ratio * (1 - ratio))
        const bad = Math.max(0, Math.min(total, total * ratio + deviations * spread))
        const more = Math.min(total, bad + 0.3 * spread)
        const [here, there] = [binomialTail(bad, total, ratio), binomialTail(more, total, ratio)]
        expect(here).toBeGreaterThanOrEqual(0)
        expect(here).toBeLessThanOrEqual(1)
        expect(there).toBeLessThanOrEqual(here + 1e-12)
      },
    ),
    { numRuns: 300 },
  )
})
