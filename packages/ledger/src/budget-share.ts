import type { BudgetShare } from '@nines/contracts'
import { shareOfBudget, UNITS_PER_EVENT, type WindowBudget } from '@nines/slo'

/** The ways to say how much some units are, out of a whole budget. */
export function budgetShareOf(units: number, budget: WindowBudget): BudgetShare {
  const share = shareOfBudget(units, budget)
  return {
    units,
    badEvents: units / UNITS_PER_EVENT,
    share,
    outageSeconds: share === null ? null : share * budget.outageSeconds,
  }
}
