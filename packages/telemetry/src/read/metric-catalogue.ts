import type { SeriesKind } from '@nines/contracts'
import type { Telemetry } from '../telemetry.ts'

/** One metric name with the number of its series. */
export interface Metric {
  metric: string
  kind: SeriesKind
  unit: string
  description: string
  series: number
}

/** A label with some of its values. */
export interface Label {
  label: string
  values: string[]
}

/** "Lately": metrics announced within this many days. */
const RECENT_DAYS = 7
const MAX_METRICS = 500
const MAX_LABELS = 200
const VALUES_PER_LABEL = 100

/** Metrics seen in the last 7 days whose name contains `search` (any case), by name, at most 500. */
export async function listMetrics(telemetry: Telemetry, workspace: number, search: string): Promise<Metric[]> {
  const rows = await telemetry.rows<Omit<Metric, 'series'> & { series: string }>(
    `SELECT s.metric AS metric, anyLast(s.kind) AS kind, anyLast(s.unit) AS unit,
       anyLast(s.description) AS description, uniqExact(s.series) AS series
     FROM series AS s
     WHERE s.workspace = {workspace:UInt32} AND positionCaseInsensitiveUTF8(s.metric, {search:String}) > 0
       AND s.last_seen >= now() - INTERVAL ${RECENT_DAYS} DAY
     GROUP BY s.metric ORDER BY s.metric LIMIT ${MAX_METRICS}`,
    { workspace, search },
  )
  return rows.map((row) => ({ ...row, series: Number(row.series) }))
}

/** Labels of a metric's series of the last 7 days, by name, with up to 100 values each, sorted. */
export async function listLabels(telemetry: Telemetry, workspace: number, metric: string): Promise<Label[]> {
  return telemetry.rows<Label>(
    `SELECT entry.1 AS label, arraySort(groupUniqArray(${VALUES_PER_LABEL})(entry.2)) AS values
     FROM series AS s ARRAY JOIN CAST(s.labels AS Array(Tuple(String, String))) AS entry
     WHERE s.workspace = {workspace:UInt32} AND s.metric = {metric:String}
       AND s.last_seen >= now() - INTERVAL ${RECENT_DAYS} DAY
     GROUP BY label ORDER BY label LIMIT ${MAX_LABELS}`,
    { workspace, metric },
  )
}
