import { NinesError } from '@nines/kernel'

/** A copy of 3 bytes makes at most 64: nothing can be compressed better than this. */
const MAX_RATIO = 22
const LITERAL = 0

/**
 * Decompresses snappy's block format (google/snappy, format_description.txt), as remote write and Loki's push use it; the
 * framed format is another one. Throws NinesError 'too_large' when the content would be larger than `maxBytes`, before
 * making room for it, and 'bad_request' when the body is corrupt.
 */
export function snappyDecompress(body: Uint8Array, maxBytes: number): Buffer {
  const { size, start } = snappySize(body, maxBytes)
  const output = Buffer.allocUnsafe(size)
  let at = start
  let written = 0
  while (at < body.length) {
    const tag = body[at]!
    const extra = extraBytes(tag)
    if (at + extra >= body.length) throw corrupt(at, 'ends inside an element')
    const length = lengthOf(body, at, tag)
    if (length > size - written) throw corrupt(at, `more than the ${size} bytes that it says it holds`)
    if ((tag & 3) === LITERAL) {
      const from = at + 1 + extra
      if (length > body.length - from) throw corrupt(at, `${length} literal bytes where ${body.length - from} are left`)
      output.set(body.subarray(from, from + length), written)
      at = from + length
    } else {
      const offset = offsetOf(body, at, tag)
      if (offset === 0 || offset > written)
        throw corrupt(at, `copies from ${offset} bytes back, ${written} are written`)
      copyBack(output, written, offset, length)
      at += 1 + extra
    }
    written += length
  }
  if (written !== size) throw corrupt(at, `${written} bytes instead of the ${size} that it says it holds`)
  return output
}

/** The size of the content and where it starts, with the same errors. */
export function snappySize(body: Uint8Array, maxBytes: number): { size: number; start: number } {
  let size = 0
  for (let start = 0; start < 5; start++) {
    const byte = body[start]
    if (byte === undefined) throw corrupt(start, 'ends inside its length')
    size += (byte & 0x7f) * 2 ** (7 * start)
    if (byte >= 0x80) continue
    if (size > maxBytes)
      throw new NinesError('too_large', `the body has ${size} bytes uncompressed; at most ${maxBytes} are accepted`)
    if (size > (body.length - start) * MAX_RATIO)
      throw corrupt(start, `says that it holds ${size} bytes, more than ${body.length} compressed bytes can`)
    return { size, start: start + 1 }
  }
  throw corrupt(4, 'its length takes more than 5 bytes')
}

/** Bytes of length and offset behind a tag. */
function extraBytes(tag: number): number {
  const kind = tag & 3
  if (kind === LITERAL) return tag >> 2 < 60 ? 0 : (tag >> 2) - 59
  return kind === 3 ? 4 : kind
}

function lengthOf(body: Uint8Array, at: number, tag: number): number {
  const kind = tag & 3
  if (kind === 1) return ((tag >> 2) & 7) + 4
  if (kind !== LITERAL || tag >> 2 < 60) return (tag >> 2) + 1
  return littleEndian(body, at + 1, (tag >> 2) - 59) + 1
}

function offsetOf(body: Uint8Array, at: number, tag: number): number {
  const kind = tag & 3
  return kind === 1 ? ((tag >> 5) << 8) | body[at + 1]! : littleEndian(body, at + 1, kind === 2 ? 2 : 4)
}

function littleEndian(body: Uint8Array, at: number, bytes: number): number {
  let value = 0
  for (let i = 0; i < bytes; i++) value += body[at + i]! * 2 ** (8 * i)
  return value
}

/** A copy may overlap what it writes: then it repeats. */
function copyBack(output: Buffer, at: number, offset: number, length: number): void {
  if (offset >= length) output.copyWithin(at, at - offset, at - offset + length)
  else for (let i = at; i < at + length; i++) output[i] = output[i - offset]!
}

function corrupt(at: number, what: string): NinesError {
  return new NinesError('bad_request', `corrupt snappy body at byte ${at}: ${what}`)
}
