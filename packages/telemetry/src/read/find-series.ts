import { compileSelector, type SeriesDefinition, type SeriesSelector } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { Telemetry } from '../telemetry.ts'
import { SERIES_COLUMNS, toSeriesDefinition, type SeriesRow } from './series-row.ts'
import { selectorCondition } from './selector-condition.ts'
import { seriesIdList } from './series-id-list.ts'

/** More series than one selector may mean. */
const MAX_SERIES = 100_000
const IDS_PER_QUERY = 5000

export interface FindSeriesOptions {
  /** Only series announced at or after this instant, epoch ms. Live series are announced anew every 10 minutes. */
  since?: number
}

/**
 * Series that a selector means, ordered by id. Rejects with `too_large` beyond 100,000 of them and with `invalid` when a
 * regular expression is none of RE2's.
 */
export async function findSeries(
  telemetry: Telemetry,
  workspace: number,
  selector: SeriesSelector,
  options: FindSeriesOptions = {},
): Promise<SeriesDefinition[]> {
  const { sql, parameters } = selectorCondition(selector)
  const rows = await telemetry.rows<SeriesRow>(
    `SELECT ${SERIES_COLUMNS} FROM series AS s
     WHERE workspace = {workspace:UInt32} AND ${sql}
     GROUP BY s.metric, s.series
     HAVING toUnixTimestamp64Milli(max(s.last_seen)) >= {since:Int64}
     ORDER BY s.series
     LIMIT ${MAX_SERIES + 1}`,
    { workspace, since: Math.trunc(options.since ?? 0), ...parameters },
  )
  if (rows.length > MAX_SERIES)
    throw new NinesError('too_large', `metric ${selector.metric} has more than ${MAX_SERIES} series for this selector`)
  const matches = compileSelector(selector)
  return rows.filter((row) => matches(row.labels)).map(toSeriesDefinition)
}

/** Definitions of series whose ids are known; an id that was never announced is left out. */
export async function findSeriesByIds(
  telemetry: Telemetry,
  workspace: number,
  ids: readonly string[],
): Promise<SeriesDefinition[]> {
  const found: SeriesDefinition[] = []
  for (let i = 0; i < ids.length; i += IDS_PER_QUERY) {
    const rows = await telemetry.rows<SeriesRow>(
      `SELECT ${SERIES_COLUMNS} FROM series AS s
       WHERE workspace = {workspace:UInt32} AND s.series IN (${seriesIdList(ids.slice(i, i + IDS_PER_QUERY))})
       GROUP BY s.metric, s.series ORDER BY s.series`,
      { workspace },
    )
    found.push(...rows.map(toSeriesDefinition))
  }
  return found
}
