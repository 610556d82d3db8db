import { BITS, SPLIT_UNITS } from './split-units.ts'
import type { SplitValues } from './split-values.ts'

/** The bits of the value in one row, worked out as the column `value` does. */
export function joinedBits({ whole, rest }: SplitValues, row: number): bigint {
  const integer = BigInt.asIntN(64, (BigInt(whole[2 * row + 1]!) << 32n) | BigInt(whole[2 * row]!))
  const left = rest[row]!
  const code = left & 3
  if (left === 0) return bitsOf(Number(integer))
  if (code === BITS) return BigInt.asUintN(64, integer)
  const { unit, shift } = SPLIT_UNITS[code]!
  const fraction = (left >> 2) & (2 ** (shift - 2) - 1)
  const decimal = Number(integer * BigInt(unit) + BigInt(fraction)) / unit
  return BigInt.asUintN(64, bitsOf(decimal) + BigInt(left >> shift))
}

export function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0]!
}

const HARD: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.01,
  -0.01,
  0.001,
  1e-6,
  0.1 + 0.2,
  2.9999999999999996,
  3.0000000000000004,
  999.999,
  -999.999,
  Infinity,
  -Infinity,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  2.2250738585072014e-308,
]

/** Doubles that decimals, limits and rounding make difficult, as bits. */
export const HARD_BITS: readonly bigint[] = HARD.concat(
  [31, 32, 51, 52, 53, 62, 63, 64].flatMap((power) => neighbours(2 ** power)),
  [100, 1000, 1e6].flatMap((unit) => neighbours(2 ** 52 / unit)),
  [100, 1000, 1e6].flatMap((unit) => neighbours(Math.floor(2 ** 52 / unit) - 1 / unit)),
)
  .map(bitsOf)
  // Prometheus's stale marker, quiet and signalling NaN with other payloads and signs.
  .concat([0x7ff0000000000002n, 0x7ff8000000000000n, 0x7ff8000000000001n, 0xfff0000000000123n, 0xffffffffffffffffn])

function neighbours(value: number): number[] {
  const bits = bitsOf(value)
  const near = [bits - 1n, bits, bits + 1n].map((some) => new Float64Array(BigUint64Array.of(some).buffer)[0]!)
  return [...near, ...near.map((some) => -some)]
}
