import type { CorrectedSpan } from '@nines/contracts'
import { MINUTE_MS, minuteOf } from '../minute.ts'
import type { Span } from '../window-span.ts'
import type { DenseMinutes } from './dense-minutes.ts'
import type { GridCorrections } from './minute-grid.ts'

/** An SLO with slices at the bottom of a composite: what is stored of it, and all corrections that concern it there. */
export interface CoveredLeaf {
  stored: DenseMinutes
  /** As correctedSpans gives them. */
  corrected: readonly CorrectedSpan[]
}

/** What is known of the minutes of a composite, whatever they count for. A minute is measured when any leaf's is. */
export class MemberCoverage {
  readonly #from: number
  readonly #length: number
  #leaves = 0
  /** 1 in minutes that were measured, and in those that had events, of any leaf. */
  readonly #measured: Uint8Array
  readonly #withEvents: Uint8Array
  /** 1 where what was measured of any leaf is excluded, and where it counts as good. */
  readonly #excluded: Uint8Array
  readonly #good: Uint8Array
  /** Of how many leaves the minute is excluded, measured or not. */
  readonly #excludedOf: Uint32Array

  private constructor({ from, to }: Span) {
    this.#from = minuteOf(from)
    this.#length = Math.max(0, Math.ceil((to - this.#from) / MINUTE_MS))
    this.#measured = new Uint8Array(this.#length)
    this.#withEvents = new Uint8Array(this.#length)
    this.#excluded = new Uint8Array(this.#length)
    this.#good = new Uint8Array(this.#length)
    this.#excludedOf = new Uint32Array(this.#length)
  }

  /** Makes it of leaves whose minutes cover `range`; between two steps of the work others may have their turn. */
  static *made(leaves: readonly CoveredLeaf[], range: Span): Generator<void, MemberCoverage> {
    const coverage = new MemberCoverage(range)
    for (const leaf of leaves) {
      coverage.#add(leaf)
      yield
    }
    return coverage
  }

  of(span: Span): { measured: number; withEvents: number } {
    const [first, end] = this.#places(span)
    return { measured: sumOf(this.#measured, first, end), withEvents: sumOf(this.#withEvents, first, end) }
  }

  /** Measured minutes that corrections change; one in which one leaf is excluded and another one good is excluded. */
  keptOut(span: Span): Omit<GridCorrections, 'badEvents'> {
    const kept = { excludedMinutes: 0, goodMinutes: 0 }
    const [first, end] = this.#places(span)
    for (let i = first; i < end; i++) {
      if (this.#excluded[i] === 1) kept.excludedMinutes++
      else if (this.#good[i] === 1) kept.goodMinutes++
    }
    return kept
  }

  /** Time that counts for no leaf, measured or not. */
  excludedMs(span: Span): number {
    if (this.#leaves === 0) return 0
    const [first, end] = this.#places(span)
    let minutes = 0
    for (let i = first; i < end; i++) if (this.#excludedOf[i] === this.#leaves) minutes++
    return minutes * MINUTE_MS
  }

  #add({ stored, corrected }: CoveredLeaf): void {
    this.#leaves++
    const [measured, withEvents] = [this.#measured, this.#withEvents]
    const { measured: storedMinutes, total } = stored
    for (let i = 0; i < measured.length; i++) {
      if (storedMinutes[i] === 1) measured[i] = 1
      if ((total[i] as number) > 0) withEvents[i] = 1
    }
    for (const span of corrected) {
      const [first, end] = this.#places(span)
      const marks = span.effect === 'exclude' ? this.#excluded : this.#good
      for (let i = first; i < end; i++) {
        if (stored.measured[i] === 1) marks[i] = 1
        if (span.effect === 'exclude') this.#excludedOf[i] = (this.#excludedOf[i] as number) + 1
      }
    }
  }

  /** Places of the minutes that start in [from, to), which lie on the minute grid. */
  #places({ from, to }: Span): [first: number, end: number] {
    const place = (at: number) => Math.min(this.#length, Math.max(0, (minuteOf(at) - this.#from) / MINUTE_MS))
    return [place(from), place(to)]
  }
}

function sumOf(marks: Uint8Array, first: number, end: number): number {
  let sum = 0
  for (let i = first; i < end; i++) sum += marks[i] as number
  return sum
}
