/**
 * Slices of one SLO version by hours of UTC, as columns in any order. Sums are of all revisions stored: right where `rows` is the
 * number of measured minutes and none came `later`. Minutes are bits, thirty in `…Low` from its lowest bit on, thirty in `…High`.
 */
export interface HourColumns {
  /** Starts of the hours in hours since 1970. */
  hour: ArrayLike<number>
  good: ArrayLike<number>
  total: ArrayLike<number>
  /** Slices, each revision one. */
  rows: ArrayLike<number>
  /** 1 where one of them is not all good, and where one became known after the instant as of which hours were asked for. */
  uneven: ArrayLike<number>
  later: ArrayLike<number>
  measuredLow: ArrayLike<number>
  measuredHigh: ArrayLike<number>
  /** Minutes with events. */
  eventsLow: ArrayLike<number>
  eventsHigh: ArrayLike<number>
  /** All minutes whose share of bad events is above 1 - target in some revision, and maybe others that are not all good. */
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
