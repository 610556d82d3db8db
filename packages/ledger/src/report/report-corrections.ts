import type { CorrectedSpan } from '@nines/contracts'
import { correctedSpans, MINUTE_MS, minuteOf, spansOf, type Correction, type Span } from '@nines/slo'

export type NamedCorrection = Correction & { reason: string }

/** What the corrections of an SLO come to. */
export interface SloCorrections {
  /** As correctedSpans gives them. */
  corrected: CorrectedSpan[]
  /** Times that count as measured and that somebody called maintenance; all times of one correction have its id. */
  maintenance: (Span & { id: string })[]
  /** Those with time in the period. */
  listed: { id: string; effect: Correction['effect']; reason: string; minutes: number }[]
}

/**
 * Corrections over a range, worked out once for all SLOs that have the same ones: to follow a recurrence over a quarter
 * costs more than to sum up an SLO.
 */
export class ReportCorrections {
  readonly #range: Span
  readonly #period: Span
  readonly #known = new Map<string, SloCorrections>()
  /** Times of each correction in the range. */
  readonly #times = new Map<string, Span[]>()

  /** `range` holds the period and everything before it that is looked at. */
  constructor(range: Span, period: Span) {
    this.#range = range
    this.#period = period
  }

  of(corrections: readonly NamedCorrection[]): SloCorrections {
    const key = corrections.map(({ id }) => id).join(' ')
    const known = this.#known.get(key) ?? this.#workOut(corrections)
    this.#known.set(key, known)
    return known
  }

  #workOut(corrections: readonly NamedCorrection[]): SloCorrections {
    const called = corrections.filter(({ effect }) => effect === 'count')
    const listed = corrections.map((one) => {
      const { id, effect, reason } = one
      return { id, effect, reason, minutes: minutesOf(this.#timesOf(one), this.#period) }
    })
    return {
      corrected: correctedSpans(corrections, this.#range),
      maintenance: called.flatMap((one) => this.#timesOf(one).map((span) => ({ ...span, id: one.id }))),
      listed: listed.filter(({ minutes }) => minutes > 0),
    }
  }

  #timesOf(correction: NamedCorrection): Span[] {
    const known = this.#times.get(correction.id) ?? spansOf(correction, this.#range)
    this.#times.set(correction.id, known)
    return known
  }
}

/** Minutes of the period that the spans overlap with, which may do so with each other. */
function minutesOf(spans: readonly Span[], { from, to }: Span): number {
  return spans.reduce((sum, span) => {
    const first = minuteOf(Math.max(from, span.from))
    const end = Math.ceil(Math.min(to, span.to) / MINUTE_MS) * MINUTE_MS
    return sum + Math.max(0, end - first) / MINUTE_MS
  }, 0)
}
