/** "1,234/min", with a decimal below ten. */
export function callsPerMinute(calls: number, minutes: number): string {
  const rate = calls / minutes
  if (rate > 0 && rate < 0.1) return '< 0.1/min'
  return `${rate < 9.95 ? Number(rate.toFixed(1)) : Math.round(rate).toLocaleString('en')}/min`
}

/** Share of calls that failed, 0 where there were none. */
export function errorShare({ calls, errors }: { calls: number; errors: number }): number {
  return calls === 0 ? 0 : errors / calls
}

/** A share of failures: "0 %", "< 0.01 %", "0.42 %", "12.5 %". */
export function formatErrorShare(share: number | null): string {
  if (share === null) return '–'
  if (share === 0) return '0 %'
  const percent = share * 100
  if (percent < 0.01) return '< 0.01 %'
  return `${percent < 10 ? percent.toFixed(2) : percent.toFixed(1)} %`
}
