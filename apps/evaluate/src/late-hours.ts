import { HOUR_MS } from '@nines/slo'

/** Hours (epoch ms of their start) with points that came too late for memory, and when they may be counted anew. */
export interface LateBatch {
  hours: number[]
  /** Positions of the stream, by shard, that the store must have reached: then it holds every point of the batch. */
  positions: readonly string[]
  /** Start of the tail when the batch was closed. Minutes from here on were right in memory. */
  tailStart: number
}

/**
 * Two generations of late hours. New ones collect while a closed batch waits for the store; without the second
 * generation a steady trickle of late points would move the goal for ever.
 */
export class LateHours {
  #collecting = new Set<number>()
  #waiting: LateBatch | null = null
  /** Hours counted anew whose slices are not yet written. */
  readonly #counted = new Set<number>()
  /** Hours not yet noted where they outlive this process. */
  #unnoted = new Set<number>()

  mark(at: number): void {
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS
    if (this.#collecting.has(hour)) return
    this.#collecting.add(hour)
    this.#unnoted.add(hour)
  }

  /** Takes up hours that a former owner noted. */
  restore(hours: Iterable<number>): void {
    for (const hour of hours) this.#collecting.add(hour)
  }

  /** True when there is nothing to note, to count or to settle. */
  get isIdle(): boolean {
    return this.pending === 0 && this.#unnoted.size === 0
  }

  /** True when hours were counted whose notes can go once their slices are written. */
  get isCounted(): boolean {
    return this.#counted.size > 0
  }

  get pending(): number {
    return this.#collecting.size + (this.#waiting?.hours.length ?? 0)
  }

  /**
   * The batch that waits for the store; closes one when none waits and there is something late. Hours before `from`, of which
   * not everything is known yet, are left for later.
   */
  batch(positions: readonly string[], tailStart: number, from = -Infinity): LateBatch | null {
    const hours = this.#waiting ? [] : [...this.#collecting].filter((hour) => hour >= from).sort((a, b) => a - b)
    if (hours.length > 0) {
      this.#waiting = { hours, positions: [...positions], tailStart }
      for (const hour of hours) this.#collecting.delete(hour)
    }
    return this.#waiting
  }

  /** The hours of the waiting batch have been counted anew. */
  counted(hours: readonly number[]): void {
    for (const hour of hours) this.#counted.add(hour)
    if (!this.#waiting) return
    const left = this.#waiting.hours.filter((hour) => !this.#counted.has(hour))
    this.#waiting = left.length > 0 ? { ...this.#waiting, hours: left } : null
  }

  takeUnnoted(): number[] {
    const hours = [...this.#unnoted]
    this.#unnoted = new Set()
    return hours
  }

  noteFailed(hours: readonly number[]): void {
    for (const hour of hours) this.#unnoted.add(hour)
  }

  /** After the slices were written: hours whose note can go, because nothing late came for them since. */
  takeSettled(): number[] {
    const hours = [...this.#counted].filter((hour) => !this.#collecting.has(hour))
    this.#counted.clear()
    return hours.filter((hour) => !this.#waiting?.hours.includes(hour))
  }
}

/** Joins hours into ranges [from, to); neighbours within one hour become one, since each range is read with a margin. */
export function rangesOf(hours: readonly number[]): [from: number, to: number][] {
  const ranges: [number, number][] = []
  for (const hour of [...hours].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && hour <= last[1] + HOUR_MS) last[1] = Math.max(last[1], hour + HOUR_MS)
    else ranges.push([hour, hour + HOUR_MS])
  }
  return ranges
}
