import { changesSoFar } from '../changes-so-far.ts'
import { MinuteSeries } from '../minute-series.ts'
import { HOUR_MS, MINUTE_MS, minuteOf } from '../minute.ts'
import type { MinuteSource } from './minute-source.ts'

/** Judges the minutes of [from, to), ascending, into the series. */
export type JudgeMinutes = (from: number, to: number, into: MinuteSeries) => void

/**
 * Minutes that follow from those of others. A minute is judged when it has ended, and again when something changes that it
 * depends on: of the sources its own minute and those of the `reachMs` before it.
 */
export class JudgedMinutes {
  readonly series = new MinuteSeries()
  readonly #sources: readonly MinuteSource[]
  readonly #reachMs: number
  readonly #judge: JudgeMinutes
  #changes = 0
  /** Minutes of [#first, #end) are judged. */
  #first = Infinity
  #end = -Infinity

  constructor(sources: readonly MinuteSource[], reachMs: number, judge: JudgeMinutes) {
    this.#sources = sources
    this.#reachMs = reachMs
    this.#judge = judge
    for (const source of sources) source.follow()
  }

  /** Brings the minutes that ended by the instant up to date. */
  advance(now: number): void {
    const changes = changesSoFar()
    const first = earliestMinute(this.#sources)
    if (first === null) return
    const end = Math.max(minuteOf(now), this.#end)
    // Silence counts from where history begins: when that moves, all of it is judged anew.
    if (first !== this.#first) this.#judge(Math.min(first, this.#first), end, this.series)
    else {
      for (const [from, to] of this.#changedSpans(first)) this.#judge(from, to, this.series)
      if (end > this.#end) this.#judge(Math.max(this.#end, first), end, this.series)
    }
    this.#first = first
    this.#end = end
    this.#changes = changes
  }

  #changedSpans(first: number): [from: number, to: number][] {
    const hours = new Set(this.#sources.flatMap((source) => [...source.hoursChangedSince(this.#changes)]))
    const spans: [number, number][] = []
    for (const hour of [...hours].sort((a, b) => a - b)) {
      const [from, to] = [Math.max(hour, first), Math.min(hour + HOUR_MS + this.#reachMs, this.#end)]
      const last = spans.at(-1)
      if (last && from <= last[1]) last[1] = Math.max(last[1], to)
      else if (from < to) spans.push([from, to])
    }
    return spans.map(([from, to]) => [from, Math.ceil(to / MINUTE_MS) * MINUTE_MS])
  }
}

/** First minute that any of the sources measured. */
export function earliestMinute(sources: readonly MinuteSource[]): number | null {
  const firsts = sources.flatMap((source) => source.earliestMinute() ?? [])
  return firsts.length === 0 ? null : Math.min(...firsts)
}
