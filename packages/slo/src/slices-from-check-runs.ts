import type { CheckRun } from '@nines/contracts'
import type { CounterPoint } from './counter-increase.ts'

/** Runs of one check from one location make one series, unique by their instant on the grid, as run ids are. */
export function seriesOfCheckRun(run: Pick<CheckRun, 'checkId' | 'location'>): string {
  return `${run.checkId}@${run.location}`
}

/** A run as a point of increments: passed, failed. */
export function pointFromCheckRun(run: Pick<CheckRun, 'scheduledAt' | 'ok'>): CounterPoint {
  return { at: run.scheduledAt, start: 0, counts: run.ok ? [1, 0] : [0, 1], bounds: null }
}
