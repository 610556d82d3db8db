/**
 * Values of samples are stored in two columns. `whole` is the value rounded down. `rest` holds what is missing: how many
 * hundredths, thousandths or millionths (bits 2 and up), by how much the bits of the double differ from that decimal's
 * (above those: nothing for decimals, little for decimals that were added up), and which of these it is (bits 0 and 1).
 * Whole numbers have no rest. Where no decimal is near, the code is BITS and `whole` holds the bits of the double.
 *
 * Table `samples` is made with these numbers (JOINED_VALUE): they cannot change without another version of it.
 *
 * The whole part lies apart so that it runs on from sample to sample when a value happens to need fewer decimals than the one before.
 */
export interface SplitUnit {
  /** Parts of one that are counted. */
  unit: number
  code: number
  /** Position of the difference of bits in `rest`, above the fraction. */
  shift: number
  /** A decimal is near when the difference of bits, as integers, stays below this. */
  limit: number
}

export const SPLIT_UNITS: readonly SplitUnit[] = [
  { unit: 100, code: 0, shift: 12, limit: 2 ** 19 },
  { unit: 1000, code: 1, shift: 12, limit: 2 ** 19 },
  { unit: 1_000_000, code: 2, shift: 22, limit: 2 ** 9 },
]

/** Code of a value whose bits are kept. */
export const BITS = 3

/** A value times its unit stays below this: its neighbours are whole numbers, and dividing finds the way back. */
export const MULTIPLE_LIMIT = 2 ** 52

/** Whole numbers up to here fit the column, as they are. */
export const INTEGER_LIMIT = 2 ** 63
