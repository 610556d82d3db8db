import { z } from 'zod'
import { sloWindow } from './slo-window.ts'

/** What spent a part of an error budget. */
export const budgetShare = z.object({
  /** Bad events in thousandths: integers, so that parts sum to the whole exactly. */
  units: z.number().int(),
  badEvents: z.number(),
  /** Share of the whole budget, 1 for all of it; null while the window holds no events. */
  share: z.number().nullable(),
  /** Seconds of full outage that spend as much under even traffic; null like the share. */
  outageSeconds: z.number().nullable(),
})
export type BudgetShare = z.infer<typeof budgetShare>

/** What an incident spent of one budget of an SLO, out of the window that ends with it (or now). */
export const incidentBudget = budgetShare.extend({
  sloId: z.string(),
  sloName: z.string(),
  /** Which of the SLO's objectives: 0 is the first one, which alert rules watch, 1 the first further one. */
  objective: z.number().int(),
  target: z.number(),
  window: sloWindow,
})
export type IncidentBudget = z.infer<typeof incidentBudget>
