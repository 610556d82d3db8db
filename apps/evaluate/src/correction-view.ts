import type { CorrectedSpan } from '@nines/contracts'
import { CorrectedMinutes, correctedSpans, HOUR_MS, type Correction, type MinuteSeries, type Span } from '@nines/slo'

/**
 * What an SLO counts of its minutes. Slices are persisted as measured, so that a correction holds for the past too and can be
 * undone; only what is said of them is corrected. Recurrences are worked out when the corrections change, and every hour.
 */
export class CorrectionView {
  #known: { key: string; until: number; measured: MinuteSeries; view: MinuteSeries } | undefined

  /** The minutes themselves while there is nothing to correct; else the same view until something changes. */
  of(measured: MinuteSeries, corrections: readonly Correction[], { from, to }: Span): MinuteSeries {
    if (corrections.length === 0) return measured
    const key = corrections.map(({ id }) => id).join()
    if (this.#known?.key !== key || this.#known.measured !== measured || to > this.#known.until) {
      const until = to + HOUR_MS
      const spans: readonly CorrectedSpan[] = correctedSpans(corrections, { from, to: until })
      const view = spans.length === 0 ? measured : new CorrectedMinutes(measured, spans)
      this.#known = { key, until, measured, view }
    }
    return this.#known.view
  }
}
