import { sumBuckets, type Buckets } from './sum-buckets.ts'
import { instantOf, type Grid } from './points.ts'

export const MINUTE_MS = 60_000

/** Minutes from `from` to `to` (epoch ms) of one group, nothing in any of them yet. */
export function noMinutes(from: number, to: number): Buckets {
  return { from, values: new Float64Array(Math.max(0, (to - from) / MINUTE_MS)).fill(NaN) }
}

/** Adds other minutes to those of a group, as far as they lie in it. */
export function addMinutes(sums: Buckets, { from, values }: Buckets): void {
  const shift = (from - sums.from) / MINUTE_MS
  const begin = Math.max(0, shift)
  const end = Math.min(sums.values.length, values.length + shift)
  for (let i = begin; i < end; i++) {
    const value = values[i - shift]!
    if (value !== value) continue
    const sum = sums.values[i]!
    sums.values[i] = sum === sum ? sum + value : value
  }
}

/** Increases, or rates per second, over the windows of a grid, which consist of whole minutes. */
export function windowSums(
  minutes: Buckets,
  { grid, window, function: name }: { grid: Grid; window: number; function: string },
): Float64Array {
  const results = new Float64Array(grid.count)
  for (let k = 0; k < grid.count; k++) {
    const at = instantOf(grid, k)
    const increase = sumBuckets(minutes, MINUTE_MS, at - window, at)
    results[k] = name === 'rate' ? (increase * 1000) / window : increase
  }
  return results
}
