import { runsDueAt, type CheckCadence } from './check-cadence.ts'
import { SILENCE_SECONDS, type SilenceTerms } from './evaluate-rules.ts'

/** One run that is missing is no silence. */
const RUNS_OF_SILENCE = 2.5

/** When an SLO of which nothing is measured any more counts as silent. */
export interface Silence {
  /** Given the end of the newest measured minute: the instant from which on it is silent. Epoch ms. */
  from: (measuredUntil: number) => number
  /** That is at most so long after. */
  longestMs: number
}

/**
 * Silence of an SLO that is measured by the checks of these cadences, or of several SLOs, which are silent when all of them are:
 * after ten minutes, and not before two and a half runs are missing of each check. A check that runs every hour is not silent
 * after ten minutes; how many runs are missing is said by the interval of each moment, so that neither changing an interval nor
 * pausing a check makes anything of what was before it.
 */
export function silenceOf(cadences: readonly CheckCadence[]): Silence {
  const rare = cadences.filter((cadence) => cadence.length > 0)
  const intervals = rare.flatMap((cadence) => cadence.map(({ intervalSeconds }) => intervalSeconds ?? 0))
  return {
    from: (measuredUntil) =>
      rare.reduce(
        (latest, cadence) => Math.max(latest, runsDueAt(cadence, measuredUntil, RUNS_OF_SILENCE)),
        measuredUntil + SILENCE_SECONDS * 1000,
      ),
    longestMs: 1000 * Math.max(SILENCE_SECONDS, ...intervals.map((seconds) => RUNS_OF_SILENCE * seconds)),
  }
}

/** Silence after a time that never changes. */
export function silenceAfter(seconds: number): Silence {
  return { from: (measuredUntil) => measuredUntil + seconds * 1000, longestMs: seconds * 1000 }
}

/** How evaluation is to take silence at an instant, as far as cadences say it. */
export type SloSilence = Required<Pick<SilenceTerms, 'silenceSeconds' | 'leastAbsenceSeconds'>>

/** Says it by the end of what was measured by then, epoch ms; null where nothing ever was. */
export type SilenceAt = (measuredUntil: number | null) => SloSilence

const BY_TIME_ALONE: SloSilence = { silenceSeconds: SILENCE_SECONDS, leastAbsenceSeconds: 0 }

/** The terms that hold after what was measured last, of the checks of these cadences. */
export function silenceTerms(cadences: readonly CheckCadence[]): SilenceAt {
  const rare = cadences.filter((cadence) => cadence.length > 0)
  if (rare.length === 0) return () => BY_TIME_ALONE
  return (measuredUntil) => {
    const waits = rare.map((cadence) => {
      const since = measuredUntil ?? cadence.at(-1)?.from ?? 0
      return (runsDueAt(cadence, since, RUNS_OF_SILENCE) - since) / 1000
    })
    const leastAbsenceSeconds = Math.max(...waits)
    return { silenceSeconds: Math.max(SILENCE_SECONDS, leastAbsenceSeconds), leastAbsenceSeconds }
  }
}
