/** Beyond this many decimals a ratio is written as a bound ("> 99.99… %") instead of more digits. */
const MAX_DECIMALS = 8

/**
 * A fraction as a percentage that never flatters: it is cut, not rounded, and gets as many digits as it takes to show
 * its distance from 0 and from 100 with two figures. 0.99949 is "99.949 %", never "99.95 %"; 0.9999999 is never "100 %".
 * null (undefined: no events) is "–".
 */
export function formatRatio(ratio: number | null | undefined, minDecimals = 2): string {
  if (ratio === null || ratio === undefined || Number.isNaN(ratio)) return '–'
  if (ratio === 0 || ratio === 1) return `${ratio * 100} %`
  const distance = Math.min(Math.abs(ratio), Math.abs(1 - ratio)) * 100
  const decimals = Math.max(minDecimals, Math.ceil(-Math.log10(distance)) + 1)
  if (decimals > MAX_DECIMALS) return boundOf(ratio)
  return `${cut(ratio, decimals)} %`
}

/** Budget left: 1 is untouched, 0 spent, below 0 overspent. One decimal, more near 0, the sign as a real minus. */
export function formatBudget(remaining: number | null | undefined): string {
  return formatRatio(remaining, 1)
}

/** A target is exact, so it is written with the digits it has: 0.999 is "99.9 %". */
export function formatTarget(target: number): string {
  return `${Number((target * 100).toPrecision(12))} %`
}

function boundOf(ratio: number): string {
  if (Math.abs(ratio) < 0.5) return ratio > 0 ? '< 0.000001 %' : '> −0.000001 %'
  return ratio < 1 ? '> 99.999999 %' : '100 %'
}

/** Cuts toward minus infinity in decimal: 15 significant digits undo the noise of binary fractions first. */
function cut(ratio: number, decimals: number): string {
  const format = new Intl.NumberFormat('en', {
    minimumFractionDigits: Math.min(decimals, 2),
    maximumFractionDigits: decimals,
    roundingMode: 'floor',
    useGrouping: true,
  })
  return format.format((ratio * 100).toPrecision(14) as `${number}`).replace('-', '−')
}
