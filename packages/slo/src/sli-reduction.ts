import {
  compileSelector,
  type GaugeSli,
  type SeriesDefinition,
  type SeriesKind,
  type SeriesSelector,
  type MeasuredSli,
  type Temporality,
} from '@nines/contracts'
import { isEventSli } from './event-verdict.ts'
import { observationsUpTo, type ExponentialShape } from './exponential-increase.ts'
import type { EventCounts } from './minute.ts'

/** How the increase of one series goes into an SLI. */
export interface SeriesReduction {
  temporality: Temporality
  /** Good and total events of an increase (see CounterPoint for the vector). */
  weigh(increase: readonly number[], bounds: readonly number[] | null, exponential?: ExponentialShape): EventCounts
  /** The same of a counter with one count: good and total events for each event. Lets months be counted without points. */
  weights?: EventCounts
}

/** Every check run of an availability SLI: counts are [passed, failed]. */
export const checkRunReduction: SeriesReduction = {
  temporality: 'delta',
  weigh: ([passed = 0, failed = 0]) => ({ good: passed, total: passed + failed }),
}

/** The selectors whose series feed the SLI; empty for one that rows of their own feed: check runs, spans, log records. */
export function selectorsOf(sli: MeasuredSli): SeriesSelector[] {
  if (sli.kind === 'latency') return [sli.histogram]
  if (sli.kind === 'gauge') return [sli.gauge]
  if (sli.kind !== 'ratio') return []
  return [sli.good, sli.bad, sli.total].filter((selector) => selector !== undefined)
}

/**
 * Prepares an SLI for matching: the result says how a series goes into it, or null when it does not (another metric,
 * other labels, or a kind of series that holds no events; see seriesProblem).
 */
export function compileSli(sli: MeasuredSli): (definition: SeriesDefinition) => SeriesReduction | null {
  if (sli.kind === 'availability' || isEventSli(sli)) return () => null
  const usable = (definition: SeriesDefinition) => seriesProblem(sli, definition) === null
  if (sli.kind === 'latency') {
    const matches = compile(sli.histogram)
    const { threshold } = sli
    return (definition) => {
      if (!matches(definition) || !usable(definition)) return null
      return {
        temporality: definition.temporality,
        weigh: (counts, bounds, exponential) =>
          exponential ? exponentialUpTo(counts, exponential, threshold) : notSlower(counts, bounds, threshold),
      }
    }
  }
  if (sli.kind === 'gauge') {
    const matches = compile(sli.gauge)
    const reduction = gaugeReduction(sli)
    return (definition) => (matches(definition) && usable(definition) ? reduction : null)
  }
  const [isGood, isBad, isTotal] = [compile(sli.good), compile(sli.bad), compile(sli.total)]
  return (definition) => {
    const [good, bad, total] = [isGood(definition), isBad(definition), isTotal(definition)]
    if ((!good && !bad && !total) || !usable(definition)) return null
    // Good events are the good ones, or all but the bad ones.
    const goodWeight = sli.good ? Number(good) : Number(total) - Number(bad)
    const weigh = (count: number) => ({ good: goodWeight * count, total: total ? count : 0 })
    if (definition.kind === 'histogram')
      return { temporality: definition.temporality, weigh: (counts) => weigh(observationsOf(counts)) }
    return {
      temporality: definition.temporality,
      weigh: ([count = 0]) => weigh(count),
      weights: { good: goodWeight, total: Number(total) },
    }
  }
}

/**
 * Why a series cannot serve the SLI, for a person, or null. Gauges hold no events; a total that may fall is no counter, but
 * a level like a gauge. Of a histogram each observation is an event: OpenTelemetry's conventions count requests by none else.
 */
export function seriesProblem(sli: MeasuredSli, definition: SeriesDefinition): string | null {
  const { metric, kind, temporality, monotonic } = definition
  if (sli.kind === 'availability' || isEventSli(sli)) return null
  if (sli.kind === 'latency') {
    if (kind !== 'histogram' && kind !== 'exponential_histogram')
      return `${metric} is ${kindText(kind)}; a latency SLI needs a histogram`
  } else if (sli.kind === 'gauge') {
    const isLevel = kind === 'gauge' || (kind === 'sum' && !monotonic && temporality === 'cumulative')
    return isLevel
      ? null
      : `${metric} is ${levelText(definition)}; a gauge SLI needs a gauge or a sum that may also fall`
  } else if (kind !== 'histogram' && (kind !== 'sum' || !monotonic)) {
    const found = kind === 'sum' ? 'a sum that may also fall' : kindText(kind)
    return `${metric} is ${found}; a ratio SLI needs monotonic counters or histograms with explicit bounds`
  }
  return temporality === 'unspecified' ? `${metric} does not say whether its points are totals or increments` : null
}

function levelText({ kind, monotonic }: SeriesDefinition): string {
  if (kind !== 'sum') return kindText(kind)
  return monotonic ? 'a counter' : 'a sum of increments'
}

function kindText(kind: SeriesKind): string {
  return kind === 'exponential_histogram' ? 'an exponential histogram' : `a ${kind}`
}

/** Every sample is an event of its own: nothing is subtracted, whatever came before. */
function gaugeReduction({ op, threshold }: GaugeSli): SeriesReduction {
  const compare = COMPARISONS[op]
  return {
    temporality: 'delta',
    weigh: ([value = NaN]) => ({ good: compare(value, threshold) ? 1 : 0, total: 1 }),
  }
}

const COMPARISONS: Record<GaugeSli['op'], (value: number, threshold: number) => boolean> = {
  '>': (value, threshold) => value > threshold,
  '>=': (value, threshold) => value >= threshold,
  '<': (value, threshold) => value < threshold,
  '<=': (value, threshold) => value <= threshold,
}

function compile(selector: SeriesSelector | undefined): (definition: SeriesDefinition) => boolean {
  if (!selector) return () => false
  const matches = compileSelector(selector)
  return (definition) => definition.metric === selector.metric && matches(definition.labels)
}

/** Buckets whose upper bound is at most the threshold are good; the rest, +Inf included, is not. */
function notSlower(counts: readonly number[], bounds: readonly number[] | null, threshold: number): EventCounts {
  let good = 0
  let total = 0
  for (const [i, count] of counts.entries()) {
    total += count
    if ((bounds?.[i] ?? Infinity) <= threshold) good += count
  }
  return { good, total }
}

function observationsOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

function exponentialUpTo(counts: readonly number[], shape: ExponentialShape, threshold: number): EventCounts {
  return { good: observationsUpTo(counts, shape, threshold), total: observationsOf(counts) }
}
