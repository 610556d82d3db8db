import type { SloStatus } from '@nines/contracts'

/** Whether a person could see that a status is another: a change below this is not worth an event. */
export function looksDifferent(before: SloStatus, after: SloStatus): boolean {
  return (
    before.state !== after.state ||
    before.version !== after.version ||
    before.target !== after.target ||
    rounded(before.budgetRemaining, 4) !== rounded(after.budgetRemaining, 4) ||
    rounded(before.sli, 5) !== rounded(after.sli, 5) ||
    // Two digits of the total: a history that comes in shows at once though no ratio changes, steady traffic does not.
    digits(before.total, 2) !== digits(after.total, 2) ||
    before.burns.length !== after.burns.length ||
    before.burns.some(({ burnRate }, i) => digits(burnRate, 3) !== digits(after.burns[i]?.burnRate ?? null, 3))
  )
}

/** To so many decimals. */
function rounded(value: number | null, decimals: number): number | null {
  return value === null ? null : Math.round(value * 10 ** decimals)
}

/** So many digits that matter, as one number; those of two numbers are alike when the numbers are as good as equal. */
function digits(value: number | null, count: number): number | null {
  if (value === null || value === 0) return value
  const magnitude = Math.floor(Math.log10(Math.abs(value)))
  return Math.round(value / 10 ** (magnitude - count + 1)) * 10 ** (magnitude - count + 1)
}
