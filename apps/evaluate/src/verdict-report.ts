import type { RuleVerdict } from '@nines/contracts'

/** What was last reported of a rule. */
export interface SaidVerdict {
  verdict: RuleVerdict
  /** Epoch ms. */
  at: number
  /** Repeats of what followed a true that are still to come. */
  repeatsLeft: number
  /** It was true and no false has been said often enough since. */
  mayBeOpen: boolean
  /** It was kept back: no alert of the rule is open that it could move. */
  isUnsaid?: boolean
}

export const REPEAT_AFTER_MS = 10_000
/** What follows a true is said again this often, in case the job that carried it was lost. */
const REPEATS_AFTER_TRUE = 3

/**
 * Whether a verdict is to be reported now, and what to remember if so; null when there is nothing to say. A change is
 * said at once; true is said again every 10 s, whatever follows it (an alert may be open) three more times: a lost
 * no_data would let a false that came before it resolve the alert. The first verdict after a start (nothing remembered)
 * is said once, where an alert of the rule was left open: ten thousand SLOs that change hands would otherwise stand in the
 * way of every page. Without one it is remembered as unsaid, and said as soon as there is one after all.
 */
export function nextReport(
  said: SaidVerdict | undefined,
  verdict: RuleVerdict,
  now: number,
  isAlertOpen: boolean,
): SaidVerdict | null {
  if (!said || said.isUnsaid) {
    const first = { verdict, at: now, repeatsLeft: 0, mayBeOpen: verdict === 'true' }
    if (verdict === 'true' || isAlertOpen) return first
    return said?.verdict === verdict ? null : { ...first, isUnsaid: true }
  }
  if (said.verdict !== verdict) {
    const repeatsLeft = verdict !== 'true' && said.mayBeOpen ? REPEATS_AFTER_TRUE : 0
    return { verdict, at: now, repeatsLeft, mayBeOpen: verdict === 'true' || said.mayBeOpen }
  }
  if (now - said.at < REPEAT_AFTER_MS) return null
  if (verdict === 'true') return { ...said, at: now }
  if (said.repeatsLeft === 0) return null
  const repeatsLeft = said.repeatsLeft - 1
  return { verdict, at: now, repeatsLeft, mayBeOpen: verdict !== 'false' || repeatsLeft > 0 }
}
