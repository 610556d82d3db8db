import { z } from 'zod'
import { severity } from '../domain/alert.ts'
import { webhookBudget } from './budget-webhook.ts'

/** Body of every webhook Nines sends (Standard Webhooks: type, timestamp, data). */
export const webhookBody = z.object({
  type: z.enum([
    'page.created',
    'alert.resolved',
    'budget.threshold_crossed',
    'budget.threshold_cleared',
    'channel.test',
  ]),
  timestamp: z.iso.datetime(),
  data: z.object({
    workspace: z.string(),
    message: z.string(),
    page: z
      .object({
        id: z.string(),
        step: z.number().int(),
        round: z.number().int(),
        responder: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
        reason: z.string(),
      })
      .optional(),
    alert: z
      .object({
        id: z.string(),
        severity,
        state: z.string(),
        summary: z.string(),
        firedAt: z.iso.datetime().nullable(),
        resolvedAt: z.iso.datetime().nullable(),
        service: z.object({ id: z.string(), name: z.string(), runbookUrl: z.string().nullable() }),
        slo: z.object({ id: z.string(), name: z.string(), target: z.number(), budgetRemaining: z.number().nullable() }),
      })
      .optional(),
    incident: z.object({ id: z.string(), number: z.number().int(), url: z.string() }).optional(),
    budget: webhookBudget.optional(),
    links: z.object({ alert: z.string(), act: z.string() }).optional(),
  }),
})
export type WebhookBody = z.infer<typeof webhookBody>
