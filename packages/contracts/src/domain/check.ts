import { z } from 'zod'

/** RFC 9110: a token, and a value without control characters. What a request cannot carry is refused when it is saved. */
const headerName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no header name')
const headerValue = z
  .string()
  .max(4000)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'has characters that a header cannot carry')

/** One thing an HTTP answer must satisfy. */
export const httpAssertion = z.discriminatedUnion('on', [
  z
    .object({ on: z.literal('status'), op: z.enum(['equals', 'in_class']), value: z.number().int() })
    .refine(({ op, value }) => (op === 'equals' ? value >= 100 && value <= 599 : value >= 1 && value <= 5), {
      message: 'equals takes a status from 100 to 599, in_class a hundred from 1 to 5',
      path: ['value'],
    }),
  z.object({ on: z.literal('body'), op: z.enum(['contains', 'not_contains']), value: z.string().min(1).max(1000) }),
  z.object({
    on: z.literal('header'),
    name: headerName,
    op: z.enum(['equals', 'contains']),
    value: z.string().max(1000),
  }),
  z.object({ on: z.literal('duration_ms'), op: z.literal('below'), value: z.number().positive() }),
])
export type HttpAssertion = z.infer<typeof httpAssertion>

/** `in_class` compares the hundreds: value 2 accepts 200-299. */
export const httpCheckConfig = z.object({
  kind: z.literal('http'),
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
  headers: z.record(headerName, headerValue).default({}),
  body: z.string().max(10_000).optional(),
  assertions: z
    .array(httpAssertion)
    .max(20)
    .default([{ on: 'status', op: 'in_class', value: 2 }]),
  /** Allow private and loopback addresses. Only an admin may set it. */
  allowPrivate: z.boolean().default(false),
})
export type HttpCheckConfig = z.infer<typeof httpCheckConfig>

/** One run of one check from one location, as the probe reports it. Durations in milliseconds. */
export const checkRun = z.object({
  checkId: z.string().min(1),
  location: z.string().min(1).max(64),
  /** Unique per run: `checkId@location@scheduledAt`. A repeated report of it changes nothing. */
  runId: z.string().min(1).max(200),
  /** The grid instant the run belongs to, epoch ms. */
  scheduledAt: z.number().int(),
  startedAt: z.number().int(),
  durationMs: z.number().nonnegative(),
  ok: z.boolean(),
  statusCode: z.number().int().nullable(),
  /** What failed, for a person; empty when ok. */
  error: z.string().max(500),
  phases: z.object({
    dnsMs: z.number().nullable(),
    connectMs: z.number().nullable(),
    tlsMs: z.number().nullable(),
    firstByteMs: z.number().nullable(),
    transferMs: z.number().nullable(),
  }),
})
export type CheckRun = z.infer<typeof checkRun>
