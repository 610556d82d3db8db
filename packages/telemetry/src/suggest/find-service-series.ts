import { OWNER_LABELS } from '@nines/slo'
import type { QueryLimits } from '../query-limits.ts'
import type { KnownSeries } from '../read/known-series.ts'
import { SERIES_COLUMNS, toSeriesDefinition, type SeriesRow } from '../read/series-row.ts'
import type { Telemetry } from '../telemetry.ts'
import { normalNameSql } from './service-name-sql.ts'

export interface ServiceSeries {
  /** Of whole metrics, by metric. */
  series: KnownSeries[]
  /** There are more; those of the last metrics in the alphabet were left out. */
  truncated: boolean
}

const MOST_SERIES = 20_000
const LIMITS: QueryLimits = { maxSeconds: 15, maxRowsToRead: 50_000_000 }

/**
 * Series that bear one of the names (normalised) in any label that may say whose a series is, announced since the instant
 * (epoch ms). Another service may own some of them: who does is for the caller to tell.
 */
export async function findServiceSeries(
  telemetry: Telemetry,
  workspace: number,
  names: readonly string[],
  since: number,
  limits: QueryLimits = {},
): Promise<ServiceSeries> {
  const values = OWNER_LABELS.map((label) => {
    const value = `s.labels['${label}']`
    return normalNameSql(label === 'job' ? `arrayElement(splitByChar('/', ${value}), -1)` : value)
  })
  const rows = await telemetry.rows<SeriesRow & { firstSeen: string; lastSeen: string }>(
    `SELECT ${SERIES_COLUMNS}, toUnixTimestamp64Milli(min(s.first_seen)) AS firstSeen,
       toUnixTimestamp64Milli(max(s.last_seen)) AS lastSeen
     FROM series AS s
     WHERE s.workspace = {workspace:UInt32} AND hasAny({names:Array(String)}, [${values.join(', ')}])
     GROUP BY s.metric, s.series
     HAVING lastSeen >= {since:Int64}
     ORDER BY s.metric, s.series LIMIT ${MOST_SERIES + 1}`,
    { workspace, names, since: Math.trunc(since) },
    { ...LIMITS, ...limits },
  )
  const truncated = rows.length > MOST_SERIES
  // A metric that is cut in the middle would hide whose its other series are.
  const cut = rows.at(-1)?.metric
  const whole = truncated ? rows.filter(({ metric }) => metric !== cut) : rows
  const series = whole.map(({ firstSeen, lastSeen, ...row }) => ({
    ...toSeriesDefinition(row),
    firstSeen: Number(firstSeen),
    lastSeen: Number(lastSeen),
  }))
  return { series, truncated }
}
