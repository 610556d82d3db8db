import { z } from 'zod'
import { budgetEventCause } from '../domain/budget-policy.ts'
import { sloWindow } from '../domain/slo-window.ts'

/** What a message about a budget says, beside the sentence. Shares are unrounded: 1 untouched, 0 spent. */
export const webhookBudget = z.object({
  eventId: z.string(),
  /** The action of the policy that sent it. */
  action: z.enum(['notify', 'ticket']),
  /** `open` when the threshold was crossed, `resolved` when it was cleared. */
  status: z.enum(['open', 'resolved']),
  /** The same for every message about this threshold of this objective: a ticket of this key is updated, not doubled. */
  dedupKey: z.string(),
  title: z.string(),
  cause: budgetEventCause,
  at: z.iso.datetime(),
  budgetLeftBelow: z.number(),
  budgetRemaining: z.number().nullable(),
  /** Deploys are frozen by the step while it is in force. */
  freezes: z.boolean(),
  /** Other thresholds that were crossed or cleared by the same evaluation. */
  also: z.array(z.number()),
  /** What people agreed to do. */
  note: z.string().nullable(),
  objective: z.object({ index: z.number().int(), target: z.number(), window: sloWindow }),
  slo: z.object({ id: z.string(), name: z.string(), version: z.number().int(), url: z.string() }),
  service: z.object({ id: z.string(), name: z.string(), runbookUrl: z.string().nullable() }),
  policy: z.object({ id: z.string(), name: z.string() }),
})
export type WebhookBudget = z.infer<typeof webhookBudget>
