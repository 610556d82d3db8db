/** A figure over several runs. */
export interface Spread {
  median: number
  min: number
  max: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const [median, min, max] = [quantile(sorted, 0.5), sorted[0] ?? NaN, sorted.at(-1) ?? NaN].map(rounded)
  return { median: median ?? NaN, min: min ?? NaN, max: max ?? NaN }
}

/** Quantile of values in ascending order, between neighbours by line. NaN of none. */
export function quantile(sorted: readonly number[], q: number): number {
  if (sorted.length === 0) return NaN
  const place = q * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? NaN
  const above = sorted[Math.ceil(place)] ?? NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** Median and spread for people: `0.63 (0.60-0.66)`. */
export function formatSpread({ median, min, max }: Spread): string {
  return min === max ? formatFigure(median) : `${formatFigure(median)} (${formatFigure(min)}-${formatFigure(max)})`
}

/** Three digits that matter; thousands apart. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '-'
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** Five digits that matter: more than any of these measurements is good for. */
function rounded(value: number): number {
  return Number(value.toPrecision(5))
}
