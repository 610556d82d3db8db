import {
  compareDecimals,
  cutDecimal,
  decimalText,
  dividedBy,
  minus,
  numberOf,
  ONE,
  parseDecimal,
  times,
  type Decimal,
} from '../decimal.ts'

/** Places of an availability that is no finite decimal. */
const PLACES = 15

/**
 * An availability as a fraction, from its percentage: `99.9` or `99.9 %` is 0.999. null unless it lies from 0 to 100; a
 * promise of 100 is one that allows nothing, and can be asked about.
 */
export function availabilityOf(percent: string): Decimal | null {
  const value = parseDecimal(percent.trim().replace(/\s*%$/, ''))
  if (value === null || value.digits < 0n) return null
  const fraction = { digits: value.digits, scale: value.scale + 2 }
  return compareDecimals(fraction, ONE) > 0 ? null : fraction
}

/** A fraction as a percentage, with all of its digits: 0.999 is `99.9 %`. */
export function percentText(availability: Decimal): string {
  return `${decimalText(times(availability, { digits: 100n, scale: 0 }))} %`
}

/** Milliseconds of downtime that an availability allows over a basis of so many: (1 − availability) × basis, exactly. */
export function allowedDowntime(availability: Decimal, basisMs: Decimal): Decimal {
  return times(minus(ONE, availability), basisMs)
}

/**
 * The availability that is left after so many milliseconds of downtime: 1 − downtime ÷ basis, cut after 15 places where it
 * has more, so that it never flatters. Below 0 when the downtime is longer than the basis.
 */
export function availabilityAfter(downtimeMs: Decimal, basisMs: Decimal): Decimal {
  return dividedBy(minus(basisMs, downtimeMs), basisMs, PLACES)
}

/** How many nines an availability begins with: 0.9995 has three. null for 1, which has no end of them. */
export function countNines(availability: Decimal): number | null {
  const missing = minus(ONE, availability)
  if (missing.digits <= 0n) return null
  let nines = 0
  for (let next = times(missing, TEN); compareDecimals(next, ONE) <= 0; next = times(next, TEN)) nines++
  return nines
}

/** −log10(1 − availability): 0.9995 is 3.3 nines. null for 1. */
export function ninesOf(availability: Decimal): number | null {
  const missing = numberOf(minus(ONE, availability))
  return missing <= 0 ? null : -Math.log10(missing)
}

/** How many of so many requests may be bad: whole ones. */
export function allowedBad(availability: Decimal, requests: bigint): bigint {
  return cutDecimal(times(minus(ONE, availability), { digits: requests, scale: 0 }), 0).digits
}

/** Availability of things that are all needed and fail independently: the product. 1 of none. */
export function inSeries(availabilities: readonly Decimal[]): Decimal {
  return availabilities.reduce(times, ONE)
}

/** Availability of things of which one is enough and that fail independently: 1 − the product of (1 − each). */
export function inParallel(availabilities: readonly Decimal[]): Decimal {
  return minus(ONE, inSeries(availabilities.map((one) => minus(ONE, one))))
}

const TEN: Decimal = { digits: 10n, scale: 0 }
