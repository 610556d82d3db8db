import { NinesError } from '@nines/kernel'

/** An SLO with the versions whose slices a report needs. */
export interface WantedSlo {
  id: string
  versions: readonly number[]
}

/** Minutes of all versions that one query reads: about 56 MB of columns. */
const BATCH_MINUTES = 2_000_000
/** 500 SLOs over two quarters are 132 million. */
const MOST_MINUTES = 300_000_000

/** SLOs in batches that are read at once, in their order. A report over too many minutes is refused. */
export function reportBatches<T extends WantedSlo>(slos: readonly T[], minutesEach: number): T[][] {
  const minutes = slos.reduce((sum, { versions }) => sum + versions.length * minutesEach, 0)
  if (minutes > MOST_MINUTES)
    throw new NinesError(
      'too_large',
      `the report would read ${Math.round(minutes / 1e6)} million minutes of ${slos.length} SLOs, of ${MOST_MINUTES / 1e6} million at most: choose a team, a service or a shorter period`,
    )
  const batches: T[][] = []
  let room = 0
  for (const slo of slos) {
    const size = slo.versions.length * minutesEach
    if (batches.length === 0 || size > room) {
      batches.push([])
      room = BATCH_MINUTES
    }
    batches.at(-1)?.push(slo)
    room -= size
  }
  return batches
}
