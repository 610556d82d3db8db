import type { BudgetForecast } from '@nines/contracts'
import { formatDuration } from './format-duration.ts'

/** The figure and what stands below it: "in 12 d" and "80 %: 8 d to 21 d". */
export function forecastWords(forecast: BudgetForecast | null): { value: string; note: string } {
  if (forecast === null) return { value: '–', note: 'needs three days with events' }
  const { lowSeconds, medianSeconds, highSeconds, horizonSeconds, chance } = forecast
  const horizon = formatDuration(horizonSeconds)
  if (medianSeconds === 0) return { value: 'Spent', note: 'nothing is left' }
  if (lowSeconds === null) return { value: 'Not soon', note: `${percent(1 - chance)} sure to last ${horizon}` }
  const until = highSeconds === null ? `beyond ${horizon}` : coarse(highSeconds)
  const value = medianSeconds === null ? `after ${horizon}` : `in ${coarse(medianSeconds)}`
  return { value, note: `80 %: ${coarse(lowSeconds)} to ${until}` }
}

/** A forecast of days knows no minutes. */
function coarse(seconds: number): string {
  const days = seconds / 86_400
  if (days >= 3) return `${Math.round(days)} d`
  return formatDuration(Math.max(3600, Math.round(seconds / 3600) * 3600))
}

/** Cut, so that it never says 100 % of what is not certain; 500 futures do not tell more. */
const percent = (share: number) => `${share === 1 ? '> 99' : Math.floor(share * 100)} %`
