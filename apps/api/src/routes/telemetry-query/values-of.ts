/** Results as JSON can say them: null where there is none, or no finite one. */
export function valuesOf(results: Float64Array): (number | null)[] {
  return Array.from(results, (value) => (Number.isFinite(value) ? value : null))
}
