import type { MinuteSeries } from '../minute-series.ts'
import { MINUTE_MS } from '../minute.ts'
import type { Span } from '../window-span.ts'
import { combinedBadShare, memberBadShare, type MemberWindow, type WindowCombine } from './combine-windows.ts'
import type { Composite, MemberOfComposite } from './composite.ts'

/** Of a composite's events in one window: what one that is bad costs, and how much of all of them any one is. */
export interface Scale {
  bad: number
  all: number
}

export function scaledBy(one: Scale, other: Scale): Scale {
  return { bad: one.bad * other.bad, all: one.all * other.all }
}

/** How a member's part of a window lies in its minutes. */
export interface MemberScales {
  /** For each event of the member. */
  event: Scale
  /** For each of its silent minutes; null where none counts. */
  silence: Scale | null
}

/** How one member's part of a window lies in its minutes. */
export interface SpreadTerm {
  member: MemberOfComposite
  event: Scale
  /** For each of its silent minutes (`total` 1 and `good` 0 in the series); null where none counts. */
  silence: (Scale & { presence: MinuteSeries }) | null
}

/**
 * Given one window, [from, to) on the minute grid, every bad event of a member costs a known part of the composite's budget: so what
 * the window comes to is a sum over minutes. Of composites whose windows are combined; members without a say are left out.
 */
export function spreadTerms(composite: Composite, { from, to }: Span): SpreadTerm[] {
  const { total } = composite.counts.sum(from, to - MINUTE_MS)
  const windows = composite.memberWindows(from, to - MINUTE_MS)
  return windowScales(composite.combine as WindowCombine, windows, total).flatMap((scales, i) => {
    const member = composite.members[i]
    if (!scales || !member) return []
    const presence = composite.presenceOf(i)
    return { member, event: scales.event, silence: presence && scales.silence && { presence, ...scales.silence } }
  })
}

/** The scales of all members of a window whose events are `total`; null of one without a say. */
export function windowScales(
  combine: WindowCombine,
  windows: readonly MemberWindow[],
  total: number,
): (MemberScales | null)[] {
  const scales = scalesOf(combine, windows)
  return windows.map((window, i) => {
    const scale = scales[i]
    if (!scale) return null
    const whole = { bad: scale.bad * total, all: scale.all * total }
    return { event: eventScale(window, whole), silence: silenceScale(window, whole) }
  })
}

/** What a whole member's worth of bad ones costs, and how much of all events is its. */
function scalesOf(combine: WindowCombine, windows: readonly MemberWindow[]): (Scale | null)[] {
  const shares = windows.map(memberBadShare)
  const present = windows.flatMap(({ weight }, i) => {
    const share = shares[i] ?? null
    return share === null ? [] : { share, weight }
  })
  if (combine === 'worst_of') {
    const worst = shares.indexOf(Math.max(...present.map(({ share }) => share)))
    return shares.map((_, i) => (i === worst ? { bad: 1, all: 1 } : null))
  }
  if (combine === 'weighted') {
    const weights = present.reduce((sum, { weight }) => sum + weight, 0)
    return windows.map(({ weight }, i) =>
      shares[i] === null ? null : { bad: weight / weights, all: weight / weights },
    )
  }
  const sum = present.reduce((all, { share }) => all + share, 0)
  const bad = sum === 0 ? 0 : (combinedBadShare(combine, present) ?? 0) / sum
  return shares.map((share) => (share === null ? null : { bad, all: 1 / present.length }))
}

/** How much of the member's share its events say, against its silence. */
function eventsSay({ total, spoken, silent }: MemberWindow): number {
  if (total === 0) return 0
  return silent > 0 ? spoken / (spoken + silent) : 1
}

function eventScale(window: MemberWindow, whole: Scale): Scale {
  if (window.total === 0) return { bad: 0, all: 0 }
  const part = eventsSay(window) / window.total
  return { bad: part * whole.bad, all: part * whole.all }
}

function silenceScale(window: MemberWindow, whole: Scale): Scale | null {
  if (window.silent === 0) return null
  const part = (1 - eventsSay(window)) / window.silent
  return { bad: window.noData === 'bad' ? part * whole.bad : 0, all: part * whole.all }
}
