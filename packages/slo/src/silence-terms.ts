import type { SliSpec } from '@nines/contracts'
import { SILENCE_SECONDS, type SilenceTerms } from './evaluate-rules.ts'
import { isTimeSlices } from './time-slices.ts'

/** Missing one measurement is no silence, whatever its clock. */
const STEPS_OF_SILENCE = 2.5

/**
 * How to take silence of an SLI. A check that runs every hour is not silent after ten minutes, and a slice of time counts
 * only when it has ended. `checkIntervalSeconds` of an SLI over a check, else null.
 */
export function silenceTermsOf(
  sli: SliSpec,
  checkIntervalSeconds: number | null,
): Required<Omit<SilenceTerms, 'heard'>> {
  const stepSeconds = Math.max(checkIntervalSeconds ?? 0, isTimeSlices(sli) ? sli.sliceMinutes * 60 : 0)
  const rareSeconds = STEPS_OF_SILENCE * stepSeconds
  return { silenceSeconds: Math.max(SILENCE_SECONDS, rareSeconds), leastAbsenceSeconds: rareSeconds }
}
