/** Stale markers (0x7ff0000000000002) are NaN too. */
export const VALID_SAMPLES = 'NOT isNaN(value)'

/** What a running total grew by between two samples: a total that went down began anew from zero. */
export function stepBetween(before: string, value: string): string {
  return `if(${value} >= ${before}, ${value} - ${before}, ${value})`
}

/** Series that are no running totals: those whose values are increments already, and gauges, which have no increase. */
export const OTHER_SERIES = `SELECT workspace, series, max(temporality = 'delta') AS is_delta, max(kind = 'gauge') AS is_gauge
FROM series
WHERE workspace % {count:UInt32} = {index:UInt32} AND (temporality = 'delta' OR kind = 'gauge')
GROUP BY workspace, series`
