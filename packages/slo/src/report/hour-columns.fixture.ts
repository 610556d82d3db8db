import type { HourColumns } from './hour-columns.ts'

/** A stored revision; `minute` is in minutes since 1970. */
export interface StoredSlice {
  minute: number
  good: number
  total: number
  /** When it became known; 0 where it is left out. */
  revision?: number
}

/** What the store says of slices by hour as of an instant, made as plainly as possible. */
export function hourColumnsOf(slices: readonly StoredSlice[], burnAbove: number, asOf = Infinity): HourColumns {
  const isKnown = ({ revision = 0 }: StoredSlice) => revision <= asOf
  const hours = [...new Set(slices.filter(isKnown).map(({ minute }) => Math.floor(minute / 60)))].toReversed()
  const rows = hours.map((hour) => slices.filter(({ minute }) => Math.floor(minute / 60) === hour))
  const bits = (which: (slice: StoredSlice) => boolean, half: 0 | 30) =>
    rows.map((inHour) => {
      const minutes = new Set(inHour.filter(which).map(({ minute }) => (minute % 60) - half))
      return [...minutes].filter((bit) => bit >= 0 && bit < 30).reduce((sum, bit) => sum + 2 ** bit, 0)
    })
  const isMeasured = () => true
  const hasEvents = ({ total }: StoredSlice) => total > 0
  const isBurning = ({ good, total }: StoredSlice) => total > 0 && (total - good) / total > burnAbove
  const add = (value: (slice: StoredSlice) => number) =>
    rows.map((inHour) => inHour.reduce((sum, slice) => sum + value(slice), 0))
  return {
    hour: hours,
    good: add(({ good }) => good),
    total: add(({ total }) => total),
    rows: add(() => 1),
    uneven: rows.map((inHour) => Number(inHour.some(({ good, total }) => good !== total))),
    later: rows.map((inHour) => Number(!inHour.every(isKnown))),
    measuredLow: bits(isMeasured, 0),
    measuredHigh: bits(isMeasured, 30),
    eventsLow: bits(hasEvents, 0),
    eventsHigh: bits(hasEvents, 30),
    burnLow: bits(isBurning, 0),
    burnHigh: bits(isBurning, 30),
  }
}
