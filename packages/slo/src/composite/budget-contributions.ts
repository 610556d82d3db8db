import { MINUTE_MS } from '../minute.ts'
import type { Span } from '../window-span.ts'
import { memberBadShare } from './combine-windows.ts'
import type { Composite } from './composite.ts'
import { earliestMinute } from './judged-minutes.ts'
import { memberVerdicts } from './member-verdicts.ts'

/** Contributions are whole millionths, so that they sum to the whole exactly. */
export const CONTRIBUTION_UNITS = 1_000_000

/**
 * How much of what a composite spent in [from, to), on the minute grid, each member caused, in millionths that sum to a
 * million; null for all while nothing was spent.
 *
 * Weighted: by weight x bad share. Worst of: the worst member, the first of several. Critical path: by bad share, for a
 * journey that would have failed at two steps is the fault of both. All of: each bad minute in equal parts to the
 * members that were bad in it. Rounding goes to the largest remainders.
 */
export function budgetContributions(composite: Composite, { from, to }: Span): (number | null)[] {
  return wholeUnits(composite.verdicts ? blamesOf(composite, { from, to }) : causesOf(composite, { from, to }))
}

/** Of what was bad, how much each member caused; in any unit. */
function causesOf(composite: Composite, { from, to }: Span): number[] {
  const windows = composite.memberWindows(from, to - MINUTE_MS)
  const shares = windows.map((window) => Math.max(0, memberBadShare(window) ?? 0))
  if (composite.combine === 'weighted') return shares.map((share, i) => share * (windows[i]?.weight ?? 0))
  if (composite.combine === 'critical_path') return shares
  const worst = shares.indexOf(Math.max(...shares))
  return shares.map((share, i) => (i === worst ? share : 0))
}

function blamesOf(composite: Composite, { from, to }: Span): number[] {
  const blames = composite.members.map(() => 0)
  const since = earliestMinute(composite.sources)
  if (since === null) return blames
  const members = composite.members.map((member, i) => ({ ...member, source: composite.sources[i] ?? composite }))
  for (const { minute, verdicts } of memberVerdicts(members, { from: Math.max(from, since), to, since })) {
    const counts = composite.verdicts?.get(minute)
    if (!counts || counts.good === counts.total) continue
    const isBad = verdicts.map((verdict) => verdict === 'bad' || verdict === 'silent_bad')
    const part = 1 / isBad.filter(Boolean).length
    for (const [i, bad] of isBad.entries()) if (bad) blames[i] = (blames[i] ?? 0) + part
  }
  return blames
}

/** Parts of a whole in millionths that sum to it: each rounded down, what is left to the largest remainders. */
function wholeUnits(parts: readonly number[]): (number | null)[] {
  const sum = parts.reduce((a, b) => a + b, 0)
  if (sum <= 0) return parts.map(() => null)
  const exact = parts.map((part) => (part / sum) * CONTRIBUTION_UNITS)
  const units = exact.map(Math.floor)
  let left = CONTRIBUTION_UNITS - units.reduce((a, b) => a + b, 0)
  const byRemainder = exact.map((_, i) => i).toSorted((a, b) => remainder(exact[b]) - remainder(exact[a]) || a - b)
  for (const i of byRemainder) if (left > 0 && (parts[i] ?? 0) > 0) [units[i], left] = [(units[i] ?? 0) + 1, left - 1]
  return units
}

const remainder = (value = 0) => value - Math.floor(value)
