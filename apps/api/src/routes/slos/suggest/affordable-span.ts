import { DAY_MS, type SliCandidate } from '@nines/slo'
import { countEvents, countStoredPoints } from '@nines/telemetry'
import type { ApiContext } from '../../../context.ts'

/** Rows of each kind that are counted in some seconds while somebody waits. */
const MOST = { samples: 6_000_000, histograms: 400_000, exponential_histograms: 300_000, events: 30_000_000 }
const TABLES = ['samples', 'histograms', 'exponential_histograms'] as const

/** From when on the evidence of a candidate is counted: what was asked for, or less where there is too much of it, but a day. */
export async function affordableFrom(
  { telemetry }: ApiContext,
  { measure, series }: SliCandidate,
  { workspace, from, to, signal }: { workspace: number; from: number; to: number; signal: AbortSignal },
): Promise<number> {
  const limits = { signal }
  let cost = 0
  if (series.length > 0) {
    for (const table of TABLES)
      cost += (await countStoredPoints(telemetry, table, { workspace, series, from, to }, limits)) / MOST[table]
  }
  const sli = measure.kind === 'ready' ? measure.sli : null
  if (sli?.kind === 'spans' || sli?.kind === 'logs')
    cost += (await countEvents(telemetry, { workspace, sli, from, to })) / MOST.events
  const days = (to - from) / DAY_MS
  return cost <= 1 ? from : Math.max(from, to - Math.max(1, Math.floor(days / cost)) * DAY_MS)
}
