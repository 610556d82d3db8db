import { absenceCondition, type Severity } from '@nines/contracts'
import type { DesiredRule } from './desired.ts'

/** A rule for silence as long as Nines has it by default: other formats say that data is missing, and not for how long. */
export function silenceRule(name: string, severity: Severity): DesiredRule {
  return { name, severity, enabled: true, condition: absenceCondition.parse({ kind: 'absence' }) }
}
