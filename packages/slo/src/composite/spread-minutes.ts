import { MinuteSeries } from '../minute-series.ts'
import { MINUTE_MS, type EventCounts } from '../minute.ts'
import type { Span } from '../window-span.ts'
import { combinedBadShare, memberBadShare, type MemberWindow, type WindowCombine } from './combine-windows.ts'
import { Composite } from './composite.ts'

/**
 * A composite as minutes that add up: given one window, every bad event of a member costs a known part of the composite's
 * budget, so that what the window spent can be put down to minutes, and so to incidents and changes. Over [from, to), on the minute
 * grid, the minutes sum to what the composite says of it; minutes around it are scaled alike.
 */
export function spreadMinutes(composite: Composite, { from, to }: Span): MinuteSeries {
  if (composite.verdicts) return composite.verdicts
  const spread = new MinuteSeries()
  const { total } = composite.counts.sum(from, to - MINUTE_MS)
  const windows = composite.memberWindows(from, to - MINUTE_MS)
  const scales = scalesOf(composite.combine as WindowCombine, windows)
  for (const [i, window] of windows.entries()) {
    const [scale, member] = [scales[i], composite.members[i]]
    if (!scale || !member) continue
    const events = member.minutes instanceof Composite ? spreadMinutes(member.minutes, { from, to }) : member.minutes
    addEvents(spread, events, window, { bad: scale.bad * total, weight: scale.weight * total })
    const presence = composite.presenceOf(i)
    if (presence) addSilence(spread, presence, window, { bad: scale.bad * total, weight: scale.weight * total })
  }
  return spread
}

/** Of a composite's event: what a whole member's worth of bad ones costs, and how much of all of them is its. */
interface Scale {
  bad: number
  weight: number
}

function scalesOf(combine: WindowCombine, windows: readonly MemberWindow[]): (Scale | null)[] {
  const shares = windows.map(memberBadShare)
  const present = windows.flatMap(({ weight }, i) => {
    const share = shares[i] ?? null
    return share === null ? [] : { share, weight }
  })
  if (combine === 'worst_of') {
    const worst = shares.indexOf(Math.max(...present.map(({ share }) => share)))
    return shares.map((_, i) => (i === worst ? { bad: 1, weight: 1 } : null))
  }
  if (combine === 'weighted') {
    const weights = present.reduce((sum, { weight }) => sum + weight, 0)
    return windows.map(({ weight }, i) =>
      shares[i] === null ? null : { bad: weight / weights, weight: weight / weights },
    )
  }
  const sum = present.reduce((all, { share }) => all + share, 0)
  const bad = sum === 0 ? 0 : (combinedBadShare(combine, present) ?? 0) / sum
  return shares.map((share) => (share === null ? null : { bad, weight: 1 / present.length }))
}

/** How much of the member's share its events say, against its silence. */
function eventsSay({ total, spoken, silent }: MemberWindow): number {
  if (total === 0) return 0
  return silent > 0 ? spoken / (spoken + silent) : 1
}

function addEvents(into: MinuteSeries, events: MinuteSeries, window: MemberWindow, scale: Scale): void {
  const part = eventsSay(window) / window.total
  for (const [minute, { good, total }] of events.minutes()) {
    const known: EventCounts = into.get(minute) ?? { good: 0, total: 0 }
    const [bad, all] = window.total === 0 ? [0, 0] : [(total - good) * part * scale.bad, total * part * scale.weight]
    into.set(minute, { good: known.good + all - bad, total: known.total + all })
  }
}

function addSilence(into: MinuteSeries, presence: MinuteSeries, window: MemberWindow, scale: Scale): void {
  if (window.silent === 0) return
  const part = (1 - eventsSay(window)) / window.silent
  for (const [minute, { good, total }] of presence.minutes()) {
    if (total === good) continue
    const known: EventCounts = into.get(minute) ?? { good: 0, total: 0 }
    const [bad, all] = [window.noData === 'bad' ? part * scale.bad : 0, part * scale.weight]
    into.set(minute, { good: known.good + all - bad, total: known.total + all })
  }
}
