import type { CorrectedSpan } from '@nines/contracts'
import { correctedSpans, HOUR_MS, type Correction, type Span } from '@nines/slo'

/** The spans that corrections cover: the same array until the corrections change, and for an hour at most. */
export class CorrectedSpanCache {
  #known: { key: string; until: number; spans: readonly CorrectedSpan[] } = { key: '', until: Infinity, spans: [] }

  of(corrections: readonly Correction[], { from, to }: Span): readonly CorrectedSpan[] {
    const key = corrections.map(({ id }) => id).join()
    if (key === this.#known.key && to <= this.#known.until) return this.#known.spans
    const until = to + HOUR_MS
    this.#known = { key, until, spans: correctedSpans(corrections, { from, to: until }) }
    return this.#known.spans
  }
}
