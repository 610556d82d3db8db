/**
 * Slices of one SLO version by hours of UTC, as columns in any order. Sums are of all revisions known: right where `rows` is the
 * number of measured minutes. Minutes are bits, thirty in `…Low` from its lowest bit on, thirty in `…High`.
 */
export interface HourColumns {
  /** Starts of the hours in hours since 1970. */
  hour: ArrayLike<number>
  good: ArrayLike<number>
  total: ArrayLike<number>
  /** Slices, each revision one, and those of them that are not all good. */
  rows: ArrayLike<number>
  uneven: ArrayLike<number>
  measuredLow: ArrayLike<number>
  measuredHigh: ArrayLike<number>
  /** Minutes with events. */
  eventsLow: ArrayLike<number>
  eventsHigh: ArrayLike<number>
  /** Minutes whose share of bad events is above 1 - target, in some revision. */
  burnLow: ArrayLike<number>
  burnHigh: ArrayLike<number>
}

/** Whether the minute, from 0 to 59, is among the bits. */
export function hasMinute(low: number, high: number, minute: number): boolean {
  return minute < 30 ? ((low >>> minute) & 1) === 1 : ((high >>> (minute - 30)) & 1) === 1
}

/** How many minutes are among the bits. */
export function countMinutes(low: number, high: number): number {
  return bitCount(low) + bitCount(high)
}

/** Ones among 32 bits, added up in parallel (Hacker's Delight, 5-2). */
function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x5555_5555)
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333)
  return (((fours + (fours >>> 4)) & 0x0f0f_0f0f) * 0x0101_0101) >>> 24
}
