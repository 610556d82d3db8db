/** 2^32 nanoseconds are 4294 ms and this many nanoseconds. */
const HIGH_WORD_MS = 4_294
const HIGH_WORD_REST_NANOS = 967_296

/** Whole milliseconds of a time in nanoseconds given as two 32-bit words, without a rounding error. */
export function wordsToMs(high: number, low: number): number {
  const rest = high * HIGH_WORD_REST_NANOS + low
  return high * HIGH_WORD_MS + (rest - (rest % 1e6)) / 1e6
}

/** The same for a 64-bit integer. */
export function nanosToMs(nanos: bigint): number {
  return Number(nanos / 1_000_000n)
}
