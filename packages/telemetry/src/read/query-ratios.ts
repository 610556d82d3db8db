import type { SeriesSelector } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { QueryLimits } from '../query-limits.ts'
import type { KnownSeries } from './known-series.ts'
import { latestIncreases } from './latest-increases.ts'
import type { QueryEngine } from './query-telemetry.ts'
import { MAX_SELECTED_SERIES } from './series-directory.ts'
import { totalIncreases, type IncreasesQuery } from './total-increases.ts'

/** Increases of two sets of counters over one window. */
export interface Ratio {
  numerator: SeriesSelector
  denominator: SeriesSelector
}

export interface RatioResult {
  numerator: number
  denominator: number
  /** Null where the denominator is 0. */
  ratio: number | null
}

/** Ratios of increases over the window (from, to], epoch ms: all of them in one pass over the store. */
export async function queryRatios(
  engine: QueryEngine,
  workspace: number,
  ratios: readonly Ratio[],
  { from, to }: { from: number; to: number },
  limits: QueryLimits = {},
): Promise<RatioResult[]> {
  const { telemetry, directory, rollups, buckets } = engine
  const select = (selector: SeriesSelector) => directory.select(workspace, selector, from, limits)
  const [completeUntil, selected] = await Promise.all([
    rollups(workspace),
    Promise.all(ratios.map(async (ratio) => Promise.all([select(ratio.numerator), select(ratio.denominator)]))),
  ])
  const series = new Map(selected.flat(2).map((one) => [one.id, one]))
  if (series.size > MAX_SELECTED_SERIES)
    throw new NinesError('too_large', `these ratios mean ${series.size} series, more than ${MAX_SELECTED_SERIES}`)
  const latest: IncreasesQuery['latest'] = (wanted) => latestIncreases(engine, workspace, { ...wanted, limits })
  const query = { buckets, workspace, series: [...series.values()], from, to, completeUntil, limits, latest }
  const increases = await totalIncreases(telemetry, query)
  const sum = (list: readonly KnownSeries[]) => list.reduce((total, { id }) => total + (increases.get(id) ?? 0), 0)
  return selected.map(([good, total]) => {
    const [numerator, denominator] = [sum(good), sum(total)]
    return { numerator, denominator, ratio: denominator === 0 ? null : numerator / denominator }
  })
}
