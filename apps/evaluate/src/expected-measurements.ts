import type { Slice } from '@nines/contracts'
import { expectedRuns, type CheckCadence } from '@nines/slo'

/**
 * Measurements expected in a minute: the runs one location owed by the grid that the check had then, more where more locations
 * ran; 0 where the SLI has no cadence.
 */
export function expectedMeasurements(
  { minute, total }: Pick<Slice, 'minute' | 'total'>,
  cadence: CheckCadence,
): number {
  const owed = expectedRuns(minute, cadence)
  return owed === null ? 0 : Math.max(owed, total)
}
