import type { BudgetReading, BudgetStandingDto, BudgetStep, BudgetUnknown } from '@nines/contracts'
import { advanceBudget, NO_BUDGET_STEPS, watchedOf, type BudgetMachine, type BudgetTerms } from './budget-steps.ts'

/** A policy as the gate asks it. */
export interface StandingTerms extends BudgetTerms {
  steps: readonly BudgetStep[]
  onUnknown: BudgetUnknown
}

/**
 * How an SLO stands under its policy: its steps as they are on record, moved by what is left now. So the gate is right also
 * before a crossing is on record. `reading` null: what is left is not known.
 */
export function budgetStanding(
  machine: BudgetMachine,
  terms: StandingTerms,
  reading: BudgetReading | null,
): BudgetStandingDto {
  // Nothing is on record since the SLO began to follow the policy: the newest status counts, though it is from before.
  const known = machine.version === 0 ? NO_BUDGET_STEPS : machine
  const inForce = reading === null ? known.entered : advanceBudget(known, terms, reading).machine.entered
  const freezing = new Set(terms.steps.filter(isFreezing).map((step) => step.budgetLeftBelow))
  const frozenBy = inForce.filter(({ budgetLeftBelow }) => freezing.has(budgetLeftBelow))
  const watched = reading === null ? [] : watchedOf(terms, reading)
  const left = watched.flatMap(({ budgetRemaining }) => budgetRemaining ?? [])
  const isUnknown = !reading?.isMeasured || watched.length === 0 || left.length < watched.length
  return {
    budgetRemaining: left.length === 0 ? null : Math.min(...left),
    inForce: [...inForce],
    frozenBy,
    isUnknown,
    // Without a step that freezes there is nothing that the unknown could hide.
    isFrozen: frozenBy.length > 0 || (isUnknown && terms.onUnknown === 'freeze' && freezing.size > 0),
  }
}

export function isFreezing({ actions }: Pick<BudgetStep, 'actions'>): boolean {
  return actions.some(({ kind }) => kind === 'freeze')
}
