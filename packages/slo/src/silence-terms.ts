import { SILENCE_SECONDS, type SilenceTerms } from './evaluate-rules.ts'

/** One run that is missing is no silence. */
const RUNS_OF_SILENCE = 2.5

/** How to take silence, as far as an SLO says it: a check that runs every hour is not silent after ten minutes. */
export type SloSilence = Required<Pick<SilenceTerms, 'silenceSeconds' | 'leastAbsenceSeconds'>>

/** Of an SLI over a check the seconds between its runs, else null. */
export function silenceTermsOf(checkIntervalSeconds: number | null): SloSilence {
  const rareSeconds = RUNS_OF_SILENCE * (checkIntervalSeconds ?? 0)
  return { silenceSeconds: Math.max(SILENCE_SECONDS, rareSeconds), leastAbsenceSeconds: rareSeconds }
}
