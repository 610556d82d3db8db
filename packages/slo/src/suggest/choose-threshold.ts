import { boundOf, highestBound } from '../exponential-increase.ts'

/** A quantile of what was measured. */
export interface QuantileValue {
  quantile: number
  value: number
}

export interface ChosenThreshold extends QuantileValue {
  /** The threshold. */
  threshold: number
}

/** Tried in this order: what all but one in a hundred get, or one in twenty where buckets end before. */
const QUANTILES = [0.99, 0.95]
/** Numbers that people say. */
const NICE = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

/**
 * The lowest bucket bound at or above the 99th percentile, so that what counts as good is counted exactly; of the 95th
 * where the 99th lies beyond the last bound (where quantiles of buckets end, at that bound). null where that does, too.
 */
export function chooseBucketBound(
  bounds: readonly number[],
  quantiles: readonly QuantileValue[],
): ChosenThreshold | null {
  const finite = bounds.filter((bound) => Number.isFinite(bound) && bound > 0).toSorted((a, b) => a - b)
  const last = finite.at(-1)
  if (last === undefined) return null
  return firstOf(quantiles, (value) => (value < last ? finite.find((bound) => bound >= value) : undefined))
}

/**
 * A number that people say at or above the 99th percentile, for values that are not in buckets, or in those of an exponential
 * histogram of the scale: there the bound at or below it, which applies instead, lies at or above the percentile as well.
 */
export function chooseNiceThreshold(
  quantiles: readonly QuantileValue[],
  scale: number | null = null,
): ChosenThreshold | null {
  return firstOf(quantiles, (value) => {
    let threshold = niceAtLeast(value)
    const applied = (nice: number) => (scale === null ? nice : boundOf(highestBound(nice, scale), scale))
    while (applied(threshold) < value) threshold = niceAtLeast(threshold * (1 + 1e-9))
    return threshold
  })
}

function firstOf(
  quantiles: readonly QuantileValue[],
  choose: (value: number) => number | undefined,
): ChosenThreshold | null {
  for (const quantile of QUANTILES) {
    const value = quantiles.find((one) => one.quantile === quantile)?.value
    if (value === undefined || !(value > 0) || !Number.isFinite(value)) continue
    const threshold = choose(value)
    if (threshold !== undefined) return { quantile, value, threshold }
  }
  return null
}

/** The lowest nice number that is at least the value (> 0). */
export function niceAtLeast(value: number): number {
  const power = Math.floor(Math.log10(value))
  for (const exponent of [power - 1, power, power + 1]) {
    for (const digits of NICE) {
      // Written and read, so that it is the double of the decimal number.
      const nice = Number(`${digits}e${exponent}`)
      if (nice >= value) return nice
    }
  }
  return value
}
