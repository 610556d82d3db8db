import { z } from 'zod'
import { enteredStep } from '../domain/budget-policy.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, ok } from './shared.ts'

const tag = 'SLOs'
/** Who let deploys pass although the budget is spent, why, and until when. Kept for ever. */
export const gateExceptionDto = z.object({
  id: z.string(),
  sloId: z.string(),
  reason: z.string(),
  createdAt: instant,
  createdBy: z.string(),
  expiresAt: instant,
  revokedAt: instant.nullable(),
  revokedBy: z.string().nullable(),
  /** Neither expired nor revoked. */
  active: z.boolean(),
})
export type GateExceptionDto = z.infer<typeof gateExceptionDto>

/**
 * Of the SLO's policy: policy_frozen and unknown_frozen do not let pass, policy_open and unknown_open do. Of a minimum, and
 * where there is no policy: budget_left and no_budget let pass, budget_low does not. An exception lets pass all the same;
 * stale is a warning.
 */
export const gateReason = z.object({
  code: z.enum([
    'policy_open',
    'policy_frozen',
    'unknown_open',
    'unknown_frozen',
    'budget_left',
    'budget_low',
    'no_budget',
    'exception',
    'stale',
  ]),
  message: z.string(),
})
export type GateReason = z.infer<typeof gateReason>

export const sloGate = z.object({
  sloId: z.string(),
  version: z.number().int(),
  /** Instant of the evaluation behind it, epoch ms; null before the first. */
  at: z.number().nullable(),
  allowed: z.boolean(),
  /** Of the first objective, or the least of those that the policy watches. */
  budgetRemaining: z.number().nullable(),
  /** What was asked for; 0 where nothing was and no policy says what freezes; else null. */
  minimum: z.number().nullable(),
  /** The budget policy that the SLO follows; null: none. */
  policy: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Its steps that freeze deploys now: each ends above `clearsAbove`, one of the calendar's also at `until`. */
  frozenBy: z.array(enteredStep.extend({ clearsAbove: z.number(), until: instant.nullable() })),
  reasons: z.array(gateReason),
  /** The exception that lets deploys pass; null when none is needed or there is none. */
  exception: gateExceptionDto.nullable(),
})
export type SloGate = z.infer<typeof sloGate>

export const getSloGate = route({
  id: 'getSloGate',
  method: 'GET',
  path: '/api/v1/slos/:id/gate',
  tag,
  summary: 'Whether a pipeline may deploy: 200 both ways, with `allowed` and the reasons',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  /** Least share of the budget that must be left; deploys are frozen at or below it, beside what the policy says. */
  query: z.object({ minimum: z.coerce.number().min(0).max(1).optional() }),
  response: sloGate,
})
export const listGateExceptions = route({
  id: 'listGateExceptions',
  method: 'GET',
  path: '/api/v1/slos/:id/gate/exceptions',
  tag,
  summary: 'Exceptions from the freeze gate, newest first, expired and revoked ones included',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: listOf(gateExceptionDto),
})
export const createGateException = route({
  id: 'createGateException',
  method: 'POST',
  path: '/api/v1/slos/:id/gate/exceptions',
  tag,
  summary: 'Let deploys pass the freeze gate for some hours',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: z.object({
    reason: z.string().trim().min(3).max(500),
    hours: z.number().gt(0).max(168),
  }),
  response: gateExceptionDto,
})
export const revokeGateException = route({
  id: 'revokeGateException',
  method: 'DELETE',
  path: '/api/v1/gate-exceptions/:id',
  tag,
  summary: 'End an exception now; it stays on record',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  response: ok,
})
