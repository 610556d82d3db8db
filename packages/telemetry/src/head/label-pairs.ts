import { randomBytes } from 'node:crypto'

/** Bytes of a text in UTF-8 within a buffer. */
export interface TextBytes {
  readonly bytes: Buffer
  /** On the whole of the buffer. */
  readonly view: DataView
  readonly start: number
  readonly end: number
}

/** Senders choose the texts: without knowing these numbers they cannot choose texts that fall on one slot. */
const SEED = randomBytes(4).readInt32LE()
const FACTOR = randomBytes(4).readInt32LE() | 1
const FIRST_SLOTS = 1 << 10

/**
 * Pairs of a label's name and value under small numbers, each held once. They are found by their bytes, so that a pair
 * that is known costs neither a string nor an object.
 */
export class LabelPairs {
  readonly #names: string[] = []
  readonly #values: string[] = []
  readonly #uses: number[] = []
  readonly #hashes: number[] = []
  readonly #free: number[] = []
  /** Names as the one string that all their pairs share. */
  readonly #shared = new Map<string, { name: string; pairs: number }>()
  /** Number + 1 by hash, open addressing with linear probing; at most half full. */
  #slots = new Uint32Array(FIRST_SLOTS)
  #size = 0

  /** The number of the pair, which has one user more from now on. */
  use(name: TextBytes, value: TextBytes): number {
    const hash = hashOf(value, hashOf(name, SEED))
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]!
      if (entry === 0) return this.#add(hash, name, value)
      const number = entry - 1
      if (this.#hashes[number] !== hash) continue
      if (!isText(this.#names[number]!, name) || !isText(this.#values[number]!, value)) continue
      this.#uses[number]!++
      return number
    }
  }

  /** One user less; without any the number goes to another pair. */
  release(number: number): void {
    if (--this.#uses[number]! > 0) return
    this.#leave(number)
    const name = this.#names[number]!
    const shared = this.#shared.get(name)!
    if (--shared.pairs === 0) this.#shared.delete(name)
    this.#names[number] = ''
    this.#values[number] = ''
    this.#free.push(number)
    this.#size--
  }

  name(number: number): string {
    return this.#names[number]!
  }

  value(number: number): string {
    return this.#values[number]!
  }

  #add(hash: number, name: TextBytes, value: TextBytes): number {
    const number = this.#free.pop() ?? this.#names.length
    this.#names[number] = this.#sharedName(name)
    this.#values[number] = textOf(value)
    this.#uses[number] = 1
    this.#hashes[number] = hash
    this.#size++
    if (2 * this.#size > this.#slots.length) this.#grow()
    else this.#enter(number)
    return number
  }

  #sharedName(bytes: TextBytes): string {
    const name = textOf(bytes)
    const shared = this.#shared.get(name)
    if (shared) {
      shared.pairs++
      return shared.name
    }
    this.#shared.set(name, { name, pairs: 1 })
    return name
  }

  #enter(number: number): void {
    const mask = this.#slots.length - 1
    let slot = this.#hashes[number]! & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = number + 1
  }

  #grow(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length)
    for (const [number, uses] of this.#uses.entries()) if (uses > 0) this.#enter(number)
  }

  /** Takes a number out and moves those behind it up, so that every search still ends at its own. */
  #leave(number: number): void {
    const mask = this.#slots.length - 1
    let gap = this.#hashes[number]! & mask
    while (this.#slots[gap] !== number + 1) gap = (gap + 1) & mask
    for (let slot = (gap + 1) & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.#hashes[this.#slots[slot]! - 1]! & mask
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue
      this.#slots[gap] = this.#slots[slot]!
      gap = slot
    }
    this.#slots[gap] = 0
  }
}

function textOf({ bytes, start, end }: TextBytes): string {
  return bytes.toString('utf8', start, end)
}

function hashOf({ view, start, end }: TextBytes, from: number): number {
  let hash = from ^ (end - start)
  let i = start
  for (; i + 4 <= end; i += 4) {
    hash = Math.imul(hash ^ view.getInt32(i, true), FACTOR)
    hash ^= hash >>> 15
  }
  for (; i < end; i++) {
    hash = Math.imul(hash ^ view.getUint8(i), FACTOR)
    hash ^= hash >>> 15
  }
  return hash
}

/** Whether the bytes are the UTF-8 of the text. */
function isText(text: string, span: TextBytes): boolean {
  const { bytes, start, end } = span
  // Only of ASCII a text has as many characters as bytes.
  if (text.length !== end - start) return text.length < end - start && textOf(span) === text
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]!) return false
  return true
}
