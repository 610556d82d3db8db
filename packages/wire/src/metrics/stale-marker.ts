/**
 * The value by which Prometheus and remote write say that a series has ended: one particular signalling NaN. JavaScript
 * may turn it into another NaN when it passes through a number, so it is written and recognised as words.
 * https://prometheus.io/docs/specs/prw/remote_write_spec/#stale-markers
 */
export const STALE_MARKER = 0x7ff0_0000_0000_0002n
export const STALE_LOW = 0x0000_0002
export const STALE_HIGH = 0x7ff0_0000

/** Whether the little-endian words of a double are the stale marker. */
export function isStaleWords(low: number, high: number): boolean {
  return low === STALE_LOW && high === STALE_HIGH
}

/** Whether item `index` of a column of values is the stale marker. Costs nothing for values that are no NaN. */
export function isStaleAt(values: Float64Array, index: number): boolean {
  const value = values[index]
  if (value === value) return false
  const words = new Uint32Array(values.buffer, values.byteOffset + 8 * index, 2)
  return isStaleWords(words[0]!, words[1]!)
}
