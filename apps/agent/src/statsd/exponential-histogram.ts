import type { ExponentialHistogram as ExponentialHistogramPoint } from '@opentelemetry/sdk-metrics'

/** Finest scale that OTLP knows; indexes of every finite double fit into 32 bits at it. */
const MAX_SCALE = 20
/** At MIN_SCALE all doubles fall into two buckets. */
const MIN_SCALE = -10
const MAX_BUCKETS = 160
const SCALE_FACTOR = 2 ** MAX_SCALE / Math.LN2

/**
 * Counts values in buckets whose bounds are powers of 2^(2^-scale), (lower, upper], at the finest scale at which neither
 * side needs more than 160 buckets (OpenTelemetry metrics data model, "ExponentialHistogram"). The result does not
 * depend on the order of the values: buckets are found at the finest scale and only then made coarser, and a coarser
 * bucket is exactly a pair of finer ones.
 */
export class ExponentialHistogram {
  #scale = MAX_SCALE
  readonly #positive = new Side()
  readonly #negative = new Side()
  #zeros = 0
  #sum = 0
  #min = Infinity
  #max = -Infinity

  /** Counts a finite value `weight` times; a sampled value weighs 1 / sample rate, which need not be whole. */
  add(value: number, weight = 1): void {
    this.#sum += value * weight
    this.#min = Math.min(this.#min, value)
    this.#max = Math.max(this.#max, value)
    if (value === 0) {
      this.#zeros += weight
      return
    }
    const side = value > 0 ? this.#positive : this.#negative
    side.add(finestIndex(Math.abs(value)) >> (MAX_SCALE - this.#scale), weight)
    while (this.#scale > MIN_SCALE && Math.max(this.#positive.width, this.#negative.width) > MAX_BUCKETS) this.#halve()
  }

  /** The OTLP data point. Bucket counts are whole numbers there, so weights are rounded bucket by bucket. */
  point(): ExponentialHistogramPoint {
    const positive = this.#positive.buckets()
    const negative = this.#negative.buckets()
    const zeroCount = Math.round(this.#zeros)
    const count = [...positive.bucketCounts, ...negative.bucketCounts].reduce((sum, n) => sum + n, zeroCount)
    return {
      count,
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      scale: this.#scale,
      zeroCount,
      positive,
      negative,
    }
  }

  #halve(): void {
    this.#scale--
    this.#positive.halve()
    this.#negative.halve()
  }
}

/** Weights by bucket index of the values of one sign. */
class Side {
  #weights = new Map<number, number>()
  #lowest = Infinity
  #highest = -Infinity

  get width(): number {
    return this.#weights.size === 0 ? 0 : this.#highest - this.#lowest + 1
  }

  add(index: number, weight: number): void {
    this.#weights.set(index, (this.#weights.get(index) ?? 0) + weight)
    this.#lowest = Math.min(this.#lowest, index)
    this.#highest = Math.max(this.#highest, index)
  }

  halve(): void {
    const finer = this.#weights
    this.#weights = new Map()
    this.#lowest = Infinity
    this.#highest = -Infinity
    for (const [index, weight] of finer) this.add(index >> 1, weight)
  }

  buckets(): ExponentialHistogramPoint['positive'] {
    if (this.width === 0) return { offset: 0, bucketCounts: [] }
    const bucketCounts = Array.from({ length: this.width }, (_, i) =>
      Math.round(this.#weights.get(this.#lowest + i) ?? 0),
    )
    return { offset: this.#lowest, bucketCounts }
  }
}

const double = new DataView(new ArrayBuffer(8))
const SUBNORMAL_SHIFT = 54

/**
 * Index of the bucket that holds a positive finite value at MAX_SCALE. Exponent and significand are looked at apart,
 * for the logarithm of a large value is too coarse to tell the buckets near it from one another.
 */
function finestIndex(value: number): number {
  double.setFloat64(0, value)
  const biased = double.getUint32(0) >>> 20
  if (biased === 0) return finestIndex(value * 2 ** SUBNORMAL_SHIFT) - (SUBNORMAL_SHIFT << MAX_SCALE)
  const base = (biased - 1023) << MAX_SCALE
  const significand = ((double.getUint32(0) & 0xfffff) * 2 ** 32 + double.getUint32(4)) * 2 ** -52 + 1
  // Exact powers belong to the bucket below, whose upper bound they are.
  if (significand === 1) return base - 1
  return base + Math.min(Math.floor(Math.log(significand) * SCALE_FACTOR), 2 ** MAX_SCALE - 1)
}
