import type { CorrectedSpan } from '@nines/contracts'
import { correctCounts, effectAt, firstEndingAfter } from './corrections.ts'
import { MinuteSeries } from './minute-series.ts'
import { MINUTE_MS, type EventCounts } from './minute.ts'

/**
 * Another series as corrections make it, without a copy: what is measured goes on into the other one. Sums add up what is
 * kept, and subtract nothing, so that an excluded event leaves not even a rounding error.
 */
export class CorrectedMinutes extends MinuteSeries {
  readonly #measured: MinuteSeries
  readonly #spans: readonly CorrectedSpan[]

  /** `spans` as correctedSpans gives them. */
  constructor(measured: MinuteSeries, spans: readonly CorrectedSpan[]) {
    super()
    this.#measured = measured
    this.#spans = spans
  }

  override get(minute: number): EventCounts | null {
    const counts = this.#measured.get(minute)
    return counts && correctCounts(counts, effectAt(this.#spans, minute))
  }

  override sum(first: number, last: number): EventCounts {
    const counts = { good: 0, total: 0 }
    const add = (from: number, to: number, effect: CorrectedSpan['effect'] | null) => {
      if (from >= to || effect === 'exclude') return
      const { good, total } = this.#measured.sum(from, to - MINUTE_MS)
      counts.good += effect === 'good' ? total : good
      counts.total += total
    }
    const end = last + MINUTE_MS
    let since = first
    for (let i = firstEndingAfter(this.#spans, first); i < this.#spans.length; i++) {
      const span = this.#spans[i] as CorrectedSpan
      if (span.from >= end) break
      add(since, Math.min(span.from, end), null)
      add(Math.max(since, span.from), Math.min(span.to, end), span.effect)
      since = span.to
    }
    add(since, end, null)
    return counts
  }

  override firstMinute(): number | null {
    return this.#measured.firstMinute()
  }

  override newestMinute(now: number, withEvents: boolean): number | null {
    const newest = this.#measured.newestMinute(now, withEvents)
    if (!withEvents || newest === null || effectAt(this.#spans, newest) !== 'exclude') return newest
    const span = this.#spans[firstEndingAfter(this.#spans, newest)] as CorrectedSpan
    return this.newestMinute(span.from - MINUTE_MS, true)
  }

  override *minutes(from = -Infinity, to = Infinity): Generator<[minute: number, counts: EventCounts]> {
    for (const [minute, counts] of this.#measured.minutes(from, to))
      yield [minute, correctCounts(counts, effectAt(this.#spans, minute))]
  }

  override follow(): void {
    this.#measured.follow()
  }

  override *hoursChangedSince(changes: number): Generator<number> {
    yield* this.#measured.hoursChangedSince(changes)
  }

  override set(minute: number, counts: EventCounts): void {
    this.#measured.set(minute, counts)
  }

  override restore(first: number, good: Float64Array, total: Float64Array): void {
    this.#measured.restore(first, good, total)
  }

  override add(minute: number, good: number, total: number): void {
    this.#measured.add(minute, good, total)
  }

  override clear(minute: number): void {
    this.#measured.clear(minute)
  }

  override forgetBefore(at: number): void {
    this.#measured.forgetBefore(at)
  }
}
