import { budgetPolicyInput, budgetSteps, budgetUnknown, type BudgetStep } from '@nines/contracts'
import { z } from 'zod'
import { documentOfNines, NINES_VERSION } from './nines-document.ts'

/** Channels are named: where they send to and what signs it stays in Nines. */
const channel = budgetPolicyInput.shape.name

const action = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('notify'), channel }),
    z.strictObject({ kind: z.literal('ticket'), channel }),
    z.strictObject({ kind: z.literal('freeze') }),
    z.strictObject({ kind: z.literal('note'), text: z.string().trim().min(1).max(500) }),
  ],
  { error: 'must be notify, ticket, freeze or note' },
)

const step = z.strictObject({
  budgetLeftBelow: z.number().min(-100).lt(1),
  actions: z.array(action).min(1, 'choose what happens').max(8),
})
export type NamedStep = z.infer<typeof step>

const steps = z
  .array(step)
  .min(1, 'must hold at least one step')
  .max(8)
  .superRefine((found, context) => {
    // What is wrong across steps is wrong whether channels are known by name or by id.
    const result = budgetSteps.safeParse(stepsOf(found, (named) => named))
    for (const { code, path, message } of result.error?.issues ?? [])
      if (code === 'custom') context.addIssue({ code, path, message })
  })

const { name, description, margin, onUnknown } = budgetPolicyInput.shape
const spec = z.strictObject({
  description,
  steps,
  /** A step is left when more than its threshold and this share of the budget is left. */
  margin,
  /** What the gate says while it is not known what is left. */
  onUnknown,
})

/** What happens when little of an error budget is left. SLOs follow it by its name. */
export const budgetPolicyDocument = documentOfNines('BudgetPolicy', z.strictObject({ name }), spec)
export type BudgetPolicyDocument = z.infer<typeof budgetPolicyDocument>

/** A budget policy as code wants it: channels by name, steps as they are written. */
export const desiredPolicy = z.object({
  name: z.string(),
  description: z.string(),
  steps: z.array(step),
  margin: z.number(),
  onUnknown: budgetUnknown,
})
export type DesiredPolicy = z.infer<typeof desiredPolicy>

export function policyOfDocument({ metadata, spec: wanted }: BudgetPolicyDocument): DesiredPolicy {
  return { name: metadata.name, ...wanted }
}

/** The document that makes such a policy. */
export function documentOfPolicy(policy: DesiredPolicy): z.input<typeof budgetPolicyDocument> {
  const wanted = {
    description: policy.description,
    steps: policy.steps,
    margin: policy.margin,
    onUnknown: policy.onUnknown,
  }
  return { apiVersion: NINES_VERSION, kind: 'BudgetPolicy', metadata: { name: policy.name }, spec: wanted }
}

/** Steps as Nines keeps them: `idOf` gives the id of a channel by its name. */
export function stepsOf(named: readonly NamedStep[], idOf: (channel: string) => string): BudgetStep[] {
  return named.map(({ budgetLeftBelow, actions }) => ({
    budgetLeftBelow,
    actions: actions.map((one) => ('channel' in one ? { kind: one.kind, channelId: idOf(one.channel) } : one)),
  }))
}

/** Steps as code writes them: `nameOf` gives the name of a channel by its id. */
export function namedSteps(kept: readonly BudgetStep[], nameOf: (channelId: string) => string): NamedStep[] {
  return kept.map(({ budgetLeftBelow, actions }) => ({
    budgetLeftBelow,
    actions: actions.map((one) => ('channelId' in one ? { kind: one.kind, channel: nameOf(one.channelId) } : one)),
  }))
}
