import { budgetRemaining } from '../error-budget.ts'
import type { EventCounts } from '../minute.ts'

/** Targets that people promise, highest first. */
export const TARGET_LADDER = [0.9999, 0.9995, 0.999, 0.998, 0.995, 0.99, 0.98, 0.95, 0.9] as const

/** Share of the budget that has to be left over the evidence: a promise that was just kept is broken next month. */
const HEADROOM = 0.25
/** Of the windows looked at one in so many may have missed the target: nobody's worst week is their promise. */
const MISSES_ONE_IN = 10
/** A budget of fewer bad events is a coin's toss: one request more or less decides it. */
const LEAST_BUDGET_EVENTS = 5
/** Weekdays and weekends differ, and so do deploys: less than this says little. */
const RELIABLE_DAYS = 3

export interface TargetEvidence extends EventCounts {
  /** Rolling windows with events within the evidence. */
  windows: readonly EventCounts[]
  windowDays: number
  /** Events that one whole window of the SLO would hold at this traffic. */
  eventsPerWindow: number
  /** From the first measured minute on. */
  days: number
}

/** What keeps a target from being proposed: broken or nearly so, broken in too many windows, or more than the traffic can show. */
type Obstacle = 'headroom' | 'windows' | 'traffic'

export interface ChosenTarget {
  target: number
  /** Windows in which it was met. */
  met: number
  provisional: boolean
  reason: string
}

/**
 * The highest target of the ladder that
 * - was met over the whole evidence with a quarter of its budget to spare,
 * - was met in at least nine of ten rolling windows (of a week, or a quarter of younger data), and
 * - allows at least five bad events, both in a window of the SLO and in the evidence: a service of a hundred requests
 *   without a failure has not shown 99.99 %. (No failure in n events leaves a ratio of 3/n possible with 95 % confidence,
 *   "rule of three"; five allowed ones keep the target clear of that.)
 * null where even the lowest does not hold. More bad events never make it higher.
 *
 * That a first target is today's performance rounded down to a manageable number is the advice of the SRE workbook (chapter
 * 2, "Choosing an Appropriate Target"); headroom, windows and least budget are ours (ADR 21).
 */
export function chooseTarget(evidence: TargetEvidence): ChosenTarget | null {
  const place = TARGET_LADDER.findIndex((target) => obstacleOf(target, evidence) === null)
  const target = TARGET_LADDER[place]
  if (target === undefined) return null
  const met = metWindows(target, evidence)
  const higher = TARGET_LADDER[place - 1]
  const provisional = evidence.days < RELIABLE_DAYS
  return { target, met, provisional, reason: reasonOf(target, higher, met, evidence) }
}

function obstacleOf(target: number, evidence: TargetEvidence): Obstacle | null {
  const { total, windows, eventsPerWindow } = evidence
  if ((1 - target) * Math.min(total, eventsPerWindow) < LEAST_BUDGET_EVENTS) return 'traffic'
  if ((budgetRemaining(evidence, target) ?? 0) < HEADROOM) return 'headroom'
  const mayMiss = Math.floor(windows.length / MISSES_ONE_IN)
  return windows.length - metWindows(target, evidence) > mayMiss ? 'windows' : null
}

function metWindows(target: number, { windows }: TargetEvidence): number {
  return windows.filter((window) => (budgetRemaining(window, target) ?? 0) >= 0).length
}

function reasonOf(target: number, higher: number | undefined, met: number, evidence: TargetEvidence): string {
  const { windows, windowDays, eventsPerWindow } = evidence
  const left = Math.floor((budgetRemaining(evidence, target) ?? 0) * 100)
  const spans = windowDays === 1 ? 'single days' : `windows of ${windowDays} days`
  const kept = [
    `Met over the whole time with ${left} % of the budget left`,
    ...(windows.length === 0 ? [] : [`in ${met} of ${windows.length} ${spans}`]),
  ]
  const holds = `${kept.join(' and ')}; the budget of a window allows ${countText((1 - target) * eventsPerWindow)} bad events.`
  const obstacle = higher === undefined ? null : obstacleOf(higher, evidence)
  if (higher === undefined || obstacle === null) return holds
  const next = percentText(higher)
  const why: Record<Obstacle, string> = {
    traffic: `${next} would allow fewer than ${LEAST_BUDGET_EVENTS} bad events: too few events to tell it from chance.`,
    headroom: `${next} would have left less than a quarter of its budget.`,
    windows: `${next} was missed in more than one of ${MISSES_ONE_IN} ${spans}.`,
  }
  return `${holds} ${why[obstacle]}`
}

/** `99.9 %`, with no digit more than it has. */
export function percentText(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(6))} %`
}

function countText(count: number): string {
  return count >= 100 ? Math.round(count).toLocaleString('en') : String(Number(count.toPrecision(2)))
}
