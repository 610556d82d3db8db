import type { CounterPoint } from './counter-increase.ts'
import { EventKeys, type EventSource } from './event-keys.ts'
import { MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'
import { SeriesTrack } from './series-track.ts'
import type { SeriesReduction } from './sli-reduction.ts'

/**
 * What became of a point: counted; known already; or too old for memory, so that its minute has to be made again from
 * the store (see slicesFromPoints).
 */
export type PointOutcome = 'counted' | 'duplicate' | 'late'

/** One event that is a row of its own: a span, a log record. */
export interface TailEvent {
  /** Epoch ms of the instant it counts at. */
  at: number
  /** 64-bit key in two words, of what tells it from others. */
  keyLow: number
  keyHigh: number
  /** Whether the key is its identity: a repeat is then the same event. Without, each row is an event. */
  isUnique: boolean
  isGood: boolean
}

/**
 * Turns points, in whatever order they arrive, into the minutes of one SLO version.
 *
 * Minutes from tailStart on are the tail: all their points are held, so a late, early or repeated point leaves exactly
 * the counts that points in order would have left. Minutes before it are settled: only settle() changes them.
 */
export class SliceAccumulator {
  readonly minutes: MinuteSeries
  readonly #tracks = new Map<string, SeriesTrack>()
  /** Events of the tail by minute. */
  readonly #events = new Map<number, EventKeys>()
  /** Minutes of the tail whose sums have to be made again. */
  readonly #stale = new Set<number>()
  /** Minutes that changed since takeChanged() last gave them out. */
  readonly #changed = new Set<number>()
  /** No minute before this one is among them. */
  #changedFrom = Infinity
  #tailStart: number

  constructor(tailStart: number, minutes = new MinuteSeries()) {
    this.minutes = minutes
    this.#tailStart = minuteOf(tailStart)
  }

  get tailStart(): number {
    return this.#tailStart
  }

  hasSeries(key: string): boolean {
    return this.#tracks.has(key)
  }

  /**
   * Counts one point of the series. Where the store may hold older points of a series that is not here yet (see
   * hasSeries), the counts are provisional until absorb() brings its last point before the tail.
   */
  add(key: string, reduction: SeriesReduction, point: CounterPoint): PointOutcome {
    const track = this.#tracks.get(key) ?? this.#track(key, reduction)
    track.touchedAt = this.#tailStart
    if (point.at < this.#tailStart) {
      this.#takeOlder(track, point)
      return 'late'
    }
    const place = track.insert(point)
    if (place < 0) return 'duplicate'
    this.#count(track, place)
    return 'counted'
  }

  /**
   * Takes in points of the series from the store, ascending: those of the tail and the last one before it. Points known
   * already change nothing, so it may overlap with what add() got, before or after.
   */
  absorb(key: string, reduction: SeriesReduction, points: readonly CounterPoint[]): void {
    const track = this.#tracks.get(key) ?? this.#track(key, reduction)
    for (const point of points) {
      if (point.at < this.#tailStart) this.#takeOlder(track, point)
      else {
        const place = track.insert(point)
        if (place >= 0) this.#count(track, place)
      }
    }
  }

  /** Counts one event. The store's are taken in beside the stream's: what both bring counts once. */
  addEvent(event: TailEvent, source: EventSource): PointOutcome {
    if (event.at < this.#tailStart) return 'late'
    const minute = minuteOf(event.at)
    let known = this.#events.get(minute)
    if (!known) this.#events.set(minute, (known = new EventKeys()))
    const { keyLow, keyHigh, isUnique, isGood } = event
    const isNew = isUnique ? known.addUnique(keyLow, keyHigh, source) : known.addOneOfMany(keyLow, keyHigh, source)
    if (!isNew) return 'duplicate'
    this.minutes.add(minute, isGood ? 1 : 0, 1)
    this.#noteChange(minute)
    return 'counted'
  }

  /** Replaces settled minutes in [from, to) by the store's; minutes of the tail are left alone. True when one changed. */
  settle(from: number, to: number, counted: MinuteSeries): boolean {
    const end = Math.min(to, this.#tailStart)
    let changed = false
    const replace = (minute: number, counts: EventCounts) => {
      this.minutes.set(minute, counts)
      this.#noteChange(minute)
      changed = true
    }
    // Months without a measured minute cost nothing: thousands of SLOs begin with them.
    const lost = [...this.minutes.minutes(minuteOf(from), end)].filter(([minute]) => counted.get(minute) === null)
    // A minute that lost its points stays on record with no events: a slice can be replaced, not taken back.
    for (const [minute] of lost) replace(minute, { good: 0, total: 0 })
    for (const [minute, now] of counted.minutes(minuteOf(from), end)) {
      const before = this.minutes.get(minute)
      if (now.good !== before?.good || now.total !== before.total) replace(minute, now)
    }
    return changed
  }

  /** Takes persisted minutes over as they are (see MinuteSeries.restore). A minute of the tail is its points' business. */
  restore(first: number, good: Float64Array, total: Float64Array): void {
    const settled = Math.max(0, (this.#tailStart - first) / MINUTE_MS)
    this.minutes.restore(first, good.subarray(0, settled), total.subarray(0, settled))
  }

  /** Makes sums of the tail that late points left stale. Call it before reading `minutes`. */
  refresh(): void {
    for (const minute of this.#stale) {
      const counts = { good: 0, total: 0 }
      let measured = false
      for (const track of this.#tracks.values()) if (track.addMinute(counts, minute)) measured = true
      if (measured) this.minutes.set(minute, counts)
    }
    this.#stale.clear()
  }

  /** Moves the start of the tail forward and forgets points that no minute of it needs. Never moves back. */
  advance(tailStart: number): void {
    const next = minuteOf(tailStart)
    if (next <= this.#tailStart) return
    this.refresh()
    this.#tailStart = next
    for (const track of this.#tracks.values()) track.forgetBefore(next)
    for (const minute of this.#events.keys()) if (minute < next) this.#events.delete(minute)
  }

  /**
   * Forgets series that have no point in the tail and got none since the tail began at the given instant; gives their
   * keys back. One that reports again is new here: its last point has to be brought by absorb().
   */
  forgetSilent(since: number): Map<string, SeriesReduction> {
    const silent = new Map<string, SeriesReduction>()
    for (const [key, track] of this.#tracks) {
      if (track.touchedAt < since && track.newestAt < this.#tailStart) silent.set(key, track.reduction)
    }
    for (const key of silent.keys()) this.#tracks.delete(key)
    return silent
  }

  /** Whether takeChanged() would give out any. */
  hasChanged(endedBy: number): boolean {
    return this.#changedFrom + MINUTE_MS <= endedBy
  }

  /** Gives out, once, the changed minutes that ended by the instant, ascending. */
  takeChanged(endedBy: number): number[] {
    this.refresh()
    const minutes = [...this.#changed].filter((minute) => minute + MINUTE_MS <= endedBy).sort((a, b) => a - b)
    for (const minute of minutes) this.#changed.delete(minute)
    this.#changedFrom = Infinity
    for (const minute of this.#changed) this.#changedFrom = Math.min(this.#changedFrom, minute)
    return minutes
  }

  /** Puts minutes back that takeChanged() gave out and nobody could write. */
  giveBack(minutes: Iterable<number>): void {
    for (const minute of minutes) this.#noteChange(minute)
  }

  #noteChange(minute: number): void {
    this.#changed.add(minute)
    if (minute < this.#changedFrom) this.#changedFrom = minute
  }

  #track(key: string, reduction: SeriesReduction): SeriesTrack {
    const track = new SeriesTrack(reduction, this.#tailStart)
    this.#tracks.set(key, track)
    return track
  }

  #count(track: SeriesTrack, place: number): void {
    const at = track.instantOf(place) ?? 0
    const minute = minuteOf(at)
    this.#noteChange(minute)
    if (place === track.length - 1 && !this.#stale.has(minute)) {
      const { good, total } = track.contribution(place)
      this.minutes.add(minute, good, total)
      return
    }
    this.#stale.add(minute)
    this.#markNext(track, place)
  }

  /** A point before the tail matters to it only as the one that the first increase is counted from. */
  #takeOlder(track: SeriesTrack, point: CounterPoint): void {
    const place = track.insert(point)
    if (place >= 0) this.#markNext(track, place)
    track.forgetBefore(this.#tailStart)
  }

  #markNext(track: SeriesTrack, place: number): void {
    if (track.reduction.temporality === 'delta') return
    const next = track.instantOf(place + 1)
    if (next === null || next < this.#tailStart) return
    this.#stale.add(minuteOf(next))
    this.#noteChange(minuteOf(next))
  }
}
