import type {
  ExplainedFigure,
  ExplainedObjective,
  Objective,
  ObjectiveStatus,
  Slice,
  WindowBurn,
} from '@nines/contracts'
import { MINUTE_MS } from './minute.ts'
import type { MinuteCounts } from './minute-counts.ts'
import { objectiveStatusAt } from './objective-status.ts'
import { windowBurnAt } from './window-burn.ts'

/** An explained objective without the members of a composite. */
export type ExplainedWindow = Omit<ExplainedObjective, 'members'>

/** A slice and how many revisions of its minute were known. */
export interface RevisedSlice extends Slice {
  revisions: number
}

/**
 * An objective at `at` (epoch ms, a whole minute) with the formula and the inputs of each figure. `slices` are those of at
 * least the window, the newest known revision of each minute; `minutes` holds the same counts.
 */
export function explainObjective(
  minutes: MinuteCounts,
  slices: readonly RevisedSlice[],
  objective: Objective,
  at: number,
): ExplainedWindow {
  const status = objectiveStatusAt(minutes, objective, at)
  const inWindow = slices.filter(({ minute }) => minute >= status.from && minute < at)
  return {
    ...status,
    figures: figuresOf(status, windowBurnAt(minutes, at, 3600, objective.target), at),
    coverage: {
      minutes: Math.round((at - status.from) / MINUTE_MS),
      measured: inWindow.length,
      withEvents: inWindow.filter(({ total }) => total > 0).length,
    },
    revisions: {
      revisedMinutes: inWindow.filter(({ revisions }) => revisions > 1).length,
      newest: inWindow.reduce<number | null>((newest, { revision }) => Math.max(newest ?? revision, revision), null),
    },
  }
}

function figuresOf(status: ObjectiveStatus, hour: WindowBurn, at: number): ExplainedFigure[] {
  const { target, window, from, to, good, total, sli, ...left } = status
  const budget = total === 0 ? null : ((1 - target) * total * (to - from)) / (at - from)
  const events = (name: string, value: number | null) => ({ name, value, unit: 'events' })
  const targetInput = { name: 'target', value: target, unit: 'ratio' }
  const counts = [events('good', good), events('total', total)]
  const isCalendar = window.kind === 'calendar'
  const elapsed = { name: 'elapsed', value: (at - from) / 1000, unit: 's' }
  const length = { name: 'length', value: (to - from) / 1000, unit: 's' }
  const figures: ExplainedFigure[] = [
    { id: 'sli', name: 'SLI', formula: 'good ÷ total', inputs: counts, value: sli, unit: 'ratio' },
    {
      id: 'budget',
      name: 'Error budget',
      formula: isCalendar ? '(1 − target) × total × length ÷ elapsed' : '(1 − target) × total',
      inputs: [targetInput, events('total', total), ...(isCalendar ? [length, elapsed] : [])],
      value: budget,
      unit: 'events',
    },
    {
      id: 'budget_remaining',
      name: 'Error budget left',
      formula: '1 − (total − good) ÷ budget',
      inputs: [...counts, events('budget', budget)],
      value: left.budgetRemaining,
      unit: 'ratio',
    },
    {
      id: 'burn',
      name: 'Burn over 1 h',
      formula: '(total − good) ÷ total ÷ (1 − target)',
      inputs: [events('good', hour.good), events('total', hour.total), targetInput],
      value: hour.burnRate,
      unit: 'times',
    },
    {
      id: 'exhaustion',
      name: 'Budget spent in',
      formula: 'left × length ÷ burn',
      inputs: [
        { name: 'left', value: left.budgetRemaining, unit: 'ratio' },
        length,
        { name: 'burn', value: hour.burnRate, unit: 'times' },
      ],
      value: left.exhaustionSeconds,
      unit: 's',
    },
  ]
  if (isCalendar)
    figures.splice(3, 0, {
      id: 'budget_remaining_to_date',
      name: 'Left of the budget to date',
      formula: '1 − (1 − SLI) ÷ (1 − target)',
      inputs: [{ name: 'SLI', value: sli, unit: 'ratio' }, targetInput],
      value: left.budgetRemainingToDate,
      unit: 'ratio',
    })
  return figures
}
