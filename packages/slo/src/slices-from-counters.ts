import type { Temporality } from '@nines/contracts'
import { IN_SIGHT_MS } from './counter-increase.ts'
import { MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'
import type { MinuteSeries } from './minute-series.ts'
import type { SampleColumnsOfSeries } from './slices-from-samples.ts'

/** The last sample of a counter, from which the next increase is counted. */
export interface CounterSample {
  at: number
  start: number
  value: number
}

/** How the increase of one counter goes into an SLI: so many good and total events for each event. */
export interface CounterReduction {
  temporality: Temporality
  weights: EventCounts
}

/**
 * Adds the increases of one counter's samples to the minutes they lie in, by the rules of counterIncrease: the same that
 * slicesFromPoints does with points, without an object a sample. Answers the last sample that counts.
 */
export function addCounterSamples(
  minutes: MinuteSeries,
  { at, start, value }: SampleColumnsOfSeries,
  { temporality, weights }: CounterReduction,
  before: CounterSample | null,
): CounterSample | null {
  let previous = before
  let minute = NaN
  let sum = 0
  const flush = () => minutes.add(minute, sum * weights.good, sum * weights.total)
  for (let i = 0; i < at.length; i++) {
    const current = { at: at[i]!, start: start[i]!, value: value[i]! }
    if (!Number.isFinite(current.value)) continue
    const increase = temporality === 'delta' ? current.value : increaseOf(previous, current)
    previous = current
    if (current.at >= minute && current.at < minute + MINUTE_MS) sum += increase
    else {
      if (minute === minute) flush()
      minute = minuteOf(current.at)
      sum = increase
    }
  }
  if (minute === minute) flush()
  return previous
}

function increaseOf(previous: CounterSample | null, { at, start, value }: CounterSample): number {
  if (previous === null) return start > 0 && start <= at && at - start <= IN_SIGHT_MS ? value : 0
  const isRestarted = previous.start > 0 && start > previous.start && start >= previous.at
  return isRestarted || value < previous.value ? value : value - previous.value
}
