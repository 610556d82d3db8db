import type { CounterPoint } from './counter-increase.ts'
import { boundOf, highestBound } from './exponential-increase.ts'

/** The bucket bounds around a threshold: up to `good` observations count as good, those up to `next` do not. */
interface AppliedBound {
  /** null where no bucket ends at or below the threshold: nothing is good. */
  good: number | null
  /** null where nothing lies above. */
  next: number | null
}

/**
 * Says which bounds stand in for a threshold in histograms like these (one point a series): a person who wrote 0.3 has to
 * know that 0.25 is what is counted. Buckets wholly at or below the threshold are good. One that holds it is not: nobody
 * knows how many of its observations were fast enough, and an SLO counts events that are proven good, not shares that
 * interpolation makes up. The error is at most the bucket's content, and one way: never better than the truth.
 */
export function thresholdNotes(
  points: readonly Pick<CounterPoint, 'bounds' | 'exponential'>[],
  threshold: number,
): string[] {
  const series = new Map<string, number>()
  for (const point of points) {
    const { good, next } = appliedBound(point, threshold)
    if (good === threshold) continue
    const text = noteOf({ good, next }, threshold)
    series.set(text, (series.get(text) ?? 0) + 1)
  }
  return [...series].map(([text, count]) => `${text} (${count} series).`)
}

function noteOf({ good, next }: AppliedBound, threshold: number): string {
  const between = next === null ? 'above it' : `up to ${round(next)}`
  if (good === null) return `No bucket ends at or below ${threshold}: nothing counts as good`
  return `The threshold ${threshold} lies inside a bucket: values up to ${round(good)} count as good, those ${between} do not`
}

function appliedBound(
  { bounds, exponential }: Pick<CounterPoint, 'bounds' | 'exponential'>,
  threshold: number,
): AppliedBound {
  if (exponential) {
    const index = highestBound(threshold, exponential.scale)
    return { good: boundOf(index, exponential.scale), next: boundOf(index + 1, exponential.scale) }
  }
  const below = bounds?.findLast((bound) => bound <= threshold)
  const above = bounds?.find((bound) => bound > threshold)
  return { good: below ?? null, next: above ?? null }
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)))
}
