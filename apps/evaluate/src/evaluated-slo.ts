import type { SloStatus } from '@nines/contracts'
import type { SloDefinition } from '@nines/records'
import type { Hearing, RuleResult } from '@nines/slo'
import type { SaidVerdict } from './verdict-report.ts'

export interface Evaluation {
  /** null while only the recent past is in memory: nobody can say then how the whole window stands. */
  status: SloStatus | null
  /** Without the rules that cannot be decided yet. */
  results: RuleResult[]
  /** When to look again if nothing arrives, epoch ms. */
  nextLookAt: number
}

/** An SLO that is evaluated here, over minutes of its own or those of its members. */
export interface EvaluatedSlo {
  readonly definition: SloDefinition
  /** Until then nothing is said: at least the recent past has to be in memory. */
  readonly canDecide: boolean
  /** Epoch ms of the newest evaluation. */
  readonly evaluatedAt: number
  readonly saidVerdicts: Map<string, SaidVerdict>
  /** Told when something arrives, once until the next evaluation. */
  onTouched: () => void
  /** Something arrived that the last evaluation does not know of. */
  touch(): void
  /** Status and verdicts at `now`, epoch ms, given of which time it is known what was received. */
  evaluate(now: number, heard: Hearing): Evaluation
}
