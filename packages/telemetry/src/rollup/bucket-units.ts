/**
 * Values of buckets are stored as a multiple of 1, 1/100 or 1/1000 and what the bits of the double differ by from that
 * multiple's: nothing for totals and decimals, little for decimals that were added up. Both compress where doubles do not.
 * The first unit is taken to which all values of a bucket are near; where there is none, 0 stands for their bits.
 */
export const UNITS = [1, 100, 1000] as const

/** Whole numbers of one row, and what is computed of them, stay below 2^53: exact in doubles too. */
export const WHOLE_LIMIT = 4.5e15

/** A double is near to a multiple up to this difference of their bits as integers. */
export const REST_LIMIT = 2 ** 24
