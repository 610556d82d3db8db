import { ByteStream } from '../columns/byte-stream.ts'
import type { ColumnBuilder } from '../columns/table-builder.ts'
import { isWellFormed } from '../columns/utf8.ts'

export const MAX_ATTRIBUTES = 256
export const MAX_ATTRIBUTE_KEY_BYTES = 256
/** Keys and values of one map together. */
export const MAX_ATTRIBUTES_BYTES = 1_048_576

/** https://opentelemetry.io/docs/specs/otel/common/mapping-to-non-otlp/#dropped-attributes-count */
const DROPPED_ATTRIBUTES = 'otel.dropped_attributes_count'
const EMPTY = Buffer.alloc(0)
const PLACES = 4
const FIRST_SLOTS = 16

/** A map as its columns hold it, for what many rows share. */
export interface EncodedMap {
  count: number
  keys: Buffer
  values: Buffer
}

/**
 * Attributes of one record between a decoder and a Map column: sorted by the bytes of their keys, the last of equal keys
 * alone. It notes where texts lie, in the request or, for texts made while decoding, in a scratch stream, and makes no
 * object for an attribute.
 *
 * A decoder calls `begin`, then for each attribute one of the key methods, one of the value methods and `add`.
 */
export class AttributeMap {
  readonly #scratch: ByteStream
  #source: Buffer = EMPTY
  /** Start and size of key and value of each slot; a start below 0 is ~start in the scratch stream. */
  #places = new Int32Array(FIRST_SLOTS * PLACES)
  /** Slots by key. */
  #order = new Int32Array(FIRST_SLOTS)
  #slots = 0
  #given = 0
  #bytes = 0
  #longestKey = 0
  #keyStart = 0
  #keySize = 0
  #valueStart = 0
  #valueSize = 0
  /** Attributes with different keys. */
  count = 0

  /** Several maps may share a scratch stream, which whoever owns it empties between records. */
  constructor(scratch: ByteStream) {
    this.#scratch = scratch
  }

  /** Forgets everything; `source` is what offsets of keys and values refer to from now on. */
  begin(source: Buffer): void {
    this.#source = source
    this.count = 0
    this.#slots = 0
    this.#given = 0
    this.#bytes = 0
    this.#longestKey = 0
    this.#clearPending()
  }

  keyAt(start: number, end: number): void {
    if (!isWellFormed(this.#source, start, end)) return this.keyText(this.#source.toString('utf8', start, end))
    this.#keyStart = start
    this.#keySize = end - start
  }

  keyText(text: string): void {
    this.#keyStart = ~this.#scratch.length
    this.#keySize = this.#scratch.rawText(text)
  }

  valueAt(start: number, end: number): void {
    if (!isWellFormed(this.#source, start, end)) return this.valueText(this.#source.toString('utf8', start, end))
    this.#valueStart = start
    this.#valueSize = end - start
  }

  valueText(text: string): void {
    this.#valueStart = ~this.#scratch.length
    this.#valueSize = this.#scratch.rawText(text)
  }

  /** A whole number below 2^53, as decimal digits. */
  valueInteger(value: number): void {
    this.#valueStart = ~this.#scratch.length
    this.#valueSize = this.#scratch.decimal(value)
  }

  /** Takes the key and the value that were named last; either is empty when none was. */
  add(): void {
    this.#given++
    this.#bytes += this.#keySize + this.#valueSize
    if (this.#keySize > this.#longestKey) this.#longestKey = this.#keySize
    // Too many are counted, and not kept: sorting them must not cost anything.
    if (this.#given <= MAX_ATTRIBUTES) this.#insert(this.#takeSlot())
    this.#clearPending()
  }

  /**
   * Notes how many attributes the sender left out, if any, under OpenTelemetry's own key for formats without a field:
   * events and links have no column for it.
   */
  addDropped(count: number): void {
    if (count === 0) return
    this.keyText(DROPPED_ATTRIBUTES)
    this.valueInteger(count)
    this.add()
  }

  /** Why the attributes are too many or too big, '' when they are not. `owner` is whose they are, as 'a span'. */
  fault(owner: string): string {
    if (this.#given > MAX_ATTRIBUTES)
      return `${owner} has ${this.#given} attributes, at most ${MAX_ATTRIBUTES} are allowed`
    if (this.#longestKey > MAX_ATTRIBUTE_KEY_BYTES)
      return `an attribute key of ${owner} is longer than ${MAX_ATTRIBUTE_KEY_BYTES} bytes`
    return this.#bytes > MAX_ATTRIBUTES_BYTES
      ? `the attributes of ${owner} take ${this.#bytes} bytes, at most ${MAX_ATTRIBUTES_BYTES} are allowed`
      : ''
  }

  /** Writes keys and values to a map's streams; the row is ended by the caller, who knows at what level it stands. */
  write(column: ColumnBuilder): void {
    const { values: keys, mapValues: values } = column
    for (let i = 0; i < this.count; i++) {
      const slot = this.#order[i]! * PLACES
      this.#writePlace(keys, this.#places[slot]!, this.#places[slot + 1]!)
      this.#writePlace(values, this.#places[slot + 2]!, this.#places[slot + 3]!)
    }
  }

  encode(): EncodedMap {
    const keys = new ByteStream()
    const values = new ByteStream()
    for (let i = 0; i < this.count; i++) {
      const slot = this.#order[i]! * PLACES
      this.#writePlace(keys, this.#places[slot]!, this.#places[slot + 1]!)
      this.#writePlace(values, this.#places[slot + 2]!, this.#places[slot + 3]!)
    }
    return { count: this.count, keys: keys.toBuffer(), values: values.toBuffer() }
  }

  /** The value of a key, undefined when there is none. Makes strings: not for every record. */
  get(key: string): string | undefined {
    for (let i = 0; i < this.count; i++) {
      const slot = this.#order[i]! * PLACES
      if (this.#text(this.#places[slot]!, this.#places[slot + 1]!) === key)
        return this.#text(this.#places[slot + 2]!, this.#places[slot + 3]!)
    }
    return undefined
  }

  #text(start: number, size: number): string {
    const bytes = start < 0 ? this.#scratch.memory : this.#source
    const from = start < 0 ? ~start : start
    return bytes.toString('utf8', from, from + size)
  }

  #writePlace(stream: ByteStream, start: number, size: number): void {
    stream.varuint(size)
    if (start < 0) stream.copy(this.#scratch.memory, ~start, ~start + size)
    else stream.copy(this.#source, start, start + size)
  }

  #clearPending(): void {
    this.#keyStart = 0
    this.#keySize = 0
    this.#valueStart = 0
    this.#valueSize = 0
  }

  #takeSlot(): number {
    const slot = this.#slots++
    if (slot === this.#order.length) this.#grow()
    const at = slot * PLACES
    this.#places[at] = this.#keyStart
    this.#places[at + 1] = this.#keySize
    this.#places[at + 2] = this.#valueStart
    this.#places[at + 3] = this.#valueSize
    return slot
  }

  #grow(): void {
    const places = new Int32Array(this.#places.length * 2)
    places.set(this.#places)
    this.#places = places
    const order = new Int32Array(this.#order.length * 2)
    order.set(this.#order)
    this.#order = order
  }

  /** Puts a slot where its key belongs, in place of the one with the same key. */
  #insert(slot: number): void {
    const order = this.#order
    let low = 0
    let high = this.count
    // Many senders write their keys in order.
    if (high > 0 && this.#compare(slot, order[high - 1]!) > 0) low = high
    while (low < high) {
      const middle = (low + high) >>> 1
      const side = this.#compare(slot, order[middle]!)
      if (side === 0) {
        order[middle] = slot
        return
      }
      if (side < 0) high = middle
      else low = middle + 1
    }
    for (let i = this.count; i > low; i--) order[i] = order[i - 1]!
    order[low] = slot
    this.count++
  }

  #compare(one: number, other: number): number {
    const places = this.#places
    const a = one * PLACES
    const b = other * PLACES
    const aStart = places[a]!
    const bStart = places[b]!
    const aBytes = aStart < 0 ? this.#scratch.memory : this.#source
    const bBytes = bStart < 0 ? this.#scratch.memory : this.#source
    const aFrom = aStart < 0 ? ~aStart : aStart
    const bFrom = bStart < 0 ? ~bStart : bStart
    const aSize = places[a + 1]!
    const bSize = places[b + 1]!
    const shared = Math.min(aSize, bSize)
    for (let i = 0; i < shared; i++) {
      const difference = aBytes[aFrom + i]! - bBytes[bFrom + i]!
      if (difference !== 0) return difference
    }
    return aSize - bSize
  }
}
