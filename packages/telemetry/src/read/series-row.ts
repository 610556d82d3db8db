import type { SeriesDefinition, SeriesKind, Temporality } from '@nines/contracts'

/** A row of the series table as JSON brings it. */
export interface SeriesRow {
  series: string
  metric: string
  kind: SeriesKind
  temporality: Temporality
  monotonic: boolean
  unit: string
  description: string
  labels: Record<string, string>
}

/**
 * Select list that gives one row per series, whatever has been merged so far; group by (metric, series). The inner
 * columns go by their table's name `series`, because an alias would hide them.
 */
export const SERIES_COLUMNS = `toString(s.series) AS series, s.metric AS metric, anyLast(s.kind) AS kind,
  anyLast(s.temporality) AS temporality, anyLast(s.monotonic) AS monotonic, anyLast(s.unit) AS unit,
  anyLast(s.description) AS description, anyLast(s.labels) AS labels`

export function toSeriesDefinition({ series, ...rest }: SeriesRow): SeriesDefinition {
  return { id: series, ...rest }
}
