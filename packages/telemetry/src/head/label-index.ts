import type { Labels } from '@nines/contracts'
import type { SeriesRows } from '@nines/wire'
import { LabelPairs, type TextBytes } from './label-pairs.ts'

const FIRST_WORDS = 1 << 12
/** Words that nobody uses any more are given up when there are this many of them and they are more than half. */
const TIDY_FROM_WORDS = 1 << 16

/**
 * Label sets, each pair of name and value held once however many series have it. A set is a position in one array of
 * numbers: how many pairs, then each. Position 0 is no set.
 */
export class LabelIndex {
  readonly #pairs = new LabelPairs()
  #words = new Uint32Array(FIRST_WORDS)
  #length = 1
  #wasted = 0

  /** Unused words are more than half: `tidied` gives them up. */
  get isUntidy(): boolean {
    return this.#wasted > TIDY_FROM_WORDS && this.#wasted > this.#length / 2
  }

  add(labels: Labels): number {
    const entries = Object.entries(labels)
    const position = this.#begin(entries.length)
    entries.forEach(([name, value], i) => {
      this.#words[position + 1 + i] = this.#pairs.use(bytesOf(name), bytesOf(value))
    })
    return position
  }

  /** Adds the labels of the row that the reader stands on. */
  addRow(rows: SeriesRows): number {
    const count = rows.labelCount
    const position = this.#begin(count)
    for (let i = 1; i <= count; i++) {
      rows.nextLabel()
      this.#words[position + i] = this.#pairs.use(rows.name, rows.value)
    }
    return position
  }

  remove(position: number): void {
    const count = this.#words[position]!
    for (let i = 1; i <= count; i++) this.#pairs.release(this.#words[position + i]!)
    this.#wasted += count + 1
  }

  labels(position: number): Labels {
    const labels: Record<string, string> = {}
    const count = this.#words[position]!
    for (let i = 1; i <= count; i++) {
      const pair = this.#words[position + i]!
      labels[this.#pairs.name(pair)] = this.#pairs.value(pair)
    }
    return labels
  }

  /** Gives up unused words. `move` hears where each set went. */
  tidy(positions: Iterable<number>, move: (from: number, to: number) => void): void {
    const words = new Uint32Array(Math.max(FIRST_WORDS, (this.#length - this.#wasted) * 2))
    let length = 1
    for (const from of positions) {
      const size = this.#words[from]! + 1
      words.set(this.#words.subarray(from, from + size), length)
      move(from, length)
      length += size
    }
    this.#words = words
    this.#length = length
    this.#wasted = 0
  }

  #begin(count: number): number {
    const position = this.#reserve(count + 1)
    this.#words[position] = count
    return position
  }

  #reserve(size: number): number {
    const position = this.#length
    this.#length += size
    if (this.#length > this.#words.length) {
      const grown = new Uint32Array(Math.max(this.#words.length * 1.5, this.#length))
      grown.set(this.#words)
      this.#words = grown
    }
    return position
  }
}

function bytesOf(text: string): TextBytes {
  const bytes = Buffer.from(text)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { bytes, view, start: 0, end: bytes.length }
}
