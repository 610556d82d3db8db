/** An interval [from, to), epoch ms. */
export interface ReadRange {
  from: number
  to: number
}

const HOUR_MS = 3_600_000
/** Two ranges are read as one where that reads hardly more than the longer one. */
const MOST_GROWTH = 1.1

export function isNearlyTheSame(a: ReadRange, b: ReadRange): boolean {
  const { from, to } = hullOf([a, b])
  return to - from <= MOST_GROWTH * Math.max(a.to - a.from, b.to - b.from) + HOUR_MS
}

/** The least range that holds all. */
export function hullOf(ranges: readonly ReadRange[]): ReadRange {
  let [from, to] = [Infinity, -Infinity]
  for (const range of ranges) {
    from = Math.min(from, range.from)
    to = Math.max(to, range.to)
  }
  return { from, to }
}

/** Where the first of ascending instants that is not before `at` stands. */
export function firstFrom(instants: Float64Array, at: number): number {
  let [low, high] = [0, instants.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (instants[middle]! < at) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows that lie in the range; undefined where there are none. */
export function rowsWithin<Row extends { at: number }>(
  rows: readonly Row[],
  { from, to }: ReadRange,
): Row[] | undefined {
  const inside = rows.filter(({ at }) => at >= from && at < to)
  return inside.length === 0 ? undefined : inside
}
