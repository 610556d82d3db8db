import type { SeriesDefinition } from '@nines/contracts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { seriesIdList } from './series-id-list.ts'
import { SERIES_COLUMNS, toSeriesDefinition, type SeriesRow } from './series-row.ts'

/** Series whose definitions one statement brings. */
const SERIES_PER_PAGE = 10_000
const LIMITS: QueryLimits = { maxSeconds: 60, maxRowsToRead: 2_000_000_000 }

/** Who follows samples without knowing yet what their series are. */
export interface SeriesFollower {
  /** Ids of such series, by workspace. */
  unnamed(): Map<number, string[]>
  define(workspace: number, definitions: readonly SeriesDefinition[]): void
  /** The store knows none of these that was not defined. */
  leaveUnnamed(workspace: number, ids: readonly string[]): void
}

/** Looks up the definitions of series that samples came of; those that the store does not know either stay without. */
export async function nameSeries(telemetry: Telemetry, follower: SeriesFollower, signal: AbortSignal): Promise<void> {
  for (const [workspace, all] of follower.unnamed()) {
    for (let i = 0; i < all.length; i += SERIES_PER_PAGE) {
      const ids = all.slice(i, i + SERIES_PER_PAGE)
      const rows = await telemetry.rows<SeriesRow>(
        `SELECT ${SERIES_COLUMNS} FROM series AS s
         WHERE workspace = {workspace:UInt32} AND s.series IN (${seriesIdList(ids)}) GROUP BY s.metric, s.series`,
        { workspace },
        { ...LIMITS, signal },
      )
      follower.define(workspace, rows.map(toSeriesDefinition))
      follower.leaveUnnamed(workspace, ids)
    }
  }
}
