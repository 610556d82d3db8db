import { NinesError } from '@nines/kernel'

/** About 13 MB of sums by hour a query. */
const BATCH_MINUTES = 16_000_000
/** 500 SLOs over two quarters are 132 million. */
const MOST_MINUTES = 300_000_000

/** SLOs, of `versions` each, whose hours are read at once. A report over too many minutes is refused. */
export function reportBatches<T extends { versions: readonly unknown[] }>(
  slos: readonly T[],
  minutesEach: number,
): T[][] {
  const minutesOf = ({ versions }: T) => versions.length * minutesEach
  const minutes = slos.reduce((sum, slo) => sum + minutesOf(slo), 0)
  if (minutes > MOST_MINUTES)
    throw new NinesError(
      'too_large',
      `the report would read ${Math.round(minutes / 1e6)} million minutes of ${slos.length} SLOs, of ${MOST_MINUTES / 1e6} million at most: choose a team, a service or a shorter period`,
    )
  return inBatchesOf(slos, BATCH_MINUTES, minutesOf)
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
