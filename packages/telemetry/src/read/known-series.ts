import type { SeriesDefinition } from '@nines/contracts'

/** A series of the store with the times of its first and its latest announcement, epoch ms. */
export interface KnownSeries extends SeriesDefinition {
  firstSeen: number
  lastSeen: number
}

/**
 * Live series are announced anew at least this often, so that one which was announced longer before a time range has no
 * samples in it.
 */
export const ANNOUNCED_WITHIN_MS = 2 * 3_600_000

/** Whether a series may have samples in (from, to], epoch ms. */
export function mayHaveSamples(series: KnownSeries, from: number): boolean {
  return series.lastSeen >= from - ANNOUNCED_WITHIN_MS
}
