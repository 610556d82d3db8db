import { z } from 'zod'
import { labelMatcher } from '../domain/selector.ts'
import { route } from './route.ts'
import { instant } from './shared.ts'

const tag = 'Telemetry'
const access = { role: 'viewer', scope: 'read' } as const

const metric = z.string().min(1).max(256)
const matchers = z.array(labelMatcher).max(20).default([])
const selector = z.object({ metric, matchers })
const labels = z.record(z.string(), z.string())
const by = z.array(z.string().min(1).max(256)).max(10).default([])
const windowSeconds = z
  .number()
  .positive()
  .max(400 * 86_400)
const limit = (most: number, fallback: number) => z.coerce.number().int().min(1).max(most).default(fallback)

/** One instant, or every `stepSeconds` from `from` to `to`, both included where the steps end there. */
const when = z.union([
  z.object({ at: instant }),
  z.object({ from: instant, to: instant, stepSeconds: z.number().positive() }),
])
/** Results stand at `from + i * stepMs`, epoch ms. */
const instants = z.object({ from: z.number(), stepMs: z.number(), count: z.number().int() })
/** Null where there is no result at an instant, or no finite one. */
const values = z.array(z.number().nullable())

export const windowFunction = z.enum([
  'last',
  'rate',
  'increase',
  'delta',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'count_over_time',
  'prometheus_rate',
  'prometheus_increase',
])
export const telemetryQueryBody = z.intersection(
  z.object({
    metric,
    matchers,
    function: windowFunction.default('last'),
    windowSeconds: windowSeconds.default(300),
    aggregate: z.enum(['sum', 'avg', 'min', 'max', 'count', 'quantile']).nullable().default(null),
    quantile: z.number().min(0).max(1).default(0.5),
    by,
  }),
  when,
)

export const queryMetric = route({
  id: 'queryMetric',
  method: 'POST',
  path: '/api/v1/telemetry/query',
  tag,
  summary: 'A function over the series of a metric at one instant or over time, aggregated by labels',
  access,
  body: telemetryQueryBody,
  response: z.object({
    instants,
    series: z.array(z.object({ labels, values })),
    /** Where it was worked out from; all sources give equal results. */
    source: z.enum(['head', 'service-rollup', 'series-rollup', 'raw']),
  }),
})
export const queryRatios = route({
  id: 'queryRatios',
  method: 'POST',
  path: '/api/v1/telemetry/ratios',
  tag,
  summary: 'Ratios of increases over one window, up to 1,000 at once',
  access,
  body: z.object({
    ratios: z
      .array(z.object({ numerator: selector, denominator: selector }))
      .min(1)
      .max(1_000),
    from: instant,
    to: instant,
  }),
  response: z.object({
    items: z.array(z.object({ numerator: z.number(), denominator: z.number(), ratio: z.number().nullable() })),
  }),
})
export const queryQuantiles = route({
  id: 'queryQuantiles',
  method: 'POST',
  path: '/api/v1/telemetry/quantiles',
  tag,
  summary: 'Quantiles of what histograms observed in windows, merged by labels',
  access,
  body: z.intersection(
    z.object({
      metric,
      matchers,
      quantiles: z.array(z.number().min(0).max(1)).min(1).max(10),
      windowSeconds: windowSeconds.default(300),
      by,
    }),
    when,
  ),
  response: z.object({ instants, series: z.array(z.object({ labels, quantile: z.number(), values })) }),
})
export const findTelemetrySeries = route({
  id: 'findTelemetrySeries',
  method: 'POST',
  path: '/api/v1/telemetry/series',
  tag,
  summary: 'Series of a metric that may have samples in a span of time',
  access,
  body: z.object({ metric, matchers, from: instant, to: instant, limit: limit(10_000, 1_000) }),
  response: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        labels,
        kind: z.string(),
        temporality: z.string(),
        unit: z.string(),
        firstSeen: instant,
        lastSeen: instant,
      }),
    ),
    /** Series there are, also those beyond the limit. */
    total: z.number().int(),
  }),
})
const labelsQuery = z.object({ metric: metric.optional(), from: instant.optional(), to: instant.optional() })
export const listTelemetryLabels = route({
  id: 'listTelemetryLabels',
  method: 'GET',
  path: '/api/v1/telemetry/labels',
  tag,
  summary: 'Names of labels of a metric or of all, at most 1,000; of the last day unless said otherwise',
  access,
  query: labelsQuery,
  response: z.object({ items: z.array(z.string()), hasMore: z.boolean() }),
})
export const listTelemetryLabelValues = route({
  id: 'listTelemetryLabelValues',
  method: 'GET',
  path: '/api/v1/telemetry/label-values',
  tag,
  summary: 'Values of a label, sorted; of the last day unless said otherwise',
  access,
  query: labelsQuery.extend({
    label: z.string().min(1).max(256),
    search: z.string().max(200).default(''),
    limit: limit(5_000, 500),
  }),
  response: z.object({ items: z.array(z.string()), hasMore: z.boolean() }),
})
export const findExemplars = route({
  id: 'findExemplars',
  method: 'POST',
  path: '/api/v1/telemetry/exemplars',
  tag,
  summary: 'Exemplars of the selected series, newest first',
  access,
  body: z.object({ metric, matchers, from: instant, to: instant, limit: limit(1_000, 100) }),
  response: z.object({
    items: z.array(
      z.object({
        at: instant,
        value: z.number().nullable(),
        traceId: z.string(),
        spanId: z.string(),
        seriesLabels: labels,
        labels,
      }),
    ),
  }),
})
