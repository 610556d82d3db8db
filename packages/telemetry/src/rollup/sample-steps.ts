/** Stale markers (0x7ff0000000000002) are NaN too. */
export const VALID_SAMPLES = 'NOT isNaN(value)'

/** What a running total grew by between two samples: a total that went down began anew from zero. */
export function stepBetween(before: string, value: string): string {
  return `if(${value} >= ${before}, ${value} - ${before}, ${value})`
}

/** Series whose values are increments already. */
export const DELTA_SERIES = `SELECT workspace, series, 1 AS is_delta FROM series
WHERE workspace % {count:UInt32} = {index:UInt32} AND temporality = 'delta'
GROUP BY workspace, series`
