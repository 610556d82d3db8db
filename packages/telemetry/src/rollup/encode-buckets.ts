import type { NativeWriter } from '../native/native-writer.ts'
import { REST_LIMIT, UNITS, WHOLE_LIMIT } from './bucket-units.ts'

/** What buckets come to, one place each. */
export interface Buckets {
  min: Float64Array
  max: Float64Array
  sum: Float64Array
  count: Uint32Array
  increase: Float64Array
}

/** The columns that hold them in rollup_5m and rollup_1h; those of 64 bits as pairs of words, the low one first. */
export interface EncodedBuckets {
  unit: Uint16Array
  maxWhole: Uint32Array
  minWhole: Uint32Array
  sumWhole: Uint32Array
  maxRest: Int32Array
  minRest: Int32Array
  sumRest: Int32Array
}

const WORD = 2 ** 32

/** The same as insertBuckets does in SQL, for rows that are made here. The bits of every value come back, whatever it is. */
export function encodeBuckets(buckets: Buckets): EncodedBuckets {
  const { min, max, sum, increase } = buckets
  const rows = max.length
  const encoded: EncodedBuckets = {
    unit: new Uint16Array(rows),
    maxWhole: new Uint32Array(2 * rows),
    minWhole: new Uint32Array(2 * rows),
    sumWhole: new Uint32Array(2 * rows),
    maxRest: new Int32Array(rows),
    minRest: new Int32Array(rows),
    sumRest: new Int32Array(rows),
  }
  for (let i = 0; i < rows; i++) {
    const unit = unitOf(buckets, i)
    if (unit === 0) {
      encodeBits(encoded, i, max[i]!, min[i]!, sum[i]!)
      continue
    }
    const highest = wholeOf(max[i]!, unit)
    const lowest = wholeOf(min[i]!, unit)
    const middle = Math.trunc(((highest + lowest) * buckets.count[i]!) / 2)
    encoded.unit[i] = unit
    setWords(encoded.maxWhole, i, highest)
    setWords(encoded.minWhole, i, highest - lowest - wholeOf(increase[i]!, unit))
    setWords(encoded.sumWhole, i, wholeOf(sum[i]!, unit) - middle)
    encoded.maxRest[i] = restOf(max[i]!, unit)
    encoded.minRest[i] = restOf(min[i]!, unit)
    encoded.sumRest[i] = restOf(sum[i]!, unit)
  }
  return encoded
}

/** Adds the columns of a bucket's values to a block for rollup_5m or rollup_1h. */
export function addBucketColumns(rows: NativeWriter, buckets: Buckets): NativeWriter {
  const encoded = encodeBuckets(buckets)
  return rows
    .uint16('unit', encoded.unit)
    .joined('max_whole', 'Int64', [memoryOf(encoded.maxWhole)])
    .int32('max_rest', encoded.maxRest)
    .joined('min_whole', 'Int64', [memoryOf(encoded.minWhole)])
    .int32('min_rest', encoded.minRest)
    .joined('sum_whole', 'Int64', [memoryOf(encoded.sumWhole)])
    .int32('sum_rest', encoded.sumRest)
    .uint32('count', buckets.count)
    .float64('increase', buckets.increase)
}

function unitOf({ min, max, sum, count, increase }: Buckets, i: number): number {
  const times = Math.max(1, count[i]!)
  for (const unit of UNITS) {
    const fits =
      Math.abs(max[i]! * unit) * times < WHOLE_LIMIT &&
      Math.abs(min[i]! * unit) * times < WHOLE_LIMIT &&
      Math.abs(sum[i]! * unit) < WHOLE_LIMIT &&
      Math.abs(increase[i]! * unit) < WHOLE_LIMIT
    if (fits && isNear(max[i]!, unit) && isNear(min[i]!, unit) && isNear(sum[i]!, unit)) return unit
  }
  return 0
}

function wholeOf(value: number, unit: number): number {
  return Math.floor(value * unit + 0.5)
}

function isNear(value: number, unit: number): boolean {
  return Math.abs(restOf(value, unit)) < REST_LIMIT
}

const pair = new Float64Array(2)
const words = new Int32Array(pair.buffer)

/** By how much the bits of a value, as an integer, differ from those of the nearest multiple; far off it is not exact. */
function restOf(value: number, unit: number): number {
  pair[0] = value
  pair[1] = wholeOf(value, unit) / unit
  return (words[1]! - words[3]!) * WORD + ((words[0]! >>> 0) - (words[2]! >>> 0))
}

function encodeBits({ maxWhole, minWhole, sumWhole }: EncodedBuckets, i: number, ...values: number[]): void {
  const [max, min, sum] = values as [number, number, number]
  pair[0] = max
  maxWhole[2 * i] = words[0]!
  maxWhole[2 * i + 1] = words[1]!
  setBitDifference(minWhole, i, max, min)
  setBitDifference(sumWhole, i, sum, max)
}

function setBitDifference(target: Uint32Array, i: number, a: number, b: number): void {
  pair[0] = a
  pair[1] = b
  const low = (words[0]! >>> 0) - (words[2]! >>> 0)
  target[2 * i] = low
  target[2 * i + 1] = words[1]! - words[3]! - (low < 0 ? 1 : 0)
}

function setWords(target: Uint32Array, i: number, value: number): void {
  target[2 * i] = value
  target[2 * i + 1] = Math.floor(value / WORD)
}

function memoryOf(array: Uint32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}
