import type { CorrectedSpan, CorrectionEffect, CorrectionSchedule, Slice } from '@nines/contracts'
import { MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'
import { lastEndOf, occurrencesIn } from './recurrence.ts'
import type { Span } from './window-span.ts'

/** A correction as far as figures are concerned. */
export interface Correction extends CorrectionSchedule {
  id: string
  effect: CorrectionEffect
}

/** Times of [from, to) to which a correction applies, ascending. */
export function spansOf(correction: CorrectionSchedule, { from, to }: Span): Span[] {
  if (!correction.outside) return occurrencesIn(correction, { from, to })
  const gaps: Span[] = []
  let since = Math.max(from, correction.startsAt)
  const until = Math.min(to, lastEndOf(correction) ?? to)
  for (const span of occurrencesIn(correction, { from, to })) {
    if (span.from > since) gaps.push({ from: since, to: Math.min(span.from, until) })
    since = Math.max(since, span.to)
  }
  if (since < until) gaps.push({ from: since, to: until })
  return gaps.filter((gap) => gap.from < gap.to)
}

/**
 * The corrected minutes of [from, to) as spans that are ascending, apart and of whole minutes: a correction covers every
 * minute that it overlaps with. Where several meet, excluding goes before counting as good. `count` corrects nothing.
 */
export function correctedSpans(corrections: readonly Correction[], range: Span): CorrectedSpan[] {
  const wholeMinutes = (effect: CorrectionEffect) =>
    union(
      corrections
        .filter((correction) => correction.effect === effect)
        .flatMap((correction) => spansOf(correction, range))
        .map((span) => ({ from: minuteOf(span.from), to: Math.ceil(span.to / MINUTE_MS) * MINUTE_MS })),
    )
  const excluded = wholeMinutes('exclude')
  const good = subtract(wholeMinutes('good'), excluded)
  const marked = [
    ...excluded.map((span) => ({ ...span, effect: 'exclude' as const })),
    ...good.map((span) => ({ ...span, effect: 'good' as const })),
  ]
  return marked.toSorted((a, b) => a.from - b.from)
}

/** What a minute counts as. */
export function correctCounts({ good, total }: EventCounts, effect: CorrectedSpan['effect'] | null): EventCounts {
  if (effect === null) return { good, total }
  return effect === 'exclude' ? { good: 0, total: 0 } : { good: total, total }
}

/** Slices as their corrections make them. The slices themselves stay as they were measured, so that it can be undone. */
export function correctSlices<T extends Slice>(slices: readonly T[], spans: readonly CorrectedSpan[]): T[] {
  if (spans.length === 0) return [...slices]
  return slices.map((slice) => ({ ...slice, ...correctCounts(slice, effectAt(spans, slice.minute)) }))
}

/** How many measured minutes of [from, to) the spans correct, and how many bad events that keeps from being spent. */
export function keptOut(
  slices: readonly Slice[],
  spans: readonly CorrectedSpan[],
  { from, to }: Span,
): { minutes: number; badEvents: number } {
  const corrected = slices.filter(({ minute }) => minute >= from && minute < to && effectAt(spans, minute) !== null)
  return {
    minutes: corrected.length,
    badEvents: corrected.reduce((sum, { good, total }) => sum + total - good, 0),
  }
}

/** The correction of a minute, by bisection. */
export function effectAt(spans: readonly CorrectedSpan[], minute: number): CorrectedSpan['effect'] | null {
  const span = spans[firstEndingAfter(spans, minute)]
  return span !== undefined && span.from <= minute ? span.effect : null
}

/** Place of the first span that ends after the instant; the number of spans when none does. */
export function firstEndingAfter(spans: readonly Span[], at: number): number {
  let [low, high] = [0, spans.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle] as Span).to > at) high = middle
    else low = middle + 1
  }
  return low
}

/** Spans that overlap or touch become one. */
function union(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else if (to > from) joined.push({ from, to })
  }
  return joined
}

/** What of the spans lies outside of the others; both are unions. */
function subtract(spans: readonly Span[], others: readonly Span[]): Span[] {
  return spans.flatMap((span) => {
    const left: Span[] = []
    let since = span.from
    for (let i = firstEndingAfter(others, since); i < others.length; i++) {
      const other = others[i] as Span
      if (other.from >= span.to) break
      if (other.from > since) left.push({ from: since, to: other.from })
      since = other.to
    }
    return since < span.to ? [...left, { from: since, to: span.to }] : left
  })
}
