import { z } from 'zod'
import {
  budgetEventCause,
  budgetEventKind,
  budgetStep,
  budgetSteps,
  budgetUnknown,
  DEFAULT_BUDGET_MARGIN,
  enteredStep,
  objectiveIndex,
} from '../domain/budget-policy.ts'
import { sloWindow } from '../domain/slo-window.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, name, ok } from './shared.ts'

const tag = 'Budget policies'

/** How an SLO stands under a policy right now. */
export const budgetStanding = z.object({
  /** Least of what is left of the budgets that the policy watches; null while none of them is known. */
  budgetRemaining: z.number().nullable(),
  /** Steps in force, the first entered first. */
  inForce: z.array(enteredStep),
  /** Those of them that freeze deploys. */
  frozenBy: z.array(enteredStep),
  /** It is not known what is left of some budget that the policy watches. */
  isUnknown: z.boolean(),
  /** The gate lets nothing pass, unless there is an exception. */
  isFrozen: z.boolean(),
})
export type BudgetStandingDto = z.infer<typeof budgetStanding>

/** An SLO that follows a policy. */
export const budgetPolicySlo = z.object({
  id: z.string(),
  name: z.string(),
  serviceName: z.string(),
  /** The objective that the policy watches; null: each of them by itself. */
  objective: objectiveIndex.nullable(),
  standing: budgetStanding,
})
export type BudgetPolicySlo = z.infer<typeof budgetPolicySlo>

const policyFields = {
  id: z.string(),
  name: z.string(),
  /** What people agreed on, in their words. */
  description: z.string(),
  /** Highest threshold first. */
  steps: z.array(budgetStep),
  /** A step is left when more than its threshold and this is left, or when the calendar's next period begins. */
  margin: z.number(),
  onUnknown: budgetUnknown,
}
export const budgetPolicyDto = z.object({
  ...policyFields,
  slos: z.array(budgetPolicySlo),
  createdAt: instant,
  createdBy: z.string(),
  updatedAt: instant,
  updatedBy: z.string(),
})
export type BudgetPolicyDto = z.infer<typeof budgetPolicyDto>

/** Who changed what of a policy. Kept for ever. */
export const budgetPolicyChangeDto = z.object({
  id: z.string(),
  kind: z.enum(['created', 'changed', 'attached', 'detached', 'deleted']),
  at: instant,
  by: z.string(),
  /** The SLO that began or ceased to follow it. */
  slo: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** The fields that changed, as they were and as they are. */
  fields: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
})
export type BudgetPolicyChangeDto = z.infer<typeof budgetPolicyChangeDto>
export const budgetPolicyDetail = budgetPolicyDto.extend({ changes: z.array(budgetPolicyChangeDto) })
export type BudgetPolicyDetail = z.infer<typeof budgetPolicyDetail>

const attached = z.object({ id: z.string().min(1), objective: objectiveIndex.nullable().default(0) })
export const budgetPolicyInput = z.object({
  name,
  description: z.string().max(10_000).default(''),
  steps: budgetSteps,
  margin: z.number().min(0).max(1).default(DEFAULT_BUDGET_MARGIN),
  onUnknown: budgetUnknown.default('allow'),
  /** The SLOs that follow it, all of them; left out, they stay as they are. One that follows another policy is refused. */
  slos: z.array(attached).max(500).optional(),
})
export type BudgetPolicyInput = z.input<typeof budgetPolicyInput>

export const sloBudgetPolicy = z.object({
  /** null: the SLO follows none. */
  policy: z.object(policyFields).nullable(),
  objective: objectiveIndex.nullable(),
  standing: budgetStanding.nullable(),
  attachedAt: instant.nullable(),
  attachedBy: z.string().nullable(),
})
export type SloBudgetPolicy = z.infer<typeof sloBudgetPolicy>

/** A message that a crossing sent, or why it could not. */
export const budgetNoticeDto = z.object({
  action: z.enum(['notify', 'ticket']),
  channelName: z.string(),
  /** The webhook-id; null where the channel could not be used. */
  messageId: z.string().nullable(),
  state: z.enum(['pending', 'delivered', 'failed', 'cancelled']),
  problem: z.string().nullable(),
})

/** A step of a policy that an SLO entered or left. Kept for ever. */
export const budgetEventDto = z.object({
  id: z.string(),
  kind: budgetEventKind,
  cause: budgetEventCause,
  slo: z.object({ id: z.string(), name: z.string(), version: z.number().int() }),
  policy: z.object({ id: z.string(), name: z.string() }),
  objective: z.object({ index: z.number().int(), target: z.number(), window: sloWindow }),
  budgetLeftBelow: z.number(),
  /** Unrounded; null where it was not known. */
  budgetRemaining: z.number().nullable(),
  at: instant,
  recordedAt: instant,
  freezes: z.boolean(),
  note: z.string().nullable(),
  notices: z.array(budgetNoticeDto),
})
export type BudgetEventDto = z.infer<typeof budgetEventDto>

export const listBudgetPolicies = route({
  id: 'listBudgetPolicies',
  method: 'GET',
  path: '/api/v1/budget-policies',
  tag,
  summary: 'Error budget policies with the SLOs that follow them and how these stand',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(budgetPolicyDto),
})
export const getBudgetPolicy = route({
  id: 'getBudgetPolicy',
  method: 'GET',
  path: '/api/v1/budget-policies/:id',
  tag,
  summary: 'A policy with who changed what of it',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: budgetPolicyDetail,
})
export const createBudgetPolicy = route({
  id: 'createBudgetPolicy',
  method: 'POST',
  path: '/api/v1/budget-policies',
  tag,
  summary: 'Create a policy: what happens when a quarter of the budget is left, when none is',
  access: { role: 'editor', scope: 'write' },
  body: budgetPolicyInput,
  response: budgetPolicyDetail,
})
export const updateBudgetPolicy = route({
  id: 'updateBudgetPolicy',
  method: 'PUT',
  path: '/api/v1/budget-policies/:id',
  tag,
  summary: 'Change a policy; steps that it has no more are left, and those who were told are told so',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: budgetPolicyInput,
  response: budgetPolicyDetail,
})
export const deleteBudgetPolicy = route({
  id: 'deleteBudgetPolicy',
  method: 'DELETE',
  path: '/api/v1/budget-policies/:id',
  tag,
  summary: 'Delete a policy that no SLO follows; its events and changes stay on record',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  response: ok,
})
export const previewBudgetPolicy = route({
  id: 'previewBudgetPolicy',
  method: 'POST',
  path: '/api/v1/budget-policies/preview',
  tag,
  summary: 'How SLOs would stand under a policy if it held now; nothing is stored or sent',
  access: { role: 'viewer', scope: 'read' },
  body: budgetPolicyInput
    .pick({ steps: true, margin: true, onUnknown: true })
    .extend({ slos: z.array(attached).max(500).default([]) }),
  response: listOf(budgetPolicySlo),
})
export const getSloBudgetPolicy = route({
  id: 'getSloBudgetPolicy',
  method: 'GET',
  path: '/api/v1/slos/:id/budget-policy',
  tag,
  summary: 'The policy that an SLO follows and which of its steps are in force',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: sloBudgetPolicy,
})
export const setSloBudgetPolicy = route({
  id: 'setSloBudgetPolicy',
  method: 'PUT',
  path: '/api/v1/slos/:id/budget-policy',
  tag,
  summary: 'Let an SLO follow a policy, another one or none',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: z.object({ policyId: z.string().min(1).nullable(), objective: objectiveIndex.nullable().default(0) }),
  response: sloBudgetPolicy,
})
export const listBudgetEvents = route({
  id: 'listBudgetEvents',
  method: 'GET',
  path: '/api/v1/budget-events',
  tag,
  summary: 'Thresholds on budgets that were crossed and cleared, newest first, with what was sent',
  access: { role: 'viewer', scope: 'read' },
  query: z.object({
    sloId: z.string().optional(),
    policyId: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z.string().max(64).optional(),
  }),
  response: listOf(budgetEventDto),
})
