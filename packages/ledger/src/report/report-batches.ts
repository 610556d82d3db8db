import { NinesError } from '@nines/kernel'

/** About 13 MB of sums by hour a query. */
const BATCH_MINUTES = 16_000_000
/** 500 SLOs over two quarters are 132 million. */
const MOST_MINUTES = 300_000_000

interface Versioned {
  versions: readonly unknown[]
}

/** SLOs, of `versions` each, whose hours are read at once. */
export function reportBatches<T extends Versioned>(slos: readonly T[], minutesEach: number): T[][] {
  return inBatchesOf(slos, BATCH_MINUTES, ({ versions }) => versions.length * minutesEach)
}

/** A report over too many minutes is refused. */
export function requireFewMinutes(slos: readonly Versioned[], minutesEach: number): void {
  const minutes = slos.reduce((sum, { versions }) => sum + versions.length * minutesEach, 0)
  if (minutes > MOST_MINUTES)
    throw new NinesError(
      'too_large',
      `the report would read ${Math.round(minutes / 1e6)} million minutes of ${slos.length} SLOs, of ${MOST_MINUTES / 1e6} million at most: choose a team, a service or a shorter period`,
    )
}

/** Items in their order, in batches that are at most so large, or hold one item. */
export function inBatchesOf<T>(items: readonly T[], most: number, sizeOf: (item: T) => number): T[][] {
  const batches: T[][] = []
  let room = 0
  for (const item of items) {
    const size = sizeOf(item)
    if (batches.length === 0 || size > room) {
      batches.push([])
      room = most
    }
    batches.at(-1)?.push(item)
    room -= size
  }
  return batches
}
