import { z } from 'zod'
import { description, metadata, objectName } from './metadata.ts'
import { exactlyOne, rule } from './rules.ts'

export const metricSource = z.strictObject({
  metricSourceRef: objectName.optional(),
  type: z.string().optional(),
  spec: z.record(z.string(), z.unknown()).refine((spec) => Object.keys(spec).length > 0, 'is empty'),
})
export type MetricSource = z.infer<typeof metricSource>

const metric = z.strictObject({ metricSource })

const ratioMembers = z.strictObject({
  counter: z.boolean().optional(),
  good: metric.optional(),
  bad: metric.optional(),
  total: metric.optional(),
  rawType: z.enum(['success', 'failure']).optional(),
  raw: metric.optional(),
})

const isThere = (value: unknown) => value !== undefined

const ratioMetric = [
  {
    holds: (r: Record<string, unknown>) => !isThere(r['total']) || isThere(r['good']) || isThere(r['bad']),
    message: 'give either good or bad beside total',
  },
  {
    holds: (r: Record<string, unknown>) => [r['good'], r['bad'], r['raw']].filter(isThere).length < 2,
    message: 'give only one of good, bad or raw',
  },
].reduce((schema, { holds, message }) => rule(schema, holds, message), exactlyOne(ratioMembers, 'total', 'raw'))

const ruledRatio = rule(ratioMetric, (r) => !isThere(r['raw']) || isThere(r['rawType']), 'is required beside raw', [
  'rawType',
])
export type RatioMetric = z.infer<typeof ratioMembers>

const sliMembers = z.strictObject({
  description,
  thresholdMetric: metric.optional(),
  ratioMetric: ruledRatio.optional(),
})
export const sliSpecification = exactlyOne(sliMembers, 'thresholdMetric', 'ratioMetric')
export type SliSpecification = z.infer<typeof sliSpecification>

/** An SLI written where it is used. */
export const inlineIndicator = z.strictObject({ metadata, spec: sliSpecification })
