import type { CorrectionEffect, CorrectionSchedule } from '@nines/contracts'
import { recurrenceProblem } from './recurrence.ts'

const LONGEST_MS = 366 * 86_400_000

export interface CorrectionProblem {
  field: 'endsAt' | 'rrule' | 'outside'
  message: string
}

/** What is wrong with a correction whose fields are each of their kind. */
export function correctionProblems(correction: CorrectionSchedule & { effect: CorrectionEffect }): CorrectionProblem[] {
  const problems: CorrectionProblem[] = []
  const { startsAt, endsAt, effect, outside } = correction
  if (endsAt <= startsAt) problems.push({ field: 'endsAt', message: 'must be later than the start' })
  else if (endsAt - startsAt > LONGEST_MS)
    problems.push({ field: 'endsAt', message: 'must be at most 366 days after the start' })
  else {
    const problem = recurrenceProblem(correction)
    if (problem !== null) problems.push({ field: 'rrule', message: `the rule ${problem}` })
  }
  if (outside && effect === 'count')
    problems.push({ field: 'outside', message: 'is for corrections that exclude or count as good' })
  return problems
}
