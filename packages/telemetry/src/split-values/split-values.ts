import { BITS, INTEGER_LIMIT, MULTIPLE_LIMIT, SPLIT_UNITS } from './split-units.ts'

/** Columns of `samples` that hold values: `whole` as pairs of words, the low one first. */
export interface SplitValues {
  whole: Uint32Array
  rest: Int32Array
}

const WORD = 2 ** 32
/** More than the nearest decimal may be off, as a share of the value: what is further needs no division to be told. */
const FAR = 2 ** -32

/**
 * Splits doubles, given as bytes in any number of pieces, as splitColumns does in SQL. Every bit comes back, that of any
 * NaN too. Runs for every sample: most are small whole numbers and take three stores.
 */
export function splitValues(pieces: readonly Buffer[], rows: number): SplitValues {
  const split = { whole: new Uint32Array(2 * rows), rest: new Int32Array(rows) }
  let at = 0
  for (const piece of pieces) {
    splitPiece(split, at, aligned(piece))
    at += piece.length / 8
  }
  return split
}

function splitPiece(split: SplitValues, at: number, piece: Buffer): void {
  const count = piece.length / 8
  const values = new Float64Array(piece.buffer, piece.byteOffset, count)
  const { whole } = split
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    const small = value | 0
    // Minus zero is no whole number here: its bits would be lost.
    if (small === value && (small !== 0 || 1 / value > 0)) {
      whole[2 * (at + i)] = small
      whole[2 * (at + i) + 1] = small >> 31
    } else if (!splitOther(split, at + i, value)) keepBits(split, at + i, piece, i)
  }
}

/** False when the value is near no decimal. */
function splitOther({ whole, rest }: SplitValues, row: number, value: number): boolean {
  if (Math.floor(value) === value && value !== 0 && Math.abs(value) < INTEGER_LIMIT) {
    setWords(whole, row, value)
    return true
  }
  for (let i = 0; i < SPLIT_UNITS.length; i++) {
    const { unit, code, shift, limit } = SPLIT_UNITS[i]!
    const exact = value * unit
    if (!(Math.abs(exact) < MULTIPLE_LIMIT)) return false
    const multiple = Math.floor(exact + 0.5)
    if (Math.abs(exact - multiple) > Math.abs(exact) * FAR) continue
    const difference = bitDifference(value, multiple / unit)
    if (!(Math.abs(difference) < limit)) continue
    const integer = Math.floor(multiple / unit)
    setWords(whole, row, integer)
    rest[row] = (difference << shift) | ((multiple - integer * unit) << 2) | code
    return true
  }
  return false
}

const pair = new Float64Array(2)
const words = new Int32Array(pair.buffer)

/** Of two doubles' bits as integers; inexact where it is large. */
function bitDifference(a: number, b: number): number {
  pair[0] = a
  pair[1] = b
  return (words[1]! - words[3]!) * WORD + ((words[0]! >>> 0) - (words[2]! >>> 0))
}

function setWords(target: Uint32Array, row: number, integer: number): void {
  target[2 * row] = integer
  target[2 * row + 1] = Math.floor(integer / WORD)
}

/** Copied as words: a double that goes through a variable may lose which NaN it is. */
function keepBits({ whole, rest }: SplitValues, row: number, piece: Buffer, i: number): void {
  whole[2 * row] = piece.readUInt32LE(8 * i)
  whole[2 * row + 1] = piece.readUInt32LE(8 * i + 4)
  rest[row] = BITS
}

function aligned(piece: Buffer): Buffer {
  if (piece.byteOffset % 8 === 0) return piece
  const copy = Buffer.from(new ArrayBuffer(piece.length))
  piece.copy(copy)
  return copy
}
