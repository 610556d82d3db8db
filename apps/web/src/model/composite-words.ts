import type { CompositeCombine, NoDataRule } from '@nines/contracts'

export const COMBINE_LABEL: Record<CompositeCombine, string> = {
  weighted: 'Weighted mean',
  all_of: 'All of them, minute by minute',
  worst_of: 'The worst of them',
  critical_path: 'Steps that must all succeed',
}

export const COMBINE_HINT: Record<CompositeCombine, string> = {
  weighted: 'The SLIs of the members, each as much as its weight says.',
  all_of: 'A minute is good when every member met its own target in it. Minutes are counted, not events.',
  worst_of: 'The lowest SLI of any member is that of the whole.',
  critical_path: 'The SLIs are multiplied: a journey that needs every step succeeds as often as they all do.',
}

export const NO_DATA_LABEL: Record<NoDataRule, string> = {
  ignore: 'Leave it out',
  good: 'Count as good',
  bad: 'Count as bad',
}

/** `weighted mean of 3 SLOs`. */
export function describeCombine(combine: CompositeCombine, members: number): string {
  const words: Record<CompositeCombine, string> = {
    weighted: `weighted mean of ${members} SLOs`,
    all_of: `minutes in which all of ${members} SLOs met their targets`,
    worst_of: `worst of ${members} SLOs`,
    critical_path: `product of ${members} SLOs`,
  }
  return words[combine]
}

/** Millionths as a percentage: "42.5 %", and nothing that was something is "0 %". */
export function contributionText(units: number | null): string {
  if (units === null) return '–'
  if (units > 0 && units < 1000) return '< 0.1 %'
  return `${(units / 10_000).toFixed(1)} %`
}
