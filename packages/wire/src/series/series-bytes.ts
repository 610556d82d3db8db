import type { SeriesDefinition } from '@nines/contracts'
import type { SeriesTableBuilder } from '../block/table-rows-of-block.ts'
import { InternedTexts } from '../interned-texts.ts'

/** What the values of a series are. */
export type SeriesSemantics = Pick<SeriesDefinition, 'kind' | 'temporality' | 'monotonic'>

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const BRACKET = 0x5b
const BRACKET_END = 0x5d
const FIRST_IDENTITY = 1_024
const FIRST_LABELS = 64
/** Bytes of an identity beside its texts and what stands around them: kind, temporality, monotonic. */
const SEMANTICS_BYTES = 128

/**
 * A definition in the bytes that it came in, for series whose texts are plain: printable ASCII that JSON writes as it is,
 * and labels sorted by name. It says what an object says that is made of the same texts, and makes no string for a value.
 * One object serves one series after the other.
 */
export class SeriesBytes {
  readonly #texts = new InternedTexts()
  #bytes: Buffer = Buffer.alloc(0)
  /** Of each label the start and end of its name, then of its value. */
  #spans = new Uint32Array(4 * FIRST_LABELS)
  #identity = Buffer.allocUnsafeSlow(FIRST_IDENTITY)
  #length = 0
  #semantics: SeriesSemantics = { kind: 'gauge', temporality: 'unspecified', monotonic: false }
  metric = ''
  labelCount = 0
  unit = ''
  description = ''

  /** Begins a series with its metric; false when that is not plain. `bytes` have to stay while it is looked at. */
  begin(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes
    this.labelCount = 0
    this.#length = 0
    this.#reserve(end - start + SEMANTICS_BYTES)
    this.#identity[this.#length++] = BRACKET
    if (!this.#quote(start, end)) return false
    this.metric = this.#texts.get(bytes, start, end)
    return true
  }

  /** To be called behind `begin`. */
  setSemantics(semantics: SeriesSemantics): void {
    this.#semantics = semantics
    this.#length += this.#identity.write(identityOf(semantics), this.#length, 'latin1')
  }

  /** Adds a label; false when it is not plain, or its name is not behind the one before. */
  label(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): boolean {
    if (4 * this.labelCount === this.#spans.length) {
      const grown = new Uint32Array(2 * this.#spans.length)
      grown.set(this.#spans)
      this.#spans = grown
    }
    const spans = this.#spans
    const at = 4 * this.labelCount
    if (at > 0 && !this.#isBehind(spans[at - 4]!, spans[at - 3]!, nameStart, nameEnd)) return false
    spans[at] = nameStart
    spans[at + 1] = nameEnd
    spans[at + 2] = valueStart
    spans[at + 3] = valueEnd
    this.labelCount++
    this.#reserve(nameEnd - nameStart + valueEnd - valueStart + 8)
    this.#identity[this.#length++] = COMMA
    if (!this.#quote(nameStart, nameEnd)) return false
    this.#identity[this.#length++] = COMMA
    return this.#quote(valueStart, valueEnd)
  }

  /** UTF-8 of what `canonicalIdentity` says of the series; a view that holds until the next `begin`. */
  identity(): Buffer {
    this.#reserve(1)
    this.#identity[this.#length] = BRACKET_END
    return this.#identity.subarray(0, this.#length + 1)
  }

  /** Hands over every label: its name and where its value lies. */
  forEachLabel(take: (name: string, bytes: Buffer, start: number, end: number) => void): void {
    const spans = this.#spans
    for (let at = 0; at < 4 * this.labelCount; at += 4)
      take(this.#texts.get(this.#bytes, spans[at]!, spans[at + 1]!), this.#bytes, spans[at + 2]!, spans[at + 3]!)
  }

  /** Adds the row that `addSeriesRow` adds of the same definition. */
  addTo(table: SeriesTableBuilder, idLow: number, idHigh: number): void {
    const { column } = table
    column.metric.values.text(this.metric)
    column.series.values.word64(idLow, idHigh)
    const { values: names, mapValues } = column.labels
    const spans = this.#spans
    for (let at = 0; at < 4 * this.labelCount; at += 4) {
      names.textBytes(this.#bytes, spans[at]!, spans[at + 1]!)
      mapValues.textBytes(this.#bytes, spans[at + 2]!, spans[at + 3]!)
    }
    column.labels.endRow(this.labelCount)
    column.kind.values.text(this.#semantics.kind)
    column.temporality.values.text(this.#semantics.temporality)
    column.monotonic.values.uint8(this.#semantics.monotonic ? 1 : 0)
    column.unit.values.text(this.unit)
    column.description.values.text(this.description)
    table.endRow()
  }

  /** Appends a text in quotes; false when JSON would write it otherwise. Room must be there. */
  #quote(start: number, end: number): boolean {
    const from = this.#bytes
    const into = this.#identity
    let length = this.#length
    into[length++] = QUOTE
    for (let i = start; i < end; i++) {
      const byte = from[i]!
      if (byte < 0x20 || byte > 0x7e || byte === QUOTE || byte === BACKSLASH) return false
      into[length++] = byte
    }
    into[length++] = QUOTE
    this.#length = length
    return true
  }

  /** Whether the second text sorts behind the first. */
  #isBehind(start: number, end: number, start2: number, end2: number): boolean {
    const bytes = this.#bytes
    const size = Math.min(end - start, end2 - start2)
    for (let i = 0; i < size; i++) {
      const difference = bytes[start2 + i]! - bytes[start + i]!
      if (difference !== 0) return difference > 0
    }
    return end2 - start2 > end - start
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#identity.length) return
    const grown = Buffer.allocUnsafeSlow(2 * (this.#length + size))
    this.#identity.copy(grown, 0, 0, this.#length)
    this.#identity = grown
  }
}

function identityOf({ kind, temporality, monotonic }: SeriesSemantics): string {
  return `,"${kind}","${temporality}",${monotonic}`
}
