import { minuteIncreases } from '../evaluate/minute-increases.ts'
import { MINUTE_MS } from '../evaluate/minute-sums.ts'
import { LOOKBACK_MS } from '../evaluate/points.ts'
import { eachSeriesRun, type StoredQuery } from './evaluate-stored.ts'
import type { BucketRow, FetchedRow } from './finished-buckets.ts'

/**
 * Increases of series by minute, worked out from samples and kept: no table holds them. A minute that minuteIncreases
 * cannot tell is Infinity.
 *
 * @param span epoch ms, full minutes; all samples until then are stored
 */
export async function minuteBuckets(
  stored: Omit<StoredQuery, 'query'> & { part?: string },
  span: { from: number; to: number },
): Promise<Map<string, BucketRow>> {
  const { buckets, workspace, series } = stored
  const byId = new Map(series.map((one) => [one.id, one]))
  const wanted = {
    workspace,
    table: 'samples',
    width: MINUTE_MS,
    what: `increase ${stored.part ?? ''}`,
    keys: [...byId.keys()],
    ...span,
  } as const
  return buckets.read(wanted, async (keys, from, to) => {
    const rows: FetchedRow[] = []
    const missing = { ...stored, series: keys.map((key) => byId.get(key)!) }
    await eachSeriesRun(missing, { after: from - LOOKBACK_MS, until: to }, (one, points) => {
      const isDelta = one.temporality === 'delta'
      rows.push({ key: one.id, ...minuteIncreases(points, { from, isDelta, isBegun: from > span.from }) })
    })
    return rows
  })
}
