import type { Temporality } from '@nines/contracts'
import type { CounterPoint } from './counter-increase.ts'

/** One scalar point of a named series, for tests. */
export interface OraclePoint {
  series: string
  at: number
  start: number
  value: number
}

export const asCounterPoint = ({ at, start, value }: OraclePoint): CounterPoint => ({
  at,
  start,
  counts: [value],
  bounds: null,
})

/**
 * Test oracle, written apart from the engine and as plainly as possible: all points at once, no incremental state.
 * Gives events by minute for series named `good…`, `bad…` or `total…`: [good, total], where good is what the good
 * series count or, with `byBad`, the total less what the bad ones count.
 */
export function oracleMinutes(
  points: OraclePoint[],
  temporality: Temporality,
  byBad: boolean,
): Map<number, [number, number]> {
  const minutes = new Map<number, [number, number]>()
  for (const name of new Set(points.map((p) => p.series))) {
    const unique = new Map<number, OraclePoint>()
    for (const p of points) if (p.series === name && !unique.has(p.at)) unique.set(p.at, p)
    const ordered = [...unique.values()].sort((a, b) => a.at - b.at)
    ordered.forEach((b, i) => {
      const a = ordered[i - 1]
      let increase = b.value
      if (temporality === 'cumulative') {
        if (!a) increase = b.start > 0 && b.start <= b.at && b.start >= b.at - 300_000 ? b.value : 0
        else if (!(a.start > 0 && b.start > a.start && b.start >= a.at) && b.value >= a.value)
          increase = b.value - a.value
      }
      const minute = b.at - (((b.at % 60_000) + 60_000) % 60_000)
      const [good, total] = minutes.get(minute) ?? [0, 0]
      if (name.startsWith('good')) minutes.set(minute, [good + increase, total])
      else if (name.startsWith('bad')) minutes.set(minute, [good - increase, total])
      else minutes.set(minute, [byBad ? good + increase : good, total + increase])
    })
  }
  return minutes
}

/** Sum over (now - seconds, now] by looking at every minute there is. */
export function oracleWindow(minutes: Map<number, [number, number]>, now: number, seconds: number): [number, number] {
  const start = now - seconds * 1000
  let [sumGood, sumTotal] = [0, 0]
  for (const [minute, [good, total]] of minutes) {
    if (minute > now || minute + 60_000 <= start) continue
    const share = minute < start ? (minute + 60_000 - start) / 60_000 : 1
    sumGood += good * share
    sumTotal += total * share
  }
  return [sumGood, sumTotal]
}
