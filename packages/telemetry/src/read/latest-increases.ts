import type { Labels } from '@nines/contracts'
import type { TelemetryQuery } from '../evaluate/telemetry-query.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { KnownSeries } from './known-series.ts'
import type { QueryEngine } from './query-telemetry.ts'

/** So many series of a metric may the head answer with for each that is wanted. */
const MOST_FOR_ONE = 4
const ALWAYS_FEW = 1_000

/**
 * Increases of series over the window (from, to], epoch ms, by series id, as the resident head has them; null where it
 * cannot tell, or would have to answer with many series that nobody asked for.
 */
export async function latestIncreases(
  { askHead, directory }: QueryEngine,
  workspace: number,
  { series, from, to, limits }: { series: readonly KnownSeries[]; from: number; to: number; limits: QueryLimits },
): Promise<Map<string, number> | null> {
  if (!askHead) return null
  const found = new Map<string, number>()
  for (const metric of new Set(series.map((one) => one.metric))) {
    const selector = { metric, matchers: [] }
    const wanted = series.filter((one) => one.metric === metric)
    const all = await directory.select(workspace, selector, from, limits)
    if (all.length > ALWAYS_FEW + MOST_FOR_ONE * wanted.length) return null
    const ids = new Map(wanted.map((one) => [textOf(one.labels), one.id]))
    // Two series may differ in their kind alone.
    if (ids.size < wanted.length || new Set(all.map(({ labels }) => textOf(labels))).size < all.length) return null
    const grid = { from: to, step: 0, count: 1 }
    const query: TelemetryQuery = { selector, function: 'increase', window: to - from, grid, aggregate: null, by: [] }
    const answer = await askHead(workspace, query, limits.signal)
    if (!answer) return null
    for (const { labels, values } of answer.rows) {
      const id = ids.get(textOf(labels))
      if (id !== undefined) found.set(id, values[0]!)
    }
  }
  return found
}

function textOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
