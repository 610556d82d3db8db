import { z } from 'zod'
import { description, duration, metadata, objectName, operator } from './metadata.ts'
import { exactlyOne, rule } from './rules.ts'

export const alertConditionSpec = z.strictObject({
  description,
  severity: z.string().min(1, 'is required'),
  condition: z.strictObject({
    kind: z.literal('burnrate'),
    op: operator,
    threshold: z.number(),
    lookbackWindow: duration,
    alertAfter: duration.optional(),
  }),
})
export type AlertConditionSpec = z.infer<typeof alertConditionSpec>

export const notificationTargetSpec = z.strictObject({ description, target: z.string().min(1, 'is required') })

/** The object itself, where a reference could stand. */
const inlined = <K extends string, S extends z.ZodType>(kind: K, spec: S) => ({
  kind: z.literal(kind).optional(),
  metadata: metadata.optional(),
  spec: spec.optional(),
})

/** Either a reference or the object itself, whole. */
function referenceOr<S extends z.ZodType>(members: S, reference: string, kind: string): S {
  const isWhole = (member: string) => (value: Record<string, unknown>) =>
    value['spec'] === undefined || value[member] !== undefined
  const either = exactlyOne(members, reference, 'spec')
  return rule(rule(either, isWhole('kind'), `must be ${kind}`, ['kind']), isWhole('metadata'), 'is required', [
    'metadata',
  ])
}

const condition = referenceOr(
  z.strictObject({ conditionRef: objectName.optional(), ...inlined('AlertCondition', alertConditionSpec) }),
  'conditionRef',
  'AlertCondition',
)
const target = referenceOr(
  z.strictObject({ targetRef: objectName.optional(), ...inlined('AlertNotificationTarget', notificationTargetSpec) }),
  'targetRef',
  'AlertNotificationTarget',
)

export const alertPolicySpec = z.strictObject({
  description,
  alertWhenNoData: z.boolean().optional(),
  alertWhenBreaching: z.boolean().optional(),
  alertWhenResolved: z.boolean().optional(),
  conditions: z.array(condition).length(1, 'must hold exactly one condition'),
  notificationTargets: z.array(target).min(1, 'must hold at least one target'),
})
export type AlertPolicySpec = z.infer<typeof alertPolicySpec>

/** An alert policy of an SLO. */
export const policyOrReference = referenceOr(
  z.strictObject({ alertPolicyRef: objectName.optional(), ...inlined('AlertPolicy', alertPolicySpec) }),
  'alertPolicyRef',
  'AlertPolicy',
)
