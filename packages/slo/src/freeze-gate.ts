import {
  instantText,
  windowText,
  type BudgetReading,
  type BudgetStandingDto,
  type EnteredStep,
  type GateReason,
  type SloStatus,
} from '@nines/contracts'

/** A status older than this is told as such: evaluation may be down. What it says of a policy's steps is unknown then. */
export const STALE_STATUS_MS = 5 * 60_000

export interface GateDecision {
  allowed: boolean
  reasons: GateReason[]
}

/** What the policy of the SLO says, for the gate. */
export interface GatePolicy {
  name: string
  margin: number
  standing: BudgetStandingDto
  reading: BudgetReading | null
}

export interface GateQuestion {
  /** Asked for by the pipeline, beside the policy; null: not asked for. Without a policy at least 0 is. */
  minimum: number | null
  policy: GatePolicy | null
  hasException: boolean
  /** Epoch ms. */
  now: number
}

/**
 * Whether a pipeline may deploy: while no step of the policy freezes and more than `minimum` of the budget is left, or
 * under an exception. Without a policy and without a budget (no events, not evaluated yet) nothing says that users were
 * hurt, and deploys pass.
 */
export function decideGate(
  status: Pick<SloStatus, 'at' | 'budgetRemaining'> | null,
  { minimum, policy, hasException, now }: GateQuestion,
): GateDecision {
  const reasons = policy ? policyReasons(policy) : []
  if (minimum !== null || !policy) reasons.push(budgetReason(status?.budgetRemaining ?? null, minimum ?? 0))
  const isFrozen = reasons.some(({ code }) => FREEZING.has(code))
  if (isFrozen && hasException) reasons.push({ code: 'exception', message: 'An exception lets deploys pass.' })
  if (status && now - status.at > STALE_STATUS_MS) {
    const minutes = Math.round((now - status.at) / 60_000)
    reasons.push({ code: 'stale', message: `The SLO was last evaluated ${minutes} minutes ago.` })
  }
  return { allowed: !isFrozen || hasException, reasons }
}

const FREEZING: ReadonlySet<GateReason['code']> = new Set(['budget_low', 'policy_frozen', 'unknown_frozen'])

/** How a freeze ends: above which share of the budget, and of the calendar also at the end of its period (epoch ms). */
export function freezeEnd(
  step: EnteredStep,
  { margin, reading }: Pick<GatePolicy, 'margin' | 'reading'>,
): { clearsAbove: number; until: number | null } {
  const objective = reading?.objectives.find((one) => one.objective === step.objective)
  return {
    clearsAbove: Math.min(step.budgetLeftBelow + margin, 1),
    until: objective?.window.kind === 'calendar' ? objective.to : null,
  }
}

function policyReasons(policy: GatePolicy): GateReason[] {
  const { name, standing } = policy
  const { frozenBy, isFrozen, isUnknown, budgetRemaining } = standing
  const unknown = `The policy “${name}”: what is left of the budget is not known`
  if (frozenBy.length > 0) {
    const reasons = frozenBy.map((step): GateReason => ({ code: 'policy_frozen', message: frozenText(step, policy) }))
    const stays: GateReason = { code: 'unknown_frozen', message: `${unknown}, so the freeze stays in force.` }
    return isUnknown ? [...reasons, stays] : reasons
  }
  if (isFrozen) return [{ code: 'unknown_frozen', message: `${unknown}, and then it freezes deploys.` }]
  if (isUnknown) return [{ code: 'unknown_open', message: `${unknown}, and then it lets deploys pass.` }]
  const left = leftText(budgetRemaining ?? 1, 'the budget')
  return [{ code: 'policy_open', message: `The policy “${name}” freezes nothing: ${left}.` }]
}

function frozenText(step: EnteredStep, policy: GatePolicy): string {
  const { clearsAbove, until } = freezeEnd(step, policy)
  const objective = policy.reading?.objectives.find((one) => one.objective === step.objective)
  const left = objective?.budgetRemaining ?? null
  const promise = objective ? ` (${percentText(objective.target)} over ${windowText(objective.window)})` : ''
  const now = left === null ? '' : `: ${leftText(left, `the budget${promise}`)}`
  const back = clearsAbove < 1 ? `more than ${percentText(clearsAbove)} is left again` : 'the whole budget is back'
  const end = until === null ? back : `${back}, or on ${instantText(until)} with the next period`
  return (
    `The policy “${policy.name}” freezes deploys at ${percentText(step.budgetLeftBelow)}${now}. ` +
    `In force since ${instantText(step.since)}, until ${end}.`
  )
}

function budgetReason(remaining: number | null, minimum: number): GateReason {
  if (remaining === null)
    return { code: 'no_budget', message: 'No budget is known: there were no events, or none are counted yet.' }
  const left = leftText(remaining, 'the error budget').replace(/^t/, 'T')
  const least = minimum > 0 ? `, and more than ${percentText(minimum)} must be` : ''
  // At the minimum nothing may be spent any more.
  return remaining > minimum
    ? { code: 'budget_left', message: `${left}.` }
    : { code: 'budget_low', message: `${left}${least}: deploys are frozen.` }
}

/** What is left of a budget, or by how much it is overspent. */
function leftText(share: number, budget: string): string {
  return share < 0
    ? `${budget} is overspent by ${percentText(share).slice(1)}`
    : `${percentText(share)} of ${budget} is left`
}

/** Cut to two decimals, never rounded up to what is not left; of a share below zero with a minus. */
function percentText(share: number): string {
  return `${Math.floor(Number((share * 10_000).toPrecision(12))) / 100} %`
}
