import type { QueryLimits } from '../../query-limits.ts'
import { SERIES_COLUMNS, toSeriesDefinition, type SeriesRow } from '../../read/series-row.ts'
import { seriesIdList } from '../../read/series-id-list.ts'
import type { Telemetry } from '../../telemetry.ts'
import type { RunningRollups } from './running-rollups.ts'

const SERIES_PER_PAGE = 10_000
const LIMITS: QueryLimits = { maxSeconds: 60, maxRowsToRead: 2_000_000_000 }

/**
 * Tells the rollups what the store knew before them: up to when samples are stored, and what the series are whose samples
 * went by. Rejects while the store is away; nothing is lost by that, and it may be tried again at any time.
 */
export async function informRollups(telemetry: Telemetry, rollups: RunningRollups, signal: AbortSignal): Promise<void> {
  if (!rollups.isWhole) rollups.setWholeFrom(await newestStored(telemetry, signal))
  for (const [workspace, all] of rollups.unnamed()) {
    for (let i = 0; i < all.length; i += SERIES_PER_PAGE) {
      const ids = all.slice(i, i + SERIES_PER_PAGE)
      const rows = await telemetry.rows<SeriesRow>(
        `SELECT ${SERIES_COLUMNS} FROM series AS s
         WHERE workspace = {workspace:UInt32} AND s.series IN (${seriesIdList(ids)}) GROUP BY s.metric, s.series`,
        { workspace },
        { ...LIMITS, signal },
      )
      rollups.define(workspace, rows.map(toSeriesDefinition))
      rollups.leaveUnnamed(workspace, ids)
    }
  }
}

/** Time of the newest sample of any workspace, epoch ms; ClickHouse reads it off the parts. */
async function newestStored(telemetry: Telemetry, signal: AbortSignal): Promise<number> {
  const rows = await telemetry.rows<{ newest: string }>(
    'SELECT toUnixTimestamp64Milli(max(at)) AS newest FROM samples',
    {},
    { ...LIMITS, signal },
  )
  return Number(rows[0]!.newest)
}
