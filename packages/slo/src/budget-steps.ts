import type {
  BudgetEventCause,
  BudgetEventKind,
  BudgetReading,
  BudgetReadingObjective,
  BudgetStep,
  EnteredStep,
} from '@nines/contracts'

/** What of a policy says when its steps are entered and left. */
export interface BudgetTerms {
  steps: readonly Pick<BudgetStep, 'budgetLeftBelow'>[]
  /** Hysteresis, as a share of the budget. */
  margin: number
  /** The objective that is watched; null: each of them by itself. */
  objective: number | null
}

/** The steps of one SLO under its policy. A step of an objective that is not here is not entered. */
export interface BudgetMachine {
  /** Version and instant (epoch ms) of the newest reading that was applied. */
  version: number
  at: number
  /** First entered first. */
  entered: readonly EnteredStep[]
}

export const NO_BUDGET_STEPS: BudgetMachine = { version: 0, at: 0, entered: [] }

/** A step that one objective of the SLO entered or left. */
export interface BudgetCrossing {
  kind: BudgetEventKind
  cause: BudgetEventCause
  objective: number
  budgetLeftBelow: number
  /** Epoch ms: of the evaluation, or when the period began. */
  at: number
  budgetRemaining: number | null
}

/**
 * below: at the threshold or under it. above: more than the margin over it, or untouched, so that no margin makes a step
 * that can never be left. unknown: without events, or while too little is measured.
 */
export type StepVerdict = 'below' | 'between' | 'above' | 'unknown'

export function stepVerdict(
  budgetRemaining: number | null,
  { budgetLeftBelow, margin, isMeasured }: { budgetLeftBelow: number; margin: number; isMeasured: boolean },
): StepVerdict {
  if (budgetRemaining === null || !isMeasured) return 'unknown'
  if (budgetRemaining <= budgetLeftBelow) return 'below'
  return budgetRemaining > budgetLeftBelow + margin || budgetRemaining >= 1 ? 'above' : 'between'
}

/**
 * Moves the steps of an SLO by what is left of its budgets. A step is entered at its threshold and left above threshold
 * and margin; in between, and on nothing that is unknown, it stays as it is. A period of the calendar that began since ends
 * it whatever is known: its budget is a new one. A reading that is not newer than the last one applied, or of an older
 * version of the SLO, changes nothing: then the machine that is given back is the one that was given.
 */
export function advanceBudget(
  machine: BudgetMachine,
  terms: BudgetTerms,
  reading: BudgetReading,
): { machine: BudgetMachine; crossings: BudgetCrossing[] } {
  if (reading.version < machine.version || reading.at <= machine.at) return { machine, crossings: [] }
  const left = machine.entered.flatMap((step) => leaving(step, terms, reading) ?? [])
  const kept = machine.entered.filter((step) => !left.some((crossing) => isOf(crossing, step)))
  const entering = watchedOf(terms, reading)
    .flatMap((objective) => enteringOf(objective, terms, reading))
    .filter((crossing) => !kept.some((step) => isOf(crossing, step)))
  const entered = entering.map(({ objective, budgetLeftBelow, at }) => ({ objective, budgetLeftBelow, since: at }))
  return {
    machine: { version: reading.version, at: reading.at, entered: [...kept, ...entered] },
    crossings: [...left, ...entering],
  }
}

/** Ends steps that the terms do not hold any more, at `at` (epoch ms); with null all of them. */
export function withdrawSteps(
  machine: BudgetMachine,
  terms: BudgetTerms | null,
  at: number,
): { machine: BudgetMachine; crossings: BudgetCrossing[] } {
  const gone = machine.entered.filter((step) => terms === null || !holds(terms, step))
  const crossings = gone.map((step): BudgetCrossing => ({
    ...crossingOf(step, 'left', at),
    cause: 'policy',
    budgetRemaining: null,
  }))
  return { machine: { ...machine, entered: machine.entered.filter((step) => !gone.includes(step)) }, crossings }
}

/** The objectives of a reading that a policy watches. */
export function watchedOf(
  { objective }: Pick<BudgetTerms, 'objective'>,
  reading: BudgetReading,
): BudgetReadingObjective[] {
  return reading.objectives.filter((one) => objective === null || one.objective === objective)
}

function leaving(step: EnteredStep, terms: BudgetTerms, reading: BudgetReading): BudgetCrossing | null {
  const { at, isMeasured } = reading
  if (!holds(terms, step)) return { ...crossingOf(step, 'left', at), cause: 'policy', budgetRemaining: null }
  const now = reading.objectives.find(({ objective }) => objective === step.objective)
  if (!now) return { ...crossingOf(step, 'left', at), cause: 'objective', budgetRemaining: null }
  const { window, from, budgetRemaining } = now
  if (window.kind === 'calendar' && from > step.since)
    return { ...crossingOf(step, 'left', from), cause: 'period', budgetRemaining }
  const { budgetLeftBelow } = step
  const verdict = stepVerdict(budgetRemaining, { budgetLeftBelow, margin: terms.margin, isMeasured })
  return verdict === 'above' ? { ...crossingOf(step, 'left', at), cause: 'budget', budgetRemaining } : null
}

function enteringOf(
  { objective, budgetRemaining }: BudgetReadingObjective,
  { steps, margin }: BudgetTerms,
  { at, isMeasured }: BudgetReading,
): BudgetCrossing[] {
  return steps
    .map((step) => step.budgetLeftBelow)
    .filter((budgetLeftBelow) => stepVerdict(budgetRemaining, { budgetLeftBelow, margin, isMeasured }) === 'below')
    .toSorted((a, b) => b - a)
    .map((budgetLeftBelow) => ({
      ...crossingOf({ objective, budgetLeftBelow }, 'entered', at),
      cause: 'budget',
      budgetRemaining,
    }))
}

function crossingOf(
  { objective, budgetLeftBelow }: Pick<EnteredStep, 'objective' | 'budgetLeftBelow'>,
  kind: BudgetEventKind,
  at: number,
) {
  return { kind, objective, budgetLeftBelow, at }
}

function holds({ steps, objective }: BudgetTerms, step: EnteredStep): boolean {
  return (
    (objective === null || objective === step.objective) &&
    steps.some(({ budgetLeftBelow }) => budgetLeftBelow === step.budgetLeftBelow)
  )
}

function isOf(
  crossing: Pick<BudgetCrossing, 'objective' | 'budgetLeftBelow'>,
  step: Pick<EnteredStep, 'objective' | 'budgetLeftBelow'>,
): boolean {
  return crossing.objective === step.objective && crossing.budgetLeftBelow === step.budgetLeftBelow
}
