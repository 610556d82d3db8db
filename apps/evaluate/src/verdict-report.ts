import type { RuleVerdict } from '@nines/contracts'

/** What was last reported of a rule. */
export interface SaidVerdict {
  verdict: RuleVerdict
  /** Epoch ms. */
  at: number
  /** Repeats of a false that are still to come. */
  repeatsLeft: number
}

const REPEAT_AFTER_MS = 10_000
/** A false after a true is said again this often, in case the job that carried it was lost. */
const REPEATS_OF_FALSE = 3

/**
 * Whether a verdict is to be reported now, and what to remember if so; null when there is nothing to say. A change is
 * said at once; true is said again every 10 s, the false that follows it three more times. The first verdict after a
 * start (nothing remembered) is said once, because an alert may have been left open.
 */
export function nextReport(said: SaidVerdict | undefined, verdict: RuleVerdict, now: number): SaidVerdict | null {
  if (!said) return { verdict, at: now, repeatsLeft: 0 }
  if (said.verdict !== verdict) {
    // A false that comes by way of no_data still ends a true.
    const endsTrue = verdict === 'false' && (said.verdict === 'true' || said.repeatsLeft > 0)
    const carriesTrue = verdict === 'no_data' && (said.verdict === 'true' || said.repeatsLeft > 0)
    return { verdict, at: now, repeatsLeft: endsTrue || carriesTrue ? REPEATS_OF_FALSE : 0 }
  }
  if (now - said.at < REPEAT_AFTER_MS) return null
  if (verdict === 'true') return { ...said, at: now }
  if (verdict === 'false' && said.repeatsLeft > 0) return { ...said, at: now, repeatsLeft: said.repeatsLeft - 1 }
  return null
}
