const integer = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** 12345 -> "12,345". Events of slices can be fractions of a minute; they are shown whole. */
export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? '–' : integer.format(count)
}

/** 1234567 -> "1.2M", for axis ticks and dense cells. */
export function formatCompact(count: number | null | undefined): string {
  return count === null || count === undefined ? '–' : compact.format(count)
}

/** Burn rate: 1 spends exactly the budget over the window. null (no events) is "–". */
export function formatBurn(burn: number | null | undefined): string {
  if (burn === null || burn === undefined) return '–'
  if (burn === 0) return '0×'
  if (burn < 0.01) return '< 0.01×'
  return `${burn < 10 ? burn.toFixed(2) : burn < 100 ? burn.toFixed(1) : integer.format(burn)}×`
}

/** A threshold is exact: 6 is "6×", 14.4 is "14.4×". */
export function formatFactor(factor: number): string {
  return `${Number(factor.toFixed(2))}×`
}

/** Milliseconds of a request or a phase. */
export function formatMillis(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (ms < 10) return `${ms.toFixed(1)} ms`
  if (ms < 10_000) return `${integer.format(ms)} ms`
  return `${(ms / 1000).toFixed(1)} s`
}

/** Samples or events a second. */
export function formatRate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return '–'
  return `${perSecond < 100 ? perSecond.toFixed(1) : integer.format(perSecond)}/s`
}
