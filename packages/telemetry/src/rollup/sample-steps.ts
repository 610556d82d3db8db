/** Stale markers (0x7ff0000000000002) are NaN too. */
export const VALID_SAMPLES = 'NOT isNaN(value)'

/** What a running total grew by between two samples: a total that went down began anew from zero. */
export function stepBetween(before: string, value: string): string {
  return `if(${value} >= ${before}, ${value} - ${before}, ${value})`
}

/** Series of the workspaces that are no running totals: values that are increments already, and gauges, which have no increase. */
export function otherSeries(workspaces: string): string {
  return `SELECT workspace, series, max(temporality = 'delta') AS is_delta, max(kind = 'gauge') AS is_gauge
FROM series
WHERE ${workspaces} AND (temporality = 'delta' OR kind = 'gauge')
GROUP BY workspace, series`
}
