import { z } from 'zod'
import { alertEvidence, ruleVerdict } from '../domain/alert.ts'
import { budgetReading } from '../domain/budget-policy.ts'

/** A rule's verdict, sent on every change at once and repeated while true, so that a lost one is made good. */
export const advanceAlertPayload = z.object({
  workspaceId: z.string(),
  ruleId: z.string(),
  /** Epoch ms of the evaluation; an older verdict than the last applied is ignored. */
  at: z.number().int(),
  verdict: ruleVerdict,
  evidence: alertEvidence,
})
export const wakeAlertPayload = z.object({ workspaceId: z.string(), alertId: z.string() })
export const stepEscalationPayload = z.object({ workspaceId: z.string(), escalationId: z.string() })
export const deliverWebhookPayload = z.object({ workspaceId: z.string(), messageId: z.string() })
export const openIncidentPayload = z.object({ workspaceId: z.string(), alertId: z.string() })
export const draftReviewPayload = z.object({ workspaceId: z.string(), incidentId: z.string() })
/** A version of a service that spans carry: the workspace by the number that telemetry has, the instant in epoch ms. */
export const noteVersionPayload = z.object({
  workspaceNumber: z.number().int(),
  service: z.string(),
  environment: z.string(),
  version: z.string(),
  firstSeenAt: z.number().int(),
})
/** What is left of an SLO's budgets, sent when that crosses a step of its policy and again until it is on record. */
export const advanceBudgetPayload = budgetReading.extend({ workspaceId: z.string(), sloId: z.string() })
export type AdvanceBudgetPayload = z.infer<typeof advanceBudgetPayload>
export type AdvanceAlertPayload = z.infer<typeof advanceAlertPayload>
