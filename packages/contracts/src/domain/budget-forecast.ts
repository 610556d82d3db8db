import { z } from 'zod'

/**
 * When an error budget will be spent, as recent days make it likely. Seconds are from `at`; null: not within the horizon. What comes
 * lies between `lowSeconds` and `highSeconds` in four of five times: an interval of 80 %.
 */
export const budgetForecast = z.object({
  /** Epoch ms. */
  at: z.number(),
  lowSeconds: z.number().nullable(),
  medianSeconds: z.number().nullable(),
  highSeconds: z.number().nullable(),
  /** Share of futures in which it is spent within the horizon. */
  chance: z.number(),
  /** How far it looks: one window, at most 90 days; of the calendar's, to the end of the period. */
  horizonSeconds: z.number(),
  /** Recent days with events that the futures are made of. */
  days: z.number().int(),
})
export type BudgetForecast = z.infer<typeof budgetForecast>
