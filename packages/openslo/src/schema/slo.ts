import { z } from 'zod'
import { isRecord } from '../read/read-documents.ts'
import { policyOrReference } from './alerts.ts'
import { description, duration, objectName, operator } from './metadata.ts'
import { rule } from './rules.ts'
import { inlineIndicator } from './sli.ts'

const objectiveMembers = z.strictObject({
  displayName: z.string().optional(),
  /** The specification's own examples carry `op` beside a ratio, where it says nothing. */
  op: operator.optional(),
  value: z.number().optional(),
  target: z.number().gte(0, 'must be at least 0').lt(1, 'must be below 1').optional(),
  targetPercent: z.number().gte(0, 'must be at least 0').lt(100, 'must be below 100').optional(),
  timeSliceTarget: z.number().gt(0, 'must be above 0').lte(1, 'must be at most 1').optional(),
  /** A number means minutes. */
  timeSliceWindow: z
    .union([duration, z.number().positive()], { error: 'is not a duration such as 1m, nor a number of minutes' })
    .optional(),
  indicator: inlineIndicator.optional(),
  indicatorRef: objectName.optional(),
  compositeWeight: z.number().gt(0, 'must be above 0').optional(),
})
export type Objective = z.infer<typeof objectiveMembers>

const has = (value: Record<string, unknown>, ...members: string[]) =>
  members.filter((member) => value[member] !== undefined).length

const objective = rule(
  rule(
    rule(objectiveMembers, (o) => has(o, 'target', 'targetPercent') > 0, 'give either target or targetPercent'),
    (o) => has(o, 'target', 'targetPercent') < 2,
    'give either target or targetPercent, not both',
  ),
  (o) => has(o, 'indicator', 'indicatorRef') < 2,
  'give either indicator or indicatorRef, not both',
)

const DATE_TIME = /^(\d{4}-\d{2}-\d{2}) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/

const calendar = z.strictObject({
  startTime: z.string().refine(isDateTime, 'is not a date and time such as 2026-01-01 00:00:00'),
  timeZone: z.string().refine(isTimeZone, 'is not a time zone of the IANA database such as Europe/Berlin'),
})

const windowMembers = z.strictObject({
  duration,
  isRolling: z.boolean().optional(),
  calendar: calendar.optional(),
})
const timeWindow = rule(
  rule(windowMembers, (w) => !(w['isRolling'] === true && w['calendar']), 'a rolling window has no calendar'),
  (w) => w['isRolling'] === true || w['calendar'] !== undefined,
  'give isRolling: true or a calendar',
)
export type TimeWindow = z.infer<typeof windowMembers>

const specMembers = z.strictObject({
  description,
  service: z.string().min(1, 'is required'),
  indicator: inlineIndicator.optional(),
  indicatorRef: objectName.optional(),
  timeWindow: z.array(timeWindow).length(1, 'must hold exactly one window').optional(),
  budgetingMethod: z.enum(['Occurrences', 'Timeslices', 'RatioTimeslices']),
  objectives: z.array(objective).min(1, 'must hold at least one objective'),
  alertPolicies: z.array(policyOrReference).optional(),
})
export type SloSpecification = z.infer<typeof specMembers>

const isComposite = (spec: Record<string, unknown>) =>
  Array.isArray(spec['objectives']) &&
  spec['objectives'].some((one) => isRecord(one) && has(one, 'indicator', 'indicatorRef') > 0)
const own = (spec: Record<string, unknown>) => has(spec, 'indicator', 'indicatorRef')

const withIndicator = [
  {
    holds: (spec: Record<string, unknown>) => own(spec) < 2,
    message: 'give either indicator or indicatorRef, not both',
  },
  {
    holds: (spec: Record<string, unknown>) => own(spec) > 0 || isComposite(spec),
    message: 'give indicator or indicatorRef here, or in every objective (composite SLO)',
  },
  {
    holds: (spec: Record<string, unknown>) => own(spec) === 0 || !isComposite(spec),
    message: 'give indicator or indicatorRef here or in the objectives, not in both',
  },
].reduce((schema, { holds, message }) => rule(schema, holds, message), specMembers)

/** With what the budgeting method, a composite and a threshold ask of every objective. */
export const sloSpecification = withIndicator.superRefine((spec, context) => {
  for (const { path, message } of objectiveProblems(spec)) context.addIssue({ code: 'custom', path, message })
})

function objectiveProblems(spec: SloSpecification): { path: PropertyKey[]; message: string }[] {
  const { budgetingMethod } = spec
  const isThreshold = spec.indicator?.spec.thresholdMetric !== undefined
  return spec.objectives.flatMap((one, i) => {
    const required = (member: keyof Objective, why: string) =>
      one[member] === undefined ? [{ path: ['objectives', i, member], message: `is required ${why}` }] : []
    return [
      ...(budgetingMethod === 'Occurrences' ? [] : required('timeSliceWindow', `by ${budgetingMethod}`)),
      ...(budgetingMethod === 'Timeslices' ? required('timeSliceTarget', 'by Timeslices') : []),
      ...(isThreshold
        ? [...required('op', 'with a thresholdMetric'), ...required('value', 'with a thresholdMetric')]
        : []),
      ...(isComposite(spec) && has(one, 'indicator', 'indicatorRef') === 0
        ? required('indicator', 'in every objective of a composite SLO')
        : []),
    ]
  })
}

function isDateTime(text: string): boolean {
  const day = DATE_TIME.exec(text)?.[1]
  if (day === undefined) return false
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

function isTimeZone(text: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: text })
    // An offset such as +02:00 is a zone to JavaScript, not to IANA.
    return /^[A-Za-z]/.test(text)
  } catch {
    return false
  }
}
