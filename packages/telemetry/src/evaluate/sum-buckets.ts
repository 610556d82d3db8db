/** Values of buckets that lie one behind the other from `from` on (epoch ms), NaN where a bucket holds nothing. */
export interface Buckets {
  from: number
  values: Float64Array
}

/** The sum of the buckets in (from, to], edges of buckets both; NaN when none of them holds anything. */
export function sumBuckets({ from: begin, values }: Buckets, width: number, from: number, to: number): number {
  const first = Math.max(0, (from - begin) / width)
  const end = Math.min(values.length, (to - begin) / width)
  let sum = NaN
  for (let i = first; i < end; i++) {
    const value = values[i]!
    if (value === value) sum = sum === sum ? sum + value : value
  }
  return sum
}
