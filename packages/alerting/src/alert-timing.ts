import type { AlertCondition } from '@nines/contracts'
import type { AlertTiming } from './alert-machine.ts'

/** How long a condition has to hold and to be clear. Silence has been held by the time it is one. */
export function alertTimingOf(condition: AlertCondition): AlertTiming {
  const forSeconds = condition.kind === 'burn_rate' ? condition.forSeconds : 0
  return { forSeconds, resolveAfterSeconds: condition.resolveAfterSeconds }
}
