import type { CorrectedSpan } from '@nines/contracts'
import { correctionsOf } from '@nines/records'
import { correctedSpans, correctSlices, spansOf, type Correction, type Span } from '@nines/slo'
import { readSlices, type KnownSlice } from '@nines/telemetry'
import type { LedgerStores } from './ledger-stores.ts'

/** One version of an SLO, and where to look for its corrections. */
export interface CorrectableSlo {
  id: string
  workspaceId: string
  /** Compact tenant number that telemetry rows carry. */
  workspaceNumber: number
  serviceId: string
  version: number
}

export interface CorrectedSlices {
  /** As their corrections make them, ascending. */
  slices: KnownSlice[]
  /** As they are stored. */
  measured: KnownSlice[]
  corrected: CorrectedSpan[]
  /** Times that count as measured and that somebody called maintenance. */
  maintenance: (Span & { id: string; reason: string })[]
}

/**
 * The newest slices of the minutes in [from, to), epoch ms, as every figure is to see them; those that were known at `asOf`, where
 * that is given, by the corrections that held then.
 */
export async function readCorrected(
  { prisma, telemetry }: LedgerStores,
  { id: sloId, workspaceId, workspaceNumber: workspace, serviceId, version }: CorrectableSlo,
  { from, to, asOf }: Span & { asOf?: number },
): Promise<CorrectedSlices> {
  const [measured, corrections] = await Promise.all([
    readSlices(telemetry, { workspace, sloId, version, from, to, ...(asOf !== undefined && { asOf }) }),
    correctionsOf(prisma, { workspaceId, sloId, serviceId }, asOf),
  ])
  const corrected = correctedSpans(corrections, { from, to })
  const maintenance = corrections
    .filter(({ effect }) => effect === 'count')
    .flatMap((one) => occurrencesOf(one, { from, to }))
  return { slices: correctSlices(measured, corrected), measured, corrected, maintenance }
}

/** Each time of a correction; all of them have its id, so that a ledger adds them up. */
function occurrencesOf(correction: Correction & { reason: string }, range: Span): CorrectedSlices['maintenance'] {
  const { id, reason } = correction
  return spansOf(correction, range).map((span) => ({ ...span, id, reason }))
}
