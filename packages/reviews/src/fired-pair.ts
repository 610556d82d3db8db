import type { BurnRateEvidence } from '@nines/contracts'
import type { AlertEvidence } from './review-evidence.ts'

/** The pair of windows that was true when the alert fired; null when none is recorded, and for a silence alert. */
export function firedPairOf({
  firedEvidence,
}: Pick<AlertEvidence, 'firedEvidence'>): BurnRateEvidence['pairs'][number] | null {
  if (firedEvidence?.kind !== 'burn_rate') return null
  return firedEvidence.pairs.find((pair) => pair.verdict === 'true') ?? null
}
