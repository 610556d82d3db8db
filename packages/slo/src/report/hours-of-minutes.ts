import { HOUR_MS, MINUTE_MS } from '../minute.ts'
import type { DenseMinutes } from './dense-minutes.ts'
import type { HourColumns } from './hour-columns.ts'

/** What minutes come to by hours of UTC, as the store says it of slices with one revision each; of hours without any nothing is measured. */
export function hoursOfMinutes({ from, length, good, total, measured }: DenseMinutes, burnAbove: number): HourColumns {
  const lead = (from % HOUR_MS) / MINUTE_MS
  const firstHour = Math.floor(from / HOUR_MS)
  const hours = Math.ceil((lead + length) / 60)
  const words = () => new Uint32Array(hours)
  const columns = { rows: words(), uneven: words(), good: new Float64Array(hours), total: new Float64Array(hours) }
  const halves = [
    { measured: words(), events: words(), burn: words() },
    { measured: words(), events: words(), burn: words() },
  ] as const
  for (let hour = 0; hour < hours; hour++) {
    let [sumGood, sumTotal, rows, uneven] = [0, 0, 0, 0]
    for (const [half, bits] of halves.entries()) {
      const start = hour * 60 + half * 30 - lead
      const end = Math.min(length, start + 30)
      let [isMeasured, hasEvents, burns] = [0, 0, 0]
      for (let place = Math.max(0, start); place < end; place++) {
        if (measured[place] === 0) continue
        const [goodHere, events] = [good[place] as number, total[place] as number]
        const bit = 1 << (place - start)
        isMeasured |= bit
        rows++
        sumGood += goodHere
        sumTotal += events
        if (events > 0) hasEvents |= bit
        if (goodHere === events) continue
        uneven = 1
        if (events > 0 && (events - goodHere) / events > burnAbove) burns |= bit
      }
      bits.measured[hour] = isMeasured
      bits.events[hour] = hasEvents
      bits.burn[hour] = burns
    }
    columns.rows[hour] = rows
    columns.uneven[hour] = uneven
    columns.good[hour] = sumGood
    columns.total[hour] = sumTotal
  }
  const [low, high] = halves
  return {
    ...columns,
    hour: words().map((_, place) => firstHour + place),
    later: words(),
    measuredLow: low.measured,
    measuredHigh: high.measured,
    eventsLow: low.events,
    eventsHigh: high.events,
    burnLow: low.burn,
    burnHigh: high.burn,
  }
}
