import type { AlertCondition } from './alert.ts'
import { nominalDays } from './slo-window.ts'
import type { Objective } from './slo.ts'

export interface ConditionProblem {
  /** Where in the condition, such as `pairs/0/factor`. */
  path: string
  message: string
}

/** Why parts of a condition could never be true on this SLO, for a person; empty when all of it can. */
export function alertConditionProblems(condition: AlertCondition, slo: Objective): ConditionProblem[] {
  if (condition.kind === 'absence') return []
  const highest = 1 / (1 - slo.target)
  const days = nominalDays(slo.window)
  return condition.pairs.flatMap(({ longSeconds, shortSeconds, factor }, i) => {
    const problems: ConditionProblem[] = []
    if (longSeconds > days * 86_400) {
      const message = `is longer than the SLO's window of ${days} d: its history never covers it`
      problems.push({ path: `pairs/${i}/longSeconds`, message })
    }
    if (shortSeconds > longSeconds) {
      problems.push({ path: `pairs/${i}/shortSeconds`, message: 'is longer than the long window' })
    }
    // 1/(1-target) of a target with few digits is a hair off: a factor that was rounded from it is meant to be it.
    if (factor > highest * (1 + 1e-9)) {
      const most = Number(highest.toPrecision(6))
      const message = `can never fire: with every event bad the burn is ${most}x at a target of ${slo.target}`
      problems.push({ path: `pairs/${i}/factor`, message })
    }
    return problems
  })
}
