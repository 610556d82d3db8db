import type { Labels } from '@nines/contracts'
import type { Grid } from '@nines/telemetry'

/**
 * The JSON of results at the instants of a grid. A value that JSON has no word for, because there is none or no finite
 * one, is null.
 */
export function resultsText(
  { from, step, count }: Grid,
  rows: readonly { labels: Labels; quantile?: number; values: Float64Array }[],
  others: object = {},
): string {
  const series = rows.map(({ values, ...row }) => ({ ...row, values: Array.from(values) }))
  return JSON.stringify({ instants: { from, stepMs: step, count }, series, ...others })
}
