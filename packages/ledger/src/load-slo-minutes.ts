import { isComposite, type SliSpec } from '@nines/contracts'
import { minutesOfSlices, spreadMinutes, type MinuteCounts, type MinuteSeries, type Span } from '@nines/slo'
import type { KnownSlice } from '@nines/telemetry'
import type { LedgerStores } from './ledger-stores.ts'
import { loadComposite, type LoadedComposite } from './load-composite.ts'
import { readCorrected, type CorrectableSlo, type CorrectedSlices } from './read-corrected.ts'

/** One version of an SLO whose minutes are asked for. */
export interface SloOfMinutes extends CorrectableSlo {
  sli: SliSpec
}

/** The minutes of an SLO as every figure is to see them. */
export interface SloMinutes extends Omit<CorrectedSlices, 'slices'> {
  /** What windows are read from. */
  counts: MinuteCounts
  /** As their corrections make them, ascending; of a composite what each minute by itself comes to. */
  slices: () => KnownSlice[]
  /** Minutes that add up to what the stretch [from, to), on the minute grid, comes to. */
  additive: (span: Span) => MinuteSeries
  /** null of an SLO with slices of its own. */
  composite: LoadedComposite | null
}

/**
 * Reads what is stored of the minutes in [from, to), epoch ms; that was known at `asOf`, where that is given, by the versions and
 * the corrections that held then. `measured` of a composite are the slices of its members.
 */
export async function loadSloMinutes(
  stores: LedgerStores,
  slo: SloOfMinutes,
  range: Span & { asOf?: number },
): Promise<SloMinutes> {
  const { sli } = slo
  if (isComposite(sli)) {
    const composite = await loadComposite(stores, { ...slo, sli }, range)
    const { slices, measured, corrected, maintenance } = composite
    const additive = (span: Span) => spreadMinutes(composite.composite, span)
    return { counts: composite.composite.counts, slices, measured, corrected, maintenance, additive, composite }
  }
  const read = await readCorrected(stores, slo, range)
  const minutes = minutesOfSlices(read.slices, sli, range.to)
  return { ...read, slices: () => read.slices, counts: minutes, additive: () => minutes, composite: null }
}
