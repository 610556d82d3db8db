import { compileSelector, type MeasuredSli, type SeriesSelector } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { selectorsOf } from '../sli-reduction.ts'
import { seen } from './seen-series.fixture.ts'
import { seriesCandidates } from './series-candidates.ts'
import type { SeenSeries } from './service-owner.ts'
import { ofOperation, type SliCandidate } from './sli-candidate.ts'

const names = new Set(['checkout'])
const HISTOGRAM = { kind: 'histogram', monotonic: false, unit: 's' } as const
const OWN = { label: 'service.name', op: '=', value: 'checkout' } as const
const otel = (metric: string, labels: Record<string, string>, change: Partial<SeenSeries> = {}) =>
  seen(metric, { 'service.name': 'checkout', ...labels }, change)
const prom = (metric: string, labels: Record<string, string> = {}) => seen(metric, { job: 'checkout', ...labels })
const short = ({ aspect, scope, measure, unit }: SliCandidate) => [
  aspect,
  scope,
  measure.kind === 'ready'
    ? measure.sli.kind === 'ratio'
      ? measure.sli.bad?.matchers.at(-1)
      : measure.sli
    : measure.kind,
  unit,
]

test("OpenTelemetry's HTTP duration: requests that did not end with 5xx, and how long they took", () => {
  const series = ['200', '404', '503'].map((code) =>
    otel('http.server.request.duration', { 'http.response.status_code': code, 'http.route': `/${code}` }, HISTOGRAM),
  )
  const found = seriesCandidates(series, names)
  expect(found.map(short)).toEqual([
    ['latency', 'requests', 'histogram', 's'],
    ['availability', 'requests', { label: 'http.response.status_code', op: '=~', value: '5..' }, ''],
  ])
  const metric = 'http.server.request.duration'
  expect(found[1]?.measure).toMatchObject({ kind: 'ready', sli: { kind: 'ratio', total: { metric, matchers: [OWN] } } })
  expect([...(found[0]?.operations?.series.keys() ?? [])]).toEqual(['/200', '/404', '/503'])
  const one = found[1] && ofOperation(found[1], '/503')
  const route = { label: 'http.route', op: '=', value: '/503' }
  expect(one).toMatchObject({
    operation: '/503',
    series: [series[2]!.id],
    measure: { sli: { total: { matchers: [OWN, route] } } },
  })
  expect(found[1] && ofOperation(found[1], '/nowhere')).toBeNull()
})

test.each<[string, SeenSeries[], unknown[]]>([
  [
    'a Prometheus counter by code',
    [prom('http_requests_total', { code: '200' }), prom('http_requests_total', { code: '500' })],
    [['availability', 'requests', { label: 'code', op: '=~', value: '5..' }, '']],
  ],
  [
    'no failure yet',
    [prom('http_requests_total', { status: '200' })],
    [['availability', 'requests', { label: 'status', op: '=~', value: '5..' }, '']],
  ],
  [
    'gRPC handled by code',
    [
      prom('grpc_server_handled_total', { grpc_code: 'OK', grpc_method: 'Buy' }),
      prom('grpc_server_handled_total', { grpc_code: 'Internal' }),
    ],
    [['availability', 'calls', expect.objectContaining({ label: 'grpc_code', op: '=~' }), '']],
  ],
  [
    'a counter of its own by outcome',
    [prom('orders_total', { result: 'success' }), prom('orders_total', { result: 'failed' })],
    [['availability', 'orders', expect.objectContaining({ label: 'result' }), '']],
  ],
  [
    'classic buckets beside their count, which has a status',
    [
      ...['0.1', '0.3', '1.0', '+Inf'].map((le) => prom('http_server_requests_seconds_bucket', { le, status: '200' })),
      prom('http_server_requests_seconds_count', { status: '200' }),
      prom('http_server_requests_seconds_sum', { status: '200' }),
    ],
    [
      ['latency', 'requests', 'buckets', 's'],
      ['availability', 'requests', { label: 'status', op: '=~', value: '5..' }, ''],
    ],
  ],
  [
    'a prefix of the team before names by convention: still its requests',
    [otel('shop.http.server.duration', { 'http.response.status_code': '200' }, HISTOGRAM)],
    [
      ['latency', 'requests', 'histogram', 's'],
      ['availability', 'requests', { label: 'http.response.status_code', op: '=~', value: '5..' }, ''],
    ],
  ],
  [
    'messages by error.type, although none failed',
    [otel('messaging.process.duration', { 'messaging.system': 'kafka' }, HISTOGRAM)],
    [
      ['latency', 'messages', 'histogram', 's'],
      ['availability', 'messages', { label: 'error.type', op: '!=', value: '' }, ''],
    ],
  ],
  [
    'a queue that lags',
    [otel('orders.queue.lag', {}, { kind: 'gauge', monotonic: false, temporality: 'unspecified', unit: 's' })],
    [['freshness', 'orders.queue.lag', 'gauge', 's']],
  ],
  [
    'spans: those that answer, not its own calls',
    ['SERVER', 'CLIENT', 'CONSUMER'].map((kind) =>
      otel('traces.span.metrics.calls', { 'span.kind': `SPAN_KIND_${kind}`, 'status.code': 'STATUS_CODE_UNSET' }),
    ),
    [
      ['availability', 'requests', { label: 'status.code', op: '=', value: 'STATUS_CODE_ERROR' }, ''],
      ['availability', 'messages', { label: 'status.code', op: '=', value: 'STATUS_CODE_ERROR' }, ''],
    ],
  ],
  [
    'calls that it makes',
    [otel('http.client.request.duration', { 'http.response.status_code': '500' }, HISTOGRAM)],
    [],
  ],
  ['what has no status', [prom('process_cpu_seconds_total'), prom('http_requests_total', { method: 'GET' })], []],
  ['a sum that may fall', [otel('requests', { status: '500' }, { monotonic: false })], []],
  [
    'a vocabulary that nobody knows',
    [prom('jobs_total', { status: 'blue' }), prom('jobs_total', { status: '200' })],
    [],
  ],
  ['another service', [seen('http_requests_total', { job: 'checkout', service: 'payments', code: '200' })], []],
])('%s', (_name, series, expected) => {
  expect(seriesCandidates(series, names).map(short)).toEqual(expected)
})

test('words for failures of gRPC: a server is not to blame for what its caller did', () => {
  const series = ['OK', 'NotFound', 'Unavailable'].map((code) => prom('grpc_server_handled_total', { grpc_code: code }))
  const [candidate] = seriesCandidates(series, names)
  const sli = candidate?.measure.kind === 'ready' ? candidate.measure.sli : null
  const isBad = compileSelector((sli as { bad: SeriesSelector }).bad)
  const codes = ['OK', 'NotFound', 'Unavailable', 'DEADLINE_EXCEEDED', 'Internal', 'Canceled']
  expect(codes.filter((code) => isBad({ job: 'checkout', grpc_code: code }))).toEqual([
    'Unavailable',
    'DEADLINE_EXCEEDED',
    'Internal',
  ])
})

test('no selector of any candidate means a series of another service', () => {
  const name = fc.constantFrom('checkout', 'payments', 'Checkout', '')
  const series = fc.record({
    metric: fc.constantFrom(
      'http_requests_total',
      'http.server.request.duration',
      'traces.span.metrics.calls',
      'a_seconds_bucket',
      'a_seconds_count',
      'x.lag',
    ),
    kind: fc.constantFrom('sum' as const, 'histogram' as const, 'exponential_histogram' as const, 'gauge' as const),
    labels: fc.record(
      {
        'service.name': name,
        service: name,
        job: name,
        code: fc.constantFrom('200', '500'),
        le: fc.constantFrom('0.1', '1', '+Inf'),
        'span.kind': fc.constantFrom('SPAN_KIND_SERVER', 'SPAN_KIND_CLIENT'),
        'status.code': fc.constantFrom('STATUS_CODE_UNSET', 'STATUS_CODE_ERROR'),
        'http.route': fc.constantFrom('/a', '/b'),
      },
      { requiredKeys: [] },
    ),
  })
  fc.assert(
    fc.property(fc.array(series, { maxLength: 20 }), (found) => {
      const all = found.map(({ metric, kind, labels }) =>
        seen(metric, labels as Record<string, string>, { kind, unit: 's' }),
      )
      const whole = seriesCandidates(all, names)
      const ofOne = whole.flatMap((one) => ['/a', '/b'].flatMap((route) => ofOperation(one, route) ?? []))
      for (const candidate of [...whole, ...ofOne]) {
        for (const selector of selectorsIn(candidate)) {
          const matches = compileSelector(selector)
          const matched = all.filter(
            (one) => one.metric === selector.metric && one.kind === kindOf(candidate, all) && matches(one.labels),
          )
          for (const { labels } of matched) {
            const owner = labels['service.name'] || labels.service || labels.job || ''
            expect(owner.toLowerCase()).toBe('checkout')
          }
        }
      }
    }),
    { numRuns: 200 },
  )
})

function kindOf({ series }: SliCandidate, all: readonly SeenSeries[]): SeenSeries['kind'] | undefined {
  return all.find(({ id }) => id === series[0])?.kind
}

function selectorsIn({ measure }: SliCandidate): SeriesSelector[] {
  if (measure.kind === 'histogram') return [measure.histogram]
  if (measure.kind === 'gauge') return [measure.gauge]
  if (measure.kind === 'buckets') return [measure.bucket, measure.count]
  return measure.kind === 'ready' ? selectorsOf(measure.sli satisfies MeasuredSli) : []
}

test('a service of very many series is looked at like any other', () => {
  const series = Array.from({ length: 200_000 }, (_, i) =>
    seen('http_requests_total', { job: 'checkout', pod: `p${i}`, code: i % 2 ? '200' : '500' }, { firstSeen: i }),
  )
  const [candidate] = seriesCandidates(series, names)
  expect(candidate).toMatchObject({ since: 0, until: Date.UTC(2026, 0, 2) })
  expect(candidate?.series).toHaveLength(200_000)
})
