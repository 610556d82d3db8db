import { z } from 'zod'
import { labelMatcher, SERIES_KINDS } from '../domain/selector.ts'
import { route } from './route.ts'
import { instant } from './shared.ts'

const tag = 'Metrics'
export const metricDto = z.object({
  metric: z.string(),
  kind: z.enum(SERIES_KINDS),
  unit: z.string(),
  description: z.string(),
  series: z.number().int(),
})
export const sampleSeries = z.object({
  labels: z.record(z.string(), z.string()),
  samples: z.array(z.tuple([z.number(), z.number()])),
})
const matchers = z.array(labelMatcher).max(20).default([])
export const listMetrics = route({
  id: 'listMetrics',
  method: 'GET',
  path: '/api/v1/metrics',
  tag,
  summary: 'Metric names seen lately',
  access: { role: 'viewer', scope: 'read' },
  query: z.object({ search: z.string().max(200).default('') }),
  response: z.object({ items: z.array(metricDto) }),
})
export const listLabels = route({
  id: 'listLabels',
  method: 'GET',
  path: '/api/v1/metrics/labels',
  tag,
  summary: 'Labels of a metric with some of their values',
  access: { role: 'viewer', scope: 'read' },
  query: z.object({ metric: z.string().min(1).max(256) }),
  response: z.object({ items: z.array(z.object({ label: z.string(), values: z.array(z.string()) })) }),
})
export const querySamples = route({
  id: 'querySamples',
  method: 'POST',
  path: '/api/v1/metrics/samples',
  tag,
  summary: 'Raw samples of the selected series, at most 200,000; histogram counts come as their count',
  access: { role: 'viewer', scope: 'read' },
  body: z.object({ metric: z.string().min(1).max(256), matchers, from: instant, to: instant }),
  response: z.object({ series: z.array(sampleSeries), truncated: z.boolean() }),
})
export const previewSli = route({
  id: 'previewSli',
  method: 'POST',
  path: '/api/v1/metrics/preview',
  tag,
  summary: 'Good and total per minute of the last hour for selectors, before saving an SLO',
  access: { role: 'editor', scope: 'read' },
  body: z.object({ sli: z.unknown() }),
  response: z.object({
    minutes: z.array(z.object({ at: z.number(), good: z.number(), total: z.number() })),
    series: z.number().int(),
    /** What a person should know of how it is counted, such as the bucket bound that stands in for a threshold. */
    notes: z.array(z.string()),
  }),
})
