import { z } from 'zod'
import { route } from './route.ts'
import { instant } from './shared.ts'

const access = { role: 'viewer', scope: 'read' } as const
const texts = z.record(z.string(), z.string())
/** RFC 3339 with nanoseconds. */
const nanoInstant = z.string()

export const attributeMatcher = z.object({
  key: z.string().min(1).max(256),
  op: z.enum(['=', '!=']).default('='),
  value: z.string().max(1024),
  of: z.enum(['attributes', 'resource']).default('attributes'),
})
const attributes = z.array(attributeMatcher).max(20).default([])
const traceId = z.string().regex(/^([0-9a-fA-F]{32})?$/, 'must be 32 hexadecimal digits')

/** What a search for log records may ask besides their time. */
export const logFilter = z.object({
  /** Words and "phrases" of the body, all of which must be there; a minus in front excludes. */
  text: z.string().max(500).default(''),
  /** OTLP's severity number from which on: 9 is info, 13 warn, 17 error. */
  minSeverity: z.coerce.number().int().min(0).max(24).default(0),
  services: z.array(z.string().max(256)).max(100).default([]),
  attributes,
  traceId: traceId.default(''),
})
const span = { from: instant, to: instant }

export const logRecord = z.object({
  at: nanoInstant,
  observedAt: nanoInstant,
  service: z.string(),
  severityNumber: z.number().int(),
  severityText: z.string(),
  body: z.string(),
  bodyIsJson: z.boolean(),
  eventName: z.string(),
  attributes: texts,
  resource: texts,
  scopeName: z.string(),
  traceId: z.string(),
  spanId: z.string(),
})
export type LogRecordDto = z.infer<typeof logRecord>

export const searchLogs = route({
  id: 'searchLogs',
  method: 'POST',
  path: '/api/v1/logs/search',
  tag: 'Logs',
  summary: 'Log records, newest first',
  access,
  body: logFilter.extend({
    ...span,
    limit: z.number().int().min(1).max(1_000).default(100),
    cursor: z.string().max(200).nullable().default(null),
  }),
  response: z.object({ items: z.array(logRecord), nextCursor: z.string().nullable() }),
})
export const countLogs = route({
  id: 'countLogs',
  method: 'POST',
  path: '/api/v1/logs/histogram',
  tag: 'Logs',
  summary: 'Log records by interval and severity; intervals without any are left out',
  access,
  body: logFilter.extend({ ...span, stepSeconds: z.number().int().min(1) }),
  response: z.object({
    items: z.array(z.object({ at: z.number(), counts: z.record(z.string(), z.number().int()) })),
  }),
})
/**
 * Server-sent events of log records as they arrive: `event: logs` with {items: LogRecordDto[], skipped: boolean}. The query
 * is a logFilter with `services` comma-separated and `attributes` as JSON; `workspace` may name the workspace.
 */
export const LOG_TAIL_PATH = '/api/v1/logs/tail'

export const traceSummary = z.object({
  traceId: z.string(),
  startedAt: nanoInstant,
  durationMs: z.number(),
  rootService: z.string(),
  rootOperation: z.string(),
  spans: z.number().int(),
  errors: z.number().int(),
  services: z.array(z.string()),
})
export const searchTraces = route({
  id: 'searchTraces',
  method: 'POST',
  path: '/api/v1/traces/search',
  tag: 'Traces',
  summary: 'Traces with a span like this, by its start or its duration',
  access,
  body: z.object({
    ...span,
    service: z.string().max(256).default(''),
    operation: z.string().max(1024).default(''),
    status: z.enum(['any', 'ok', 'error']).default('any'),
    minDurationMs: z.number().min(0).default(0),
    maxDurationMs: z.number().min(0).nullable().default(null),
    attributes,
    sort: z.enum(['newest', 'slowest']).default('newest'),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  response: z.object({ items: z.array(traceSummary) }),
})
export const getTrace = route({
  id: 'getTrace',
  method: 'GET',
  path: '/api/v1/traces/:id',
  tag: 'Traces',
  summary: 'All spans of a trace by their start',
  access,
  params: z.object({ id: z.string().min(1).max(64) }),
  response: z.object({
    traceId: z.string(),
    spans: z.array(
      z.object({
        spanId: z.string(),
        parentSpanId: z.string(),
        name: z.string(),
        service: z.string(),
        kind: z.number().int(),
        startedAt: nanoInstant,
        durationMs: z.number(),
        status: z.enum(['unset', 'ok', 'error']),
        statusMessage: z.string(),
        attributes: texts,
        resource: texts,
        scopeName: z.string(),
        events: z.array(z.object({ at: nanoInstant, name: z.string(), attributes: texts })),
        links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes: texts })),
      }),
    ),
  }),
})
export const getServiceGraph = route({
  id: 'getServiceGraph',
  method: 'GET',
  path: '/api/v1/service-graph',
  tag: 'Traces',
  summary: 'Which services call which, how often and how well; of the last hour unless said otherwise',
  access,
  query: z.object({ from: instant.optional(), to: instant.optional() }),
  response: z.object({
    edges: z.array(
      z.object({
        client: z.string(),
        server: z.string(),
        calls: z.number().int(),
        errors: z.number().int(),
        meanMs: z.number(),
      }),
    ),
  }),
})
export const getServiceHealth = route({
  id: 'getServiceHealth',
  method: 'GET',
  path: '/api/v1/service-health',
  tag: 'Traces',
  summary: 'Request rate, errors and duration of every service, from its spans, over the last five minutes',
  access,
  query: z.object({ at: instant.optional() }),
  response: z.object({
    items: z.array(
      z.object({
        service: z.string(),
        requestsPerSecond: z.number(),
        /** Null without requests. */
        errorRatio: z.number().nullable(),
        /** Seconds, null where none are known. */
        p50: z.number().nullable(),
        p95: z.number().nullable(),
        p99: z.number().nullable(),
      }),
    ),
  }),
})
