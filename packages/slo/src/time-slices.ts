import type { OwnSli, SliSpec, TimeSlicesSli } from '@nines/contracts'
import { MINUTE_MS, type EventCounts } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'

/** A series of minutes that notes which of them were written. */
export class NotedMinutes extends MinuteSeries {
  /** Minutes that changed since somebody last emptied this. */
  readonly noted = new Set<number>()

  override set(minute: number, counts: EventCounts): void {
    super.set(minute, counts)
    this.noted.add(minute)
  }

  override add(minute: number, good: number, total: number): void {
    super.add(minute, good, total)
    this.noted.add(minute)
  }

  override restore(first: number, good: Float64Array, total: Float64Array): void {
    super.restore(first, good, total)
    for (let i = 0; i < total.length; i++) if (!Number.isNaN(total[i])) this.noted.add(first + i * MINUTE_MS)
  }

  override clear(minute: number): void {
    super.clear(minute)
    this.noted.add(minute)
  }
}

export function isTimeSlices(sli: SliSpec): sli is TimeSlicesSli {
  return sli.kind === 'time_slices' || sli.kind === 'ratio_time_slices'
}

/** How long a time each event of the SLI's series of minutes stands for, which ends with its minute. */
export function sliceMsOf(sli: SliSpec): number {
  return (isTimeSlices(sli) ? sli.sliceMinutes : 1) * MINUTE_MS
}

/**
 * The slices of time of an SLI as a series of minutes of its own: a slice is one event, good or bad or by its ratio, and
 * stands in its last minute. It is judged when it has ended, by what there is, and again when one of its minutes changes:
 * an open slice is never judged, for its first bad event would make it bad. A slice without events is idle.
 */
export class TimeSlices {
  readonly slices = new MinuteSeries()
  readonly #sli: TimeSlicesSli
  /** What is judged. */
  readonly minutes: MinuteSeries
  /** Starts of slices that changed and have not ended. */
  readonly #open = new Set<number>()
  readonly #lengthMs: number

  constructor(sli: TimeSlicesSli, minutes: MinuteSeries) {
    this.#sli = sli
    this.minutes = minutes
    this.#lengthMs = sli.sliceMinutes * MINUTE_MS
  }

  /** Judges the slices of changed minutes, as far as they ended by the instant, and those that ended meanwhile. */
  judge(changed: Iterable<number>, now: number): void {
    for (const minute of changed) this.#open.add(Math.floor(minute / this.#lengthMs) * this.#lengthMs)
    for (const start of this.#open) {
      if (start + this.#lengthMs > now) continue
      this.#judgeOne(start)
      this.#open.delete(start)
    }
  }

  #judgeOne(start: number): void {
    const counts = { good: 0, total: 0 }
    let isMeasured = false
    for (let minute = start; minute < start + this.#lengthMs; minute += MINUTE_MS) {
      const found = this.minutes.get(minute)
      if (!found) continue
      isMeasured = true
      counts.good += found.good
      counts.total += found.total
    }
    const last = start + this.#lengthMs - MINUTE_MS
    if (isMeasured) this.slices.set(last, sliceOf(this.#sli, counts))
    else this.slices.clear(last)
  }
}

/** A slice of time that was measured, as an event; one without events is idle. */
export function sliceOf(sli: TimeSlicesSli, { good, total }: EventCounts): EventCounts {
  if (total === 0) return { good, total }
  const ratio = good / total
  if (sli.kind === 'ratio_time_slices') return { good: ratio, total: 1 }
  return { good: ratio >= sli.sliceTarget ? 1 : 0, total: 1 }
}

/** Minutes as an SLI counts them: themselves, or the slices of time they make up, as far as these ended by the instant. */
export function countedMinutes(sli: OwnSli, minutes: MinuteSeries, endedBy: number): MinuteSeries {
  if (!isTimeSlices(sli)) return minutes
  const time = new TimeSlices(sli, minutes)
  time.judge(
    [...minutes.minutes()].map(([minute]) => minute),
    endedBy,
  )
  return time.slices
}
