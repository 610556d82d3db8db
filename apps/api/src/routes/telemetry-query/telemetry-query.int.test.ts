import { createHash } from 'node:crypto'
import type { SeriesDefinition } from '@nines/contracts'
import { createApiKey } from '@nines/records'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { BlockBuilder, emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foreignKey, setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE
const SPAN = { from: iso(NOW - 60 * MINUTE), to: iso(NOW) }
let api: ApiUnderTest
let admin: Sender
let foreign: Sender
let workspace: number

function iso(at: number): string {
  return new Date(at).toISOString()
}
const post = (path: string, body: unknown, as: Sender = admin) => api.send('POST', `/api/v1/${path}`, { as, body })
const series = (id: number, change: Partial<SeriesDefinition>): SeriesDefinition => ({
  id: String(id),
  metric: 'calls',
  kind: 'sum',
  temporality: 'cumulative',
  monotonic: true,
  unit: '1',
  description: '',
  labels: { job: `job-${id % 2}`, instance: `i-${id}` },
  ...change,
})

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  foreign = await foreignKey(api.prisma, ['read'])
  workspace = (await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })).number
  const minutes = Array.from({ length: 60 }, (_, i) => NOW - (59 - i) * MINUTE)
  const ids = [1, 2, 3, 4]
  const samples = minutes.flatMap((at, i) => ids.map((id) => ({ id: BigInt(id), at, value: i * 60 * id })))
  const labels = { 'service.name': 'shop', 'span.kind': 'SPAN_KIND_SERVER' }
  const calls = { metric: 'traces.span.metrics.calls', temporality: 'delta' } as const
  const duration = {
    metric: 'traces.span.metrics.duration',
    kind: 'exponential_histogram',
    temporality: 'delta',
  } as const
  const red = [
    series(11, { ...calls, labels: { ...labels, 'status.code': 'STATUS_CODE_UNSET' } }),
    series(12, { ...calls, labels: { ...labels, 'status.code': 'STATUS_CODE_ERROR' } }),
    series(13, { ...duration, labels }),
    series(14, { metric: 'latency', kind: 'histogram', temporality: 'delta', labels: { job: 'job-1' } }),
  ]
  const redSamples = minutes.slice(-5).flatMap((at) => [
    { id: 11n, at, value: 27 },
    { id: 12n, at, value: 3 },
  ])
  const all = [...samples, ...redSamples]
  const block = {
    ...emptyBlock(workspace, NOW),
    series: [...ids.map((id) => series(id, {})), ...red],
    samples: {
      series: BigUint64Array.from(all, ({ id }) => id),
      at: Float64Array.from(all, ({ at }) => at),
      start: new Float64Array(all.length),
      value: Float64Array.from(all, ({ value }) => value),
    },
    histograms: minutes.slice(-5).map((at) => ({
      series: 14n,
      at,
      start: 0,
      count: 10,
      sum: 3,
      min: 0,
      max: 1,
      bounds: [0.1, 0.5, 1],
      bucketCounts: [5, 4, 1, 0],
    })),
    exponentialHistograms: minutes.slice(-5).map((at) => ({
      series: 13n,
      at,
      start: 0,
      count: 30,
      sum: 9,
      min: 0,
      max: 1,
      scale: 0,
      zeroThreshold: 0,
      zeroCount: 0,
      positiveOffset: -2,
      positiveCounts: [30],
      negativeOffset: 0,
      negativeCounts: [],
    })),
  }
  await insertBlocks(telemetry, [block], 'metrics')
})
afterAll(async () => {
  await telemetry.close()
  await api.stop()
})

describe('metrics', () => {
  test('an instant, and a range, aggregated by label', async () => {
    const asked = { metric: 'calls', function: 'rate', windowSeconds: 300, aggregate: 'sum', by: ['job'] }
    const instant = await post('telemetry/query', { ...asked, at: SPAN.to })
    expect(instant.json).toEqual({
      instants: { from: NOW, stepMs: 0, count: 1 },
      series: [
        { labels: { job: 'job-1' }, values: [4] },
        { labels: { job: 'job-0' }, values: [6] },
      ].toSorted(
        (a, b) =>
          instant.json.series.findIndex((s: typeof a) => s.labels.job === a.labels.job) -
          instant.json.series.findIndex((s: typeof a) => s.labels.job === b.labels.job),
      ),
      source: 'raw',
    })
    const range = await post('telemetry/query', { ...asked, ...SPAN, stepSeconds: 600, by: [] })
    expect(range.json.series).toEqual([{ labels: {}, values: [null, 10, 10, 10, 10, 10, 10] }])
  })

  test('one by one, with matchers', async () => {
    const matchers = [{ label: 'instance', op: '=~', value: 'i-[12]' }]
    const { json } = await post('telemetry/query', { metric: 'calls', matchers, at: SPAN.to })
    expect(json.series.map((one: { labels: object; values: number[] }) => one.values[0]).toSorted()).toEqual([
      3540, 7080,
    ])
  })

  test('ratios', async () => {
    const of = (value: string) => ({ metric: 'calls', matchers: [{ label: 'job', op: '=', value }] })
    const ratios = [
      { numerator: of('job-1'), denominator: { metric: 'calls' } },
      { numerator: of('x'), denominator: of('x') },
    ]
    const { json } = await post('telemetry/ratios', { ratios, from: iso(NOW - 30 * MINUTE), to: SPAN.to })
    expect(json.items).toEqual([
      { numerator: 7200, denominator: 18_000, ratio: 0.4 },
      { numerator: 0, denominator: 0, ratio: null },
    ])
  })

  test('quantiles of explicit and exponential histograms', async () => {
    const ask = async (metric: string) =>
      (await post('telemetry/quantiles', { metric, quantiles: [0.5, 0.9], at: SPAN.to })).json.series
    // Half of 50 lie below 0.1, 45 below 0.5.
    expect(await ask('latency')).toEqual([
      { labels: {}, quantile: 0.5, values: [0.1] },
      { labels: {}, quantile: 0.9, values: [0.5] },
    ])
    // All in (0.25, 0.5], spread evenly over the exponent.
    expect((await ask('traces.span.metrics.duration'))[0].values[0]).toBeCloseTo(2 ** -1.5, 12)
  })

  test('series, labels and values', async () => {
    const found = await post('telemetry/series', { metric: 'calls', ...SPAN, limit: 2 })
    expect(found.json).toMatchObject({
      total: 4,
      items: [{ id: '1', labels: { instance: 'i-1' }, kind: 'sum' }, { id: '2' }],
    })
    const get = async (path: string) => (await api.send('GET', `/api/v1/telemetry/${path}`, { as: admin })).json
    expect(await get('labels?metric=calls')).toEqual({ items: ['instance', 'job'], hasMore: false })
    expect((await get('labels')).items).toContain('service.name')
    expect(await get('label-values?label=instance&metric=calls&limit=2')).toEqual({
      items: ['i-1', 'i-2'],
      hasMore: true,
    })
    expect((await get('label-values?label=instance&search=3')).items).toEqual(['i-3'])
  })

  test('exemplars with the labels of their series', async () => {
    const builder = new BlockBuilder(workspace, NOW)
    const { column } = builder.table('exemplars')
    column.series.values.bigint64(1n)
    column.at.values.integer64(NOW - 1000)
    column.value.values.float64(0.25)
    column.trace_id.values.copy(Buffer.alloc(16, 0xab))
    column.span_id.values.zeros(8)
    column.labels.endRow(0)
    builder.table('exemplars').endRow()
    await insertBlocks(telemetry, [builder.finish()], 'exemplar')
    expect((await post('telemetry/exemplars', { metric: 'calls', ...SPAN })).json.items).toEqual([
      {
        at: iso(NOW - 1000),
        value: 0.25,
        traceId: 'ab'.repeat(16),
        spanId: '',
        labels: {},
        seriesLabels: { job: 'job-1', instance: 'i-1' },
      },
    ])
  })

  test('rate, errors and duration of services', async () => {
    const { json } = await api.send('GET', `/api/v1/service-health?at=${SPAN.to}`, { as: admin })
    expect(json.items).toMatchObject([{ service: 'shop', requestsPerSecond: 0.5, errorRatio: 0.1 }])
    expect(json.items[0].p50).toBeCloseTo(2 ** -1.5, 12)
  })

  test.each([
    [
      'a broken expression',
      { metric: 'calls', matchers: [{ label: 'a', op: '=~', value: '[' }], at: SPAN.to },
      422,
      'body/matchers/0/value',
    ],
    [
      'a span that ends before it begins',
      { metric: 'calls', from: SPAN.to, to: SPAN.from, stepSeconds: 60 },
      422,
      'body/to',
    ],
    ['too many instants', { metric: 'calls', ...SPAN, stepSeconds: 0.1 }, 422, 'body/stepSeconds'],
  ])('%s: refused by the field', async (_name, body, status, path) => {
    const answer = await post('telemetry/query', body)
    expect(answer).toMatchObject({ status, json: { issues: [{ path }] } })
  })
})

test('a key of another workspace sees nothing of this one', async () => {
  const bodies = {
    'telemetry/query': { metric: 'calls', ...SPAN, stepSeconds: 60, aggregate: 'sum' },
    'telemetry/series': { metric: 'calls', ...SPAN },
    'telemetry/quantiles': { metric: 'latency', quantiles: [0.5], at: SPAN.to },
    'telemetry/exemplars': { metric: 'calls', ...SPAN },
    'logs/search': SPAN,
    'logs/histogram': { ...SPAN, stepSeconds: 60 },
    'traces/search': SPAN,
  }
  for (const [path, body] of Object.entries(bodies)) {
    const { status, json } = await post(path, body, foreign)
    expect(status, path).toBe(200)
    expect(json.series ?? json.items, path).toEqual([])
  }
})

test('a revoked key ends at once, although keys are remembered', async () => {
  const main = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  const input = { name: 'short', scopes: ['read' as const], createdById: null }
  const { key, secret } = await createApiKey(api.prisma, main.id, input)
  const ask = () => api.send('GET', '/api/v1/telemetry/labels', { as: { key: secret } })
  expect((await ask()).status).toBe(200)
  expect((await api.send('DELETE', `/api/v1/keys/${key.id}`, { as: admin })).status).toBe(200)
  expect((await ask()).status).toBe(401)
})

test('the live tail sends records as they arrive, and refuses what it cannot read', async () => {
  const headers = { cookie: admin.cookie ?? '' }
  const tail = (query: string) => fetch(`${api.app.url}/api/v1/logs/tail${query}`, { headers })
  expect((await fetch(`${api.app.url}/api/v1/logs/tail`)).status).toBe(401)
  expect((await tail('?traceId=xyz')).status).toBe(422)
  const response = await tail('?text=hello&services=web')
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  for (const [service, body] of [
    ['web', 'hello you'],
    ['web', 'good bye'],
    ['mail', 'hello'],
  ] as const) {
    const builder = new BlockBuilder(workspace, NOW)
    const logs = builder.table('logs')
    for (const [name, target] of Object.entries(logs.column)) {
      if (name === 'at' || name === 'observed_at') target.values.bigint64(BigInt(Date.now()) * 1_000_000n)
      else if (target.type === 'String') target.values.text({ service, body }[name] ?? '')
      else if (target.type.startsWith('Map')) target.endRow(0)
      else
        target.values.zeros(Number(/FixedString\((\d+)\)/.exec(target.type)?.[1] ?? (target.type === 'UInt32' ? 4 : 1)))
    }
    logs.endRow()
    await insertBlocks(
      telemetry,
      [builder.finish()],
      createHash('md5')
        .update(service + body)
        .digest('hex'),
    )
  }
  let text = ''
  while (!text.includes('hello you')) text += (await reader.read()).value ?? ''
  expect(text).toContain('event: logs')
  expect(text).not.toContain('good bye')
  expect(text).not.toContain('"mail"')
  await reader.cancel()
})
