import type { Slice } from '@nines/contracts'
import { expectedRuns } from '@nines/slo'

/**
 * Measurements expected in a minute: the runs one location owes by the check's grid, more where more locations ran; 0
 * where the SLI has no cadence.
 */
export function expectedMeasurements(slice: Pick<Slice, 'minute' | 'total'>, intervalSeconds: number | null): number {
  return intervalSeconds === null ? 0 : Math.max(expectedRuns(slice.minute, intervalSeconds), slice.total)
}
