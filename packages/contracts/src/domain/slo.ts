import { z } from 'zod'
import { sloWindow } from './slo-window.ts'

/** Target as a fraction of good events: 0.999 is "three nines". 1 leaves no budget and is refused. */
export const sloTarget = z.number().gt(0).lt(1)

/** What is promised over which time. */
export const objective = z.object({ target: sloTarget, window: sloWindow })
export type Objective = z.infer<typeof objective>
/** Objectives beside the first one, which alert rules watch. */
export const furtherObjectives = z.array(objective).max(7)

/**
 * A multi-window burn-rate condition: true when the burn over both windows is at least `factor`
 * (Google SRE workbook, chapter 5). The short window makes it clear soon after the burn ends.
 */
export const burnRatePair = z.object({
  longSeconds: z.number().int().min(60),
  shortSeconds: z.number().int().min(60),
  /** Below 1 the pair can be true while the SLO is being met: no default is, code of other tools may be. */
  factor: z.number().gt(0),
})
export type BurnRatePair = z.infer<typeof burnRatePair>

/** State of the data behind a figure: silence is never good and never bad. */
export const dataState = z.enum(['good', 'bad', 'idle', 'unmeasured'])
export type DataState = z.infer<typeof dataState>

/** Burn over one window. null where the window holds no events. */
export const windowBurn = z.object({
  windowSeconds: z.number(),
  good: z.number(),
  total: z.number(),
  burnRate: z.number().nullable(),
})
export type WindowBurn = z.infer<typeof windowBurn>

/** How one objective stands at an instant. Ratios are unrounded. */
export const objectiveStatus = z.object({
  target: z.number(),
  window: sloWindow,
  /** The window, epoch ms: up to now for a rolling one, to the end of its period for the calendar's. */
  from: z.number(),
  to: z.number(),
  good: z.number(),
  total: z.number(),
  /** good/total over the window so far; null when total is 0. */
  sli: z.number().nullable(),
  /**
   * What is left of the whole window's budget: 1 untouched, 0 spent, negative overspent; null when undefined. Rolling: 1 - burn
   * over the window. Calendar: 1 - burn x elapsed / length of the period, as if events went on coming as often.
   */
  budgetRemaining: z.number().nullable(),
  /** 1 - burn over what has elapsed: the same for a rolling window. Negative while the SLI is below the target. */
  budgetRemainingToDate: z.number().nullable(),
  /** Seconds until the budget is spent at the burn of the last hour; null when it is not being spent within the window. */
  exhaustionSeconds: z.number().nullable(),
})
export type ObjectiveStatus = z.infer<typeof objectiveStatus>

/** Status of one SLO at one instant. Ratios are unrounded; the dashboard rounds. */
export const sloStatus = z.object({
  sloId: z.string(),
  version: z.number().int(),
  /** Instant of evaluation, epoch ms. */
  at: z.number(),
  state: dataState,
  /** Of the first objective, as everything up to `burns`. */
  ...objectiveStatus.shape,
  burns: z.array(windowBurn),
  furtherObjectives: z.array(objectiveStatus),
  /** Epoch ms of the newest slice with events; null before the first. */
  lastEventAt: z.number().nullable(),
  /** Since when nothing was measured, epoch ms, once that is long enough to say nothing more; null while there is data. */
  unmeasuredSince: z.number().nullable().optional(),
})
export type SloStatus = z.infer<typeof sloStatus>

/** What lists show of a status and sort by: less than a tenth of it. */
export const sloStanding = z.object({
  state: dataState,
  sli: z.number().nullable(),
  budgetRemaining: z.number().nullable(),
  /** Burn over the last hour. */
  burn1h: z.number().nullable(),
  exhaustionSeconds: z.number().nullable(),
  lastEventAt: z.number().nullable(),
})
export type SloStanding = z.infer<typeof sloStanding>

/** One minute of one SLO version. Replaced as a whole by a higher revision. */
export interface Slice {
  sloId: string
  version: number
  /** Start of the minute, epoch ms, a multiple of 60000. */
  minute: number
  good: number
  total: number
  /** Measurements expected in the minute (checks); 0 where the SLI has no cadence. */
  expected: number
  revision: number
}
