import type { Labels } from '@nines/contracts'

const FIRST_WORDS = 1 << 12
/** Words that nobody uses any more are given up when there are this many of them and they are more than half. */
const TIDY_FROM_WORDS = 1 << 16

/**
 * Label sets, each pair of name and value held once however many series have it. A set is a position in one array of
 * numbers: how many pairs, then each. Position 0 is no set.
 */
export class LabelIndex {
  /** Numbers of pairs by name, then value. */
  readonly #numbers = new Map<string, Map<string, number>>()
  readonly #names: string[] = []
  readonly #values: string[] = []
  readonly #uses: number[] = []
  readonly #free: number[] = []
  #words = new Uint32Array(FIRST_WORDS)
  #length = 1
  #wasted = 0

  /** Unused words are more than half: `tidied` gives them up. */
  get isUntidy(): boolean {
    return this.#wasted > TIDY_FROM_WORDS && this.#wasted > this.#length / 2
  }

  add(labels: Labels): number {
    const entries = Object.entries(labels)
    const position = this.#reserve(entries.length + 1)
    this.#words[position] = entries.length
    entries.forEach(([name, value], i) => {
      this.#words[position + 1 + i] = this.#intern(name, value)
    })
    return position
  }

  remove(position: number): void {
    const count = this.#words[position]!
    for (let i = 1; i <= count; i++) this.#let(this.#words[position + i]!)
    this.#wasted += count + 1
  }

  labels(position: number): Labels {
    const labels: Record<string, string> = {}
    const count = this.#words[position]!
    for (let i = 1; i <= count; i++) {
      const pair = this.#words[position + i]!
      labels[this.#names[pair]!] = this.#values[pair]!
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

  #intern(name: string, value: string): number {
    const ofName = this.#numbers.get(name) ?? new Map<string, number>()
    const known = ofName.get(value)
    if (known !== undefined) {
      this.#uses[known]!++
      return known
    }
    const number = this.#free.pop() ?? this.#names.length
    this.#numbers.set(name, ofName.set(value, number))
    this.#names[number] = name
    this.#values[number] = value
    this.#uses[number] = 1
    return number
  }

  #let(number: number): void {
    if (--this.#uses[number]! > 0) return
    this.#numbers.get(this.#names[number]!)?.delete(this.#values[number]!)
    this.#names[number] = ''
    this.#values[number] = ''
    this.#free.push(number)
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
