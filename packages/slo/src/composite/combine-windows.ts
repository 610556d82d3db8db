import type { CompositeCombine, NoDataRule } from '@nines/contracts'
import type { EventCounts } from '../minute.ts'

/** What a member of a composite counted in one window. */
export interface MemberWindow extends EventCounts {
  /** Of the minutes with a say: those with events, and those that were silent and count by the member's rule. */
  spoken: number
  silent: number
  noData: NoDataRule
  weight: number
}

/** Shares that differ by rounding alone are equal. */
export const ALIKE = 1e-12

/** What a window comes to for a composite whose members' minutes do not simply add up. */
export type WindowCombine = Exclude<CompositeCombine, 'all_of'>

/**
 * The bad share of a member's window: bad events over all. Silence that counts takes part by its time, so that a member that
 * died half an hour ago is half bad over an hour whatever traffic it had. null: nothing to go by.
 */
export function memberBadShare({ good, total, spoken, silent, noData }: MemberWindow): number | null {
  const silentShare = noData === 'bad' ? 1 : 0
  if (total === 0) return silent > 0 ? silentShare : null
  const measured = (total - good) / total
  return silent > 0 ? (spoken * measured + silent * silentShare) / (spoken + silent) : measured
}

/** 1 - the SLI of the composite in the window, from the bad shares of members that have one. Never a mean of burn rates. */
export function combinedBadShare(
  combine: WindowCombine,
  members: readonly { share: number; weight: number }[],
): number | null {
  if (members.length === 0) return null
  if (combine === 'worst_of') return Math.max(...members.map(({ share }) => share))
  if (combine === 'critical_path') {
    // 1 - (1 - a)(1 - b)..., without the rounding that makes small shares of it zero.
    return -Math.expm1(members.reduce((sum, { share }) => sum + Math.log1p(-Math.min(share, 1)), 0))
  }
  const weights = members.reduce((sum, { weight }) => sum + weight, 0)
  return members.reduce((sum, { share, weight }) => sum + weight * share, 0) / weights
}

/**
 * A composite's window as good and total events, good / total being its SLI. Total is the number of events of a plain SLO
 * that would know its SLI as surely (equal variance): what guards against low traffic and the figures of a budget in events
 * go by it. Weighted: (sum w)^2 / sum(w^2 / n), which is the sum of the members' events where each weighs as much as its
 * traffic, and less where a member with few events weighs much. Critical path: k / sum(1 / n), the journeys where every
 * step sees each of them once. Worst of: the events of the worst member, of several that are as bad the most. Without an event of any member there is nothing.
 */
export function combineWindows(combine: WindowCombine, windows: readonly MemberWindow[]): EventCounts {
  const members = windows.flatMap((window) => {
    const share = memberBadShare(window)
    return share === null ? [] : { share, weight: window.weight, total: window.total }
  })
  const total = eventsOf(combine, members)
  const bad = combinedBadShare(combine, members)
  return total === 0 || bad === null ? { good: 0, total: 0 } : { good: total - bad * total, total }
}

function eventsOf(
  combine: WindowCombine,
  members: readonly { share: number; weight: number; total: number }[],
): number {
  const measured = members.filter(({ total }) => total > 0)
  if (measured.length === 0) return 0
  if (combine === 'critical_path') return measured.length / measured.reduce((sum, { total }) => sum + 1 / total, 0)
  if (combine === 'worst_of') {
    const least = Math.max(...members.map(({ share }) => share)) - ALIKE
    const total = Math.max(...members.map((member) => (member.share >= least ? member.total : 0)))
    // The worst may be one that is silent: then what the others know of says how much there was to lose.
    return total > 0 ? total : measured.reduce((sum, one) => sum + one.total, 0)
  }
  const weights = members.reduce((sum, { weight }) => sum + weight, 0)
  return weights ** 2 / measured.reduce((sum, { weight, total }) => sum + weight ** 2 / total, 0)
}
