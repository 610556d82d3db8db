import { useServices } from '@nines/testkit'
import { BlockBuilder } from '@nines/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTelemetry } from '../telemetry.ts'
import { insertBlocks } from '../write/insert-blocks.ts'
import { addRows, type TestRow } from '../write/test-rows.ts'
import type { LogFilter } from './log-filter.ts'
import { logHistogram } from './log-histogram.ts'
import { readTrace } from './read-trace.ts'
import { searchLogs } from './search-logs.ts'
import { searchTraces, type TraceFilter } from './search-traces.ts'
import { readServiceGraph } from './service-graph.ts'
import { tailLogs } from './tail-logs.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const NOW = Math.floor(Date.now() / 60_000) * 60_000
const TRACE = 'ab'.repeat(16)

const logs: TestRow[] = [
  {
    at: NOW - 5000,
    service: 'shop',
    severity_number: 17,
    body: 'ERROR: payment of order-42 refused',
    attributes: { user: 'ada', path: '/pay' },
    trace_id: TRACE,
  },
  { at: NOW - 4000, service: 'shop', severity_number: 9, body: 'payment accepted', attributes: { user: 'bob' } },
  { at: NOW - 4000, service: 'shop', severity_number: 9, body: 'payment accepted', attributes: { user: 'bob' } },
  { at: NOW - 4000, service: 'shop', severity_number: 9, body: 'payment accepted', attributes: { user: 'cyd' } },
  {
    at: NOW - 3000,
    service: 'mail',
    severity_number: 13,
    body: 'Slow connection refused by relay',
    resource: { host: 'm1' },
  },
  { at: NOW - 120_000, service: 'mail', severity_number: 9, body: 'started' },
]

const span = (id: string, change: TestRow): TestRow => ({
  trace_id: TRACE,
  span_id: id.repeat(16),
  at: NOW - 5000,
  duration: 2_000_000n,
  name: 'GET /pay',
  kind: 2,
  service: 'shop',
  status_code: 0,
  ...change,
})
const spans: TestRow[] = [
  span('1', { duration: 9_000_000n, attributes: { 'http.route': '/pay' } }),
  span('2', {
    parent_span_id: '1'.repeat(16),
    at: NOW - 4999,
    service: 'bank',
    name: 'charge',
    status_code: 2,
    status_message: 'refused',
    event_at: [NOW - 4998],
    event_name: ['exception'],
    event_attributes: [{ type: 'Refused' }],
    link_trace_id: ['cd'.repeat(16)],
    link_span_id: ['e'.repeat(16)],
    link_trace_state: [''],
    link_attributes: [{ why: 'retry' }],
  }),
  span('3', { trace_id: 'ef'.repeat(16), at: NOW - 1000, duration: 50_000_000n }),
]

beforeAll(async () => {
  await insertBlocks(telemetry, [blockOf(1, logs, spans), blockOf(2, logs.slice(0, 1), spans.slice(0, 1))], 'all')
})
afterAll(() => telemetry.close())

function blockOf(workspace: number, logRows: readonly TestRow[], spanRows: readonly TestRow[] = []) {
  const builder = new BlockBuilder(workspace, NOW)
  addRows(builder, 'logs', logRows)
  addRows(builder, 'spans', spanRows)
  return builder.finish()
}

const filter = (change: Partial<LogFilter> = {}): LogFilter => ({
  workspace: 1,
  from: NOW - 600_000,
  to: NOW,
  text: '',
  minSeverity: 0,
  services: [],
  attributes: [],
  traceId: '',
  ...change,
})
const bodies = async (change: Partial<LogFilter>) =>
  (await searchLogs(telemetry, filter(change), { limit: 10 })).records.map(({ body }) => body)
const [refusal, accepted, relay, started] = [0, 1, 4, 5].map((i) => logs[i]!.body) as [string, string, string, string]

describe('log search', () => {
  test.each([
    ['a word, whatever its case', { text: 'error' }, [refusal]],
    ['all words', { text: 'payment refused' }, [refusal]],
    ['a word in two records', { text: 'refused' }, [relay, refusal]],
    ['no part of a word', { text: 'pay' }, []],
    ['a word with a mark in it', { text: 'order-42' }, [refusal]],
    ['a phrase', { text: '"slow CONNECTION ref"' }, [relay]],
    ['a phrase with its words in another order', { text: '"connection slow"' }, []],
    ['an exclusion', { text: 'refused -payment' }, [relay]],
    ['an excluded phrase', { text: 'refused -"by relay"' }, [refusal]],
    ['severity', { minSeverity: 13 }, [relay, refusal]],
    ['service', { services: ['mail'] }, [relay, started]],
    ['attribute', { attributes: [{ key: 'user', op: '=', value: 'ada', of: 'attributes' }] }, [refusal]],
    [
      'another attribute',
      { text: 'payment', attributes: [{ key: 'user', op: '!=', value: 'bob', of: 'attributes' }] },
      [accepted, refusal],
    ],
    ['resource attribute', { attributes: [{ key: 'host', op: '=', value: 'm1', of: 'resource' }] }, [relay]],
    ['trace', { traceId: TRACE.toUpperCase() }, [refusal]],
    ['time, to the edge', { from: NOW - 4000, to: NOW - 3000 }, [accepted, accepted, accepted]],
    ['another workspace', { workspace: 3 }, []],
    ['what would be SQL', { text: `' OR 1=1 --` }, []],
  ] as const)('%s', async (_name, change, wanted) => {
    expect(await bodies(change as Partial<LogFilter>)).toEqual(wanted)
  })

  test('pages of any size list every record once, alike ones included', async () => {
    for (const limit of [1, 2, 3, 5]) {
      const found: string[] = []
      let cursor: string | null = null
      do {
        const page = await searchLogs(telemetry, filter(), { limit, cursor })
        found.push(...page.records.map(({ body, attributes }) => `${body} ${attributes.user ?? ''}`))
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(found.toSorted()).toEqual(
        logs.map((log) => `${log.body as string} ${(log.attributes as { user?: string })?.user ?? ''}`).toSorted(),
      )
    }
  })

  test('everything of a record comes back', async () => {
    const [record] = (await searchLogs(telemetry, filter({ text: 'error' }), { limit: 1 })).records
    expect(record).toMatchObject({
      service: 'shop',
      severityNumber: 17,
      attributes: { user: 'ada', path: '/pay' },
      traceId: TRACE,
      spanId: '',
    })
    expect(record!.at).toBe(new Date(NOW - 5000).toISOString().replace('Z', '000000Z'))
  })

  test('a cursor that nobody gave out and a trace id that is none: invalid', async () => {
    await expect(searchLogs(telemetry, filter(), { limit: 1, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(bodies({ traceId: 'xyz' })).rejects.toMatchObject({ code: 'invalid' })
  })

  test('counts by interval and severity', async () => {
    expect(await logHistogram(telemetry, filter(), 60_000)).toEqual([
      { at: NOW - 120_000, counts: { info: 1 } },
      { at: NOW - 60_000, counts: { info: 3, warn: 1, error: 1 } },
    ])
    await expect(logHistogram(telemetry, filter(), 100)).rejects.toMatchObject({ code: 'too_large' })
  })

  test('the tail shows what arrives from now on, also late and alike, once', async () => {
    const arrive = (id: string, body: string, at: number) =>
      insertBlocks(telemetry, [blockOf(9, [{ at, service: 's', body }])], id)
    await arrive('before', 'before', Date.now() - 100)
    const stop = new AbortController()
    const shown: string[] = []
    const tailing = (async () => {
      for await (const { records } of tailLogs(telemetry, filter({ workspace: 9 }), Date.now, { signal: stop.signal }))
        shown.push(...records.map(({ body }) => body))
    })()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await arrive('first', 'first', Date.now())
    await expect.poll(() => shown, { timeout: 5000 }).toEqual(['first'])
    await arrive('late', 'late', Date.now() - 20_000)
    await expect.poll(() => shown, { timeout: 5000 }).toEqual(['first', 'late'])
    stop.abort()
    await tailing.catch(() => undefined)
  })
})

describe('traces', () => {
  const traceFilter = (change: Partial<TraceFilter> = {}): TraceFilter => ({
    workspace: 1,
    from: NOW - 600_000,
    to: NOW,
    service: '',
    operation: '',
    status: 'any',
    minDurationMs: 0,
    maxDurationMs: null,
    attributes: [],
    ...change,
  })
  const ids = async (change: Partial<TraceFilter>, sort: 'newest' | 'slowest' = 'newest') =>
    (await searchTraces(telemetry, traceFilter(change), { sort, limit: 10 })).map(({ traceId }) => traceId)
  const OTHER = 'ef'.repeat(16)

  test.each([
    ['all, newest first', {}, [OTHER, TRACE]],
    ['service', { service: 'bank' }, [TRACE]],
    ['operation', { operation: 'charge' }, [TRACE]],
    ['errors', { status: 'error' }, [TRACE]],
    ['slow ones', { minDurationMs: 10 }, [OTHER]],
    ['quick ones', { maxDurationMs: 9 }, [TRACE]],
    ['attribute', { attributes: [{ key: 'http.route', op: '=', value: '/pay', of: 'attributes' }] }, [TRACE]],
    ['another workspace', { workspace: 3 }, []],
  ] as const)('search: %s', async (_name, change, wanted) => {
    expect(await ids(change as Partial<TraceFilter>)).toEqual(wanted)
  })

  test('a summary tells the root, the whole duration, spans, errors and services', async () => {
    const [summary] = await searchTraces(telemetry, traceFilter({ service: 'bank' }), { sort: 'slowest', limit: 1 })
    expect(summary).toEqual({
      traceId: TRACE,
      startedAt: new Date(NOW - 5000).toISOString().replace('Z', '000000Z'),
      durationMs: 9,
      rootService: 'shop',
      rootOperation: 'GET /pay',
      spans: 2,
      errors: 1,
      services: ['bank', 'shop'],
    })
  })

  test('a trace by its id, in either case, with events and links', async () => {
    const trace = await readTrace(telemetry, 1, TRACE.toUpperCase())
    expect(
      trace.map(({ spanId, parentSpanId, service, durationMs, status }) => [
        spanId[0],
        parentSpanId[0],
        service,
        durationMs,
        status,
      ]),
    ).toEqual([
      ['1', undefined, 'shop', 9, 'unset'],
      ['2', '1', 'bank', 2, 'error'],
    ])
    expect(trace[1]).toMatchObject({
      statusMessage: 'refused',
      events: [{ name: 'exception', attributes: { type: 'Refused' } }],
      links: [{ traceId: 'cd'.repeat(16), spanId: 'e'.repeat(16), attributes: { why: 'retry' } }],
    })
    expect(await readTrace(telemetry, 3, TRACE)).toEqual([])
    expect(await readTrace(telemetry, 2, TRACE)).toHaveLength(1)
    await expect(readTrace(telemetry, 1, 'no')).rejects.toMatchObject({ code: 'invalid' })
  })
})

test('edges of the service graph are summed over their minutes, the newest revision of each', async () => {
  await telemetry.command(
    `INSERT INTO service_edges (workspace, at, client, server, calls, errors, duration, revision) VALUES
     (1, fromUnixTimestamp64Milli(${NOW - 60_000}), 'shop', 'bank', 5, 1, 5000000, 1),
     (1, fromUnixTimestamp64Milli(${NOW - 60_000}), 'shop', 'bank', 6, 1, 6000000, 2),
     (1, fromUnixTimestamp64Milli(${NOW - 120_000}), 'shop', 'bank', 4, 0, 14000000, 1),
     (1, fromUnixTimestamp64Milli(${NOW - 900_000}), 'shop', 'bank', 99, 0, 1, 1)`,
  )
  const span15 = { from: NOW - 600_000, to: NOW }
  expect(await readServiceGraph(telemetry, 1, span15)).toEqual([
    { client: 'shop', server: 'bank', calls: 10, errors: 1, meanMs: 2 },
  ])
  expect(await readServiceGraph(telemetry, 2, span15)).toEqual([])
})
