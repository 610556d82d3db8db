import type { OwnSli } from '@nines/contracts'
import { expect, test } from 'vitest'
import { DAY_MS } from '../minute.ts'
import { coveringSlo } from './covering-slo.ts'
import { checkCandidate, logCandidates, spanCandidates } from './event-candidates.ts'
import { pickCandidates } from './pick-candidates.ts'
import { seen } from './seen-series.fixture.ts'
import { seriesCandidates } from './series-candidates.ts'
import { bySuggestionOrder, type Orderable } from './suggestion-order.ts'
import { suggestionWarnings, type WarnedOf } from './suggestion-warnings.ts'
import { suggestionName, suggestionSlug, valueText } from './suggestion-words.ts'

const TO = Date.UTC(2026, 1, 1)
const span = { from: TO - 30 * DAY_MS, to: TO }
const names = new Set(['checkout'])
const alive = (days: number) => ({ firstSeen: TO - days * DAY_MS, lastSeen: TO })
const counter = (days: number) => seen('http_requests_total', { job: 'checkout', code: '200' }, alive(days))
const red = (days: number) =>
  seen(
    'traces.span.metrics.calls',
    { 'service.name': 'checkout', 'span.kind': 'SPAN_KIND_SERVER', 'status.code': 'STATUS_CODE_UNSET' },
    alive(days),
  )

test('of what measures the same, a metric of requests goes before spans, but not one of yesterday before one of a month', () => {
  const best = (...days: [number, number]) => {
    const { picked } = pickCandidates(seriesCandidates([counter(days[0]), red(days[1])], names), span)
    return picked.map(({ candidate, alternatives }) => [
      candidate.scope,
      candidate.source.split('{')[0],
      alternatives.length,
    ])
  }
  expect(best(30, 30)).toEqual([['requests', 'http_requests_total', 1]])
  expect(best(1, 30)).toEqual([['requests', 'traces.span.metrics.calls (requests in spans)', 1]])
  expect(best(90, 400)).toEqual([['requests', 'http_requests_total', 1]])
})

test('spans of a service that is asked by RPC only are of its calls', () => {
  const handled = seen('grpc_server_handled_total', { job: 'checkout', grpc_code: 'OK' }, alive(30))
  const { picked } = pickCandidates(seriesCandidates([handled, red(30)], names), span)
  expect(picked).toMatchObject([{ candidate: { scope: 'calls' }, alternatives: [{ rank: 3 }] }])
})

test('what ended more than a day ago is told apart', () => {
  const ended = seen(
    'http_requests_total',
    { job: 'checkout', code: '200' },
    { firstSeen: 0, lastSeen: TO - 2 * DAY_MS },
  )
  expect(pickCandidates(seriesCandidates([ended], names), span)).toMatchObject({
    picked: [],
    ended: [{ until: TO - 2 * DAY_MS }],
  })
})

test('spans, log records and checks make candidates of their own; logs without severities none', () => {
  const extent = { firstAt: TO - DAY_MS, lastAt: TO }
  expect(spanCandidates([{ service: 'a', kind: 'server', spans: 5, ...extent }])).toMatchObject([
    {
      aspect: 'availability',
      scope: 'requests',
      measure: { sli: { kind: 'spans', spanKinds: ['server'], good: { withoutError: true } } },
    },
    { aspect: 'latency', measure: { kind: 'durations', spanKind: 'server' }, unit: 'ms' },
  ])
  const logs = { service: 'a', records: 9, errors: 0, ...extent }
  expect(logCandidates([{ ...logs, withSeverity: 0 }])).toEqual([])
  expect(logCandidates([{ ...logs, withSeverity: 9 }])).toMatchObject([
    { aspect: 'logs', measure: { sli: { kind: 'logs', total: { service: 'a' }, bad: { minSeverity: 17 } } } },
  ])
  expect(checkCandidate({ id: 'chk_1', name: 'Front', createdAt: 5 }, TO)).toMatchObject({ aspect: 'check', since: 5 })
})

const total = { metric: 'http_requests_total', matchers: [{ label: 'job', op: '=' as const, value: 'checkout' }] }
const availability: OwnSli = {
  kind: 'ratio',
  bad: { ...total, matchers: [...total.matchers, { label: 'code', op: '=~', value: '5..' }] },
  total,
}
const spans: OwnSli = {
  kind: 'spans',
  service: 'checkout',
  spanKinds: ['server'],
  attributes: [],
  good: { withoutError: true, maxDurationMs: 9 },
}
const latency: OwnSli = {
  kind: 'latency',
  histogram: { metric: 'http.server.request.duration', matchers: [] },
  threshold: 1,
}
const ofRoute: OwnSli = {
  ...latency,
  histogram: { ...latency.histogram, matchers: [{ label: 'http.route', op: '=', value: '/buy' }] },
}

test.each<[string, OwnSli, { same: boolean } | null]>([
  ['the same counters', availability, { same: true }],
  [
    'the same by good events, in slices of time',
    {
      kind: 'time_slices',
      of: { ...availability, good: total, bad: undefined } as never,
      sliceMinutes: 1,
      sliceTarget: 0.99,
    },
    { same: true },
  ],
  ['its spans', spans, { same: false }],
  ['its latency', latency, null],
  ['one of its routes', ofRoute, null],
  ['a check', { kind: 'availability', checkId: 'chk_1' }, null],
])('an SLO over %s covers the availability of requests or not', (_name, sli, expected) => {
  const found = coveringSlo({ aspect: 'availability', scope: 'requests', operation: null, sli: availability }, [
    { sli },
  ])
  if (expected) expect(found).toMatchObject(expected)
  else expect(found).toBeNull()
})

test('another threshold on the same histogram is the same promise, another route is not', () => {
  const wanted = { aspect: 'latency' as const, scope: 'requests', operation: null, sli: { ...latency, threshold: 0.5 } }
  expect(coveringSlo(wanted, [{ sli: latency }])?.same).toBe(true)
  expect(coveringSlo(wanted, [{ sli: ofRoute }])).toBeNull()
  expect(coveringSlo({ ...wanted, operation: '/buy', sli: ofRoute }, [{ sli: latency }])).toBeNull()
})

test('entry points first, logs last, what is covered behind all; of equals the busier one', () => {
  const one = (aspect: Orderable['aspect'], change: Partial<Orderable> = {}): Orderable => ({
    aspect,
    scope: 'requests',
    operation: null,
    isCovered: false,
    total: 1,
    ...change,
  })
  const order = [
    one('availability'),
    one('latency'),
    one('check'),
    one('availability', { scope: 'messages' }),
    one('availability', { operation: '/b', total: 9 }),
    one('availability', { operation: '/a' }),
    one('latency', { operation: '/a' }),
    one('availability', { scope: 'orders' }),
    one('freshness'),
    one('logs'),
    one('availability', { isCovered: true }),
  ]
  expect(order.toReversed().sort(bySuggestionOrder)).toEqual(order)
})

test('names and short names, none taken twice', () => {
  const service = { name: 'Shop checkout', slug: 'shop-checkout' }
  const subject = {
    aspect: 'latency' as const,
    scope: 'requests',
    operation: null,
    service,
    threshold: '300 ms',
    what: '',
  }
  expect(suggestionName(subject)).toBe('Shop checkout answers within 300 ms')
  expect(suggestionName({ ...subject, operation: 'POST /buy' })).toBe('Shop checkout: POST /buy within 300 ms')
  expect(suggestionSlug(subject, new Set())).toBe('shop-checkout-latency')
  expect(suggestionSlug(subject, new Set(['shop-checkout-latency']))).toBe('shop-checkout-latency-2')
  const long = suggestionSlug({ ...subject, operation: `/${'very-'.repeat(30)}` }, new Set())
  expect(long).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
  expect([valueText(0.3, 's'), valueText(1500, 'ms'), valueText(40, '{message}'), valueText(5, '1')]).toEqual([
    '300 ms',
    '1.5 s',
    '40 message',
    '5',
  ])
})

test('warnings: of little data, little traffic, gaps and environments, and none without a reason', () => {
  const fine: WarnedOf = {
    minBadEvents: 3,
    eventsPerHour: 1_000,
    coverage: 1,
    days: 30,
    provisional: false,
    environments: ['production'],
    shortened: null,
  }
  expect(suggestionWarnings(fine)).toEqual([])
  const found = suggestionWarnings({
    ...fine,
    eventsPerHour: 10,
    coverage: 0.5,
    days: 0.5,
    provisional: true,
    environments: ['production', 'staging'],
    shortened: 'Short.',
  })
  expect(found).toEqual([
    expect.stringContaining('12 hours of data'),
    'Short.',
    expect.stringContaining('after about 18 minutes'),
    expect.stringContaining('Only 50 % of the minutes'),
    expect.stringContaining('production, staging'),
  ])
})
