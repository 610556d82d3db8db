/** Stale markers (0x7ff0000000000002) are NaN too. */
export const VALID_SAMPLES = 'NOT isNaN(value)'

/** What a running total grew by between two samples: a total that went down began anew from zero. */
export function stepBetween(before: string, value: string): string {
  return `if(${value} >= ${before}, ${value} - ${before}, ${value})`
}

/** Series of the workspaces whose values are increments already. */
export function deltaSeries(workspaces: string): string {
  return `SELECT workspace, series, 1 AS is_delta FROM series
WHERE ${workspaces} AND temporality = 'delta'
GROUP BY workspace, series`
}
