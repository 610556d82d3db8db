import { counterIncrease, type CounterPoint } from './counter-increase.ts'
import { MINUTE_MS, type EventCounts } from './minute.ts'
import type { SeriesReduction } from './sli-reduction.ts'
import { isScalar, ObjectPoints, ScalarPoints, type TailPoints } from './tail-points.ts'

/**
 * The newest points of one series, ascending and unique by instant: everything since the start of the tail, and one
 * point before it, from which the first increase in the tail is counted.
 */
export class SeriesTrack {
  readonly reduction: SeriesReduction
  #points: TailPoints = new ScalarPoints()
  /** Start of the tail when a point last came. */
  touchedAt: number

  constructor(reduction: SeriesReduction, tailStart: number) {
    this.reduction = reduction
    this.touchedAt = tailStart
  }

  get length(): number {
    return this.#points.length
  }

  /** Instant of the newest point, -Infinity without one. */
  get newestAt(): number {
    return this.#points.at(this.#points.length - 1) ?? -Infinity
  }

  /** Takes the point in and returns its place, or -1 when the series has a point of that instant already. */
  insert(point: CounterPoint): number {
    const place = this.#placeOf(point.at)
    if (this.#points.at(place) === point.at) return -1
    if (!isScalar(point)) this.#holdObjects()
    this.#points.insert(place, point)
    return place
  }

  /** The events between the point at the place and the one before it. */
  contribution(place: number): EventCounts {
    const point = this.#points.get(place)
    if (!point) return { good: 0, total: 0 }
    const increase = counterIncrease(this.#points.get(place - 1) ?? null, point, this.reduction.temporality)
    return this.reduction.weigh(increase, point.bounds, point.exponential)
  }

  instantOf(place: number): number | null {
    return this.#points.at(place) ?? null
  }

  /** Adds the events of the minute to `into`; false when the series has no point in it. */
  addMinute(into: EventCounts, minute: number): boolean {
    const first = this.#placeOf(minute)
    let place = first
    for (; (this.#points.at(place) ?? Infinity) < minute + MINUTE_MS; place++) {
      const { good, total } = this.contribution(place)
      into.good += good
      into.total += total
    }
    return place > first
  }

  /** Forgets points before the tail, all but the last of them. */
  forgetBefore(tailStart: number): void {
    const first = this.#placeOf(tailStart)
    if (first > 1) this.#points.dropFirst(first - 1)
  }

  /** Instants of all points, ascending. */
  instants(): number[] {
    return Array.from({ length: this.#points.length }, (_, place) => this.#points.at(place) ?? 0)
  }

  /** Most series have points of one number; one that has others is held as it comes. */
  #holdObjects(): void {
    if (this.#points instanceof ObjectPoints) return
    const objects = new ObjectPoints()
    for (let place = 0; place < this.#points.length; place++) {
      const point = this.#points.get(place)
      if (point) objects.insert(place, point)
    }
    this.#points = objects
  }

  /** The first place whose point is not before the instant. Nearly always the end: looked at first. */
  #placeOf(at: number): number {
    if (this.newestAt < at) return this.#points.length
    let [low, high] = [0, this.#points.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#points.at(middle) ?? Infinity) < at) low = middle + 1
      else high = middle
    }
    return low
  }
}
