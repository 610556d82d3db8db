import { NinesError } from '@nines/kernel'

const MAX_LITERAL = 60_000
const MAX_DISTANCE = 65_535

/** Snappy block with the bytes from `offset` to `offset + length` of every place stored as they are. */
export interface PatchableBlock {
  bytes: Buffer
  /** Where each place stands in `bytes`. */
  offsets: Uint32Array
}

/**
 * Compresses once so that afterwards the compressed request can be changed in place: the bytes of `places` are never
 * part of a copy, neither as its source nor as its target. The generator then costs 0.05 us a sample instead of a
 * compression, and never holds up the server it loads.
 */
export function compressPatchable(source: Buffer, places: Uint32Array, length: number): PatchableBlock {
  const nextFixed = distanceToFixed(source.length, places, length)
  const out = new SnappyWriter(source)
  const table = new Int32Array(1 << 16).fill(-1)
  let literalFrom = 0
  let at = 0
  while (at + 4 <= source.length) {
    if (nextFixed[at] === at) {
      at++
      continue
    }
    const slot = Math.imul(source.readUInt32LE(at), 0x1e35a7bd) >>> 16
    const candidate = table[slot] ?? -1
    table[slot] = at
    const matched = candidate < 0 ? 0 : matchLength(source, candidate, at, nextFixed)
    if (matched < 4) {
      at++
      continue
    }
    out.literal(literalFrom, at)
    out.copy(at - candidate, matched)
    at += matched
    literalFrom = at
  }
  out.literal(literalFrom, source.length)
  return { bytes: out.finish(), offsets: Uint32Array.from(places, (place) => out.placeOf(place, length)) }
}

/** For each position the first one at or behind it that must stay literal. */
function distanceToFixed(size: number, places: Uint32Array, length: number): Uint32Array {
  const next = new Uint32Array(size + 1).fill(size)
  const fixed = new Uint8Array(size)
  for (const place of places) fixed.fill(1, place, place + length)
  for (let i = size - 1, nearest = size; i >= 0; i--) {
    if (fixed[i] === 1) nearest = i
    next[i] = nearest
  }
  return next
}

function matchLength(source: Buffer, candidate: number, at: number, nextFixed: Uint32Array): number {
  if (at - candidate > MAX_DISTANCE) return 0
  const limit = Math.min((nextFixed[at] ?? 0) - at, (nextFixed[candidate] ?? 0) - candidate, at - candidate)
  let n = 0
  while (n < limit && source[candidate + n] === source[at + n]) n++
  return n
}

class SnappyWriter {
  readonly #source: Buffer
  readonly #out: Buffer
  /** Position in the output of every literal byte of the source, plus one. */
  readonly #map: Uint32Array
  #length = 0

  constructor(source: Buffer) {
    this.#source = source
    this.#out = Buffer.alloc(Math.ceil(source.length * 1.2) + 64)
    this.#map = new Uint32Array(source.length)
    let rest = source.length
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#out[this.#length++] = (rest & 127) | 128
    this.#out[this.#length++] = rest
  }

  literal(from: number, to: number): void {
    for (let start = from; start < to; start += MAX_LITERAL) {
      const count = Math.min(to - start, MAX_LITERAL)
      this.#literalHead(count)
      for (let k = 0; k < count; k++) {
        this.#map[start + k] = this.#length + 1
        this.#out[this.#length++] = this.#source[start + k] ?? 0
      }
    }
  }

  /** Copies with two-byte distance, at most 64 bytes each. */
  copy(distance: number, length: number): void {
    for (let left = length; left > 0; left -= 64) {
      this.#out[this.#length++] = ((Math.min(64, left) - 1) << 2) | 2
      this.#out[this.#length++] = distance & 255
      this.#out[this.#length++] = distance >> 8
    }
  }

  placeOf(place: number, length: number): number {
    const first = (this.#map[place] ?? 0) - 1
    for (let k = 0; k < length; k++) {
      if (this.#map[place + k] !== first + k + 1)
        throw new NinesError('internal', `bytes at ${place} are not in one piece`)
    }
    return first
  }

  finish(): Buffer {
    return Buffer.from(this.#out.subarray(0, this.#length))
  }

  #literalHead(count: number): void {
    if (count <= 60) {
      this.#out[this.#length++] = (count - 1) << 2
    } else if (count <= 256) {
      this.#out[this.#length++] = 60 << 2
      this.#out[this.#length++] = count - 1
    } else {
      this.#out[this.#length++] = 61 << 2
      this.#out[this.#length++] = (count - 1) & 255
      this.#out[this.#length++] = (count - 1) >> 8
    }
  }
}
