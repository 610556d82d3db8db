import type { GateReason, SloStatus } from '@nines/contracts'

/** A status older than this is told as such: evaluation may be down. */
const STALE_MS = 5 * 60_000

export interface GateDecision {
  allowed: boolean
  reasons: GateReason[]
}

/**
 * Whether a pipeline may deploy: while more than `minimum` of the budget is left, or under an exception. Without a budget (no
 * events, not evaluated yet) nothing says that users were hurt, and deploys pass. `now` is epoch ms.
 */
export function decideGate(
  status: Pick<SloStatus, 'at' | 'budgetRemaining'> | null,
  { minimum, hasException, now }: { minimum: number; hasException: boolean; now: number },
): GateDecision {
  const reasons = [budgetReason(status?.budgetRemaining ?? null, minimum)]
  const isLow = reasons[0]?.code === 'budget_low'
  if (isLow && hasException) reasons.push({ code: 'exception', message: 'An exception lets deploys pass.' })
  if (status && now - status.at > STALE_MS) {
    const minutes = Math.round((now - status.at) / 60_000)
    reasons.push({ code: 'stale', message: `The SLO was last evaluated ${minutes} minutes ago.` })
  }
  return { allowed: !isLow || hasException, reasons }
}

function budgetReason(remaining: number | null, minimum: number): GateReason {
  if (remaining === null)
    return { code: 'no_budget', message: 'No budget is known: there were no events, or none are counted yet.' }
  const left = `${percentText(remaining)} of the error budget is left`
  const least = minimum > 0 ? `, and more than ${percentText(minimum)} must be` : ''
  // At the minimum nothing may be spent any more.
  return remaining > minimum
    ? { code: 'budget_left', message: `${left}.` }
    : { code: 'budget_low', message: `${left}${least}: deploys are frozen.` }
}

/** Cut to two decimals, never rounded up to what is not left. */
function percentText(share: number): string {
  return `${Math.floor(Number((share * 10_000).toPrecision(12))) / 100} %`
}
