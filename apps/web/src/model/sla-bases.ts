import { slaBasis, type SlaBasis } from '@nines/contracts'

/** What a basis is chosen from; the last three take a value of their own. */
export const BASIS_CHOICES = [
  { value: '1d', label: 'Day' },
  { value: '7d', label: 'Week' },
  { value: '28d', label: '28 days' },
  { value: '30d', label: '30 days' },
  { value: '365d', label: '365 days' },
  { value: '365.25d', label: '365.25 days' },
  { value: '366d', label: 'Leap year (366 days)' },
  { value: 'month', label: 'A month of a year' },
  { value: 'quarter', label: 'A quarter of a year' },
  { value: 'hours', label: 'Hours, such as business hours' },
] as const
export type BasisChoice = (typeof BASIS_CHOICES)[number]['value']

/** The choice that an id belongs to; what is still being typed is hours. */
export function choiceOf(id: string): BasisChoice {
  const fixed = BASIS_CHOICES.find(({ value }) => value === id)
  if (fixed) return fixed.value
  if (/^\d{4}-\d{2}$/.test(id)) return 'month'
  return /^\d{4}-Q[1-4]$/.test(id) ? 'quarter' : 'hours'
}

/** The id that a choice begins with, near an instant. */
export function idOfChoice(choice: BasisChoice, now: number): string {
  const month = new Date(now).toISOString().slice(0, 7)
  if (choice === 'month') return month
  if (choice === 'quarter') return quarterOf(month)
  return choice === 'hours' ? '160h' : choice
}

/** Quarters of this year and the ones around it. */
export function quartersNear(now: number): string[] {
  const year = new Date(now).getUTCFullYear()
  return [year - 1, year, year + 1].flatMap((each) => [1, 2, 3, 4].map((quarter) => `${each}-Q${quarter}`))
}

/** Bases that a table compares: the usual ones, this month and quarter, and the chosen one where it is another. */
export function comparedBases(chosen: string, now: number): SlaBasis[] {
  const month = new Date(now).toISOString().slice(0, 7)
  const ids = ['1d', '7d', '28d', '30d', month, quarterOf(month), '365d', '365.25d', '366d']
  return [...ids, ...(ids.includes(chosen) ? [] : [chosen])].flatMap((id) => slaBasis(id) ?? [])
}

function quarterOf(month: string): string {
  return `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`
}
