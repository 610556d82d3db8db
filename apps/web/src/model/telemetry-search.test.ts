import { searchLogs, searchTraces } from '@nines/contracts'
import { describe, expect, test } from 'vitest'
import { attributesOf, attributeText, parseAttribute, withAttribute } from './attribute-filter.ts'
import { isFiltered, logFilterOf, logsLink, logsSearch, tailQuery } from './logs-search.ts'
import { parseDuration } from './parse-duration.ts'
import { sliServices } from './sli-services.ts'
import { fixedSpan, spanBody, spanOf, spanSearch, spanToSearch } from './span-search.ts'
import { isTraceSearchFiltered, traceFilterOf, tracesLink, tracesSearch } from './traces-search.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

describe('time ranges in the URL', () => {
  test('reach back from now, or from one instant to another, which win', () => {
    expect(spanOf({}, NOW)).toEqual({ from: NOW - 3_600_000, to: NOW })
    expect(spanOf({ range: '15m' }, NOW)).toEqual({ from: NOW - 900_000, to: NOW })
    const fixed = spanToSearch({ from: NOW - 60_000, to: NOW - 30_000 })
    expect(spanOf({ ...fixed, range: '7d' }, NOW)).toEqual({ from: NOW - 60_000, to: NOW - 30_000 })
  })
  test('what is none is dropped, not failed over', () => {
    expect(spanSearch.parse({ range: '3 weeks', from: 'yesterday', to: 7 })).toEqual({})
    expect(fixedSpan({ from: '2026-03-01T12:00:00Z', to: '2026-03-01T11:00:00Z' })).toBeNull()
  })
})

describe('attribute conditions', () => {
  test.each([
    ['http.route=/orders', { key: 'http.route', op: '=', value: '/orders', of: 'attributes' }],
    ['retried != true', { key: 'retried', op: '!=', value: 'true', of: 'attributes' }],
    ['resource:k8s.pod.name=web-1', { key: 'k8s.pod.name', op: '=', value: 'web-1', of: 'resource' }],
    ['query="a=b"', { key: 'query', op: '=', value: 'a=b', of: 'attributes' }],
    ['url=https://x.test/?a=b&c=d', { key: 'url', op: '=', value: 'https://x.test/?a=b&c=d', of: 'attributes' }],
    ['empty=', { key: 'empty', op: '=', value: '', of: 'attributes' }],
  ])('%s is read', (text, filter) => {
    expect(parseAttribute(text)).toEqual(filter)
  })
  test.each(['', 'no condition', '=value', '!=x'])('%j is no condition', (text) => {
    expect(parseAttribute(text)).toBeNull()
  })
  test('are written as they are read, and a contrary one makes way', () => {
    const filter = { key: 'a', op: '!=', value: 'b c', of: 'resource' } as const
    expect(attributesOf([attributeText(filter), 'nonsense'])).toEqual([filter])
    expect(withAttribute(['a=1', 'b=2'], { key: 'a', op: '!=', value: '1', of: 'attributes' })).toEqual(['b=2', 'a!=1'])
    expect(withAttribute(['a=1'], { key: 'a', op: '=', value: '1', of: 'attributes' })).toEqual(['a=1'])
  })
})

describe('the Logs page', () => {
  test('asks the API for what its URL says', () => {
    const search = logsSearch.parse({
      q: 500,
      severity: 'warn',
      service: 'shop',
      attr: ['http.route=/orders'],
      trace: 'AB'.repeat(16),
      live: true,
    })
    const body = { ...logFilterOf(search), ...spanBody(spanOf(search, NOW)) }
    expect(searchLogs.body?.parse(body)).toMatchObject({
      text: '500',
      minSeverity: 13,
      services: ['shop'],
      attributes: [{ key: 'http.route', op: '=', value: '/orders' }],
      traceId: 'AB'.repeat(16),
    })
  })
  test('a URL of nonsense shows everything', () => {
    const search = logsSearch.parse({ severity: 'loud', service: { a: 1 }, attr: 7, trace: 'zz', live: 'yes' })
    expect(logFilterOf(search)).toEqual({ text: '', minSeverity: 0, services: [], attributes: [], traceId: '' })
    expect(isFiltered(logsSearch.parse({ range: '6h', live: true }))).toBe(false)
    expect(isFiltered(logsSearch.parse({ service: ['a'] }))).toBe(true)
  })
  test('links hold lists, and words that look like numbers, so that they are read back', () => {
    const link = logsLink({ q: '500', service: ['a', 'b'], severity: undefined, attr: [] })
    const { searchParams, pathname } = new URL(link, 'http://nines.test')
    expect(pathname).toBe('/logs')
    expect(Object.fromEntries(searchParams)).toEqual({ q: '"500"', service: '["a","b"]' })
  })
  test('the tail is asked the same', () => {
    const query = new URLSearchParams(
      tailQuery(logsSearch.parse({ q: 'timeout', service: ['a', 'b'], attr: ['k=v'] }), 'main'),
    )
    expect(Object.fromEntries(query)).toEqual({
      workspace: 'main',
      minSeverity: '0',
      text: 'timeout',
      services: 'a,b',
      attributes: '[{"key":"k","op":"=","value":"v","of":"attributes"}]',
    })
  })
})

describe('the Traces page', () => {
  test('asks the API for what its URL says', () => {
    const search = tracesSearch.parse({ service: 'shop', status: 'error', min: '250 ms', max: '1.5s', sort: 'slowest' })
    const body = { ...traceFilterOf(search), ...spanBody(spanOf(search, NOW)) }
    expect(searchTraces.body?.parse(body)).toMatchObject({
      service: 'shop',
      status: 'error',
      minDurationMs: 250,
      maxDurationMs: 1500,
      sort: 'slowest',
    })
  })
  test('a duration that cannot be read narrows nothing', () => {
    expect(traceFilterOf({ min: 'long', max: 'longer' })).toMatchObject({ minDurationMs: 0, maxDurationMs: null })
    expect(isTraceSearchFiltered({ view: 'map', sort: 'slowest', range: '6h' })).toBe(false)
    expect(isTraceSearchFiltered({ status: 'error' })).toBe(true)
    expect(tracesLink({ service: 'shop', range: '1h' })).toBe('/traces?service=shop&range=1h')
  })
})

test.each([
  ['250', 250],
  ['250ms', 250],
  ['1.5 s', 1500],
  ['80µs', 0.08],
  ['1 h 30 min', 5_400_000],
  ['2d', 172_800_000],
  ['', null],
  ['soon', null],
  ['5 parsecs', null],
  ['1 s and more', null],
])('a person who types %j means %s ms', (text, ms) => {
  expect(parseDuration(text, 'ms')).toBe(ms)
})

test('an indicator names the services whose logs explain it', () => {
  const matchers = [{ label: 'service.name', op: '=' as const, value: 'shop' }]
  const selector = { metric: 'requests', matchers }
  expect(sliServices({ kind: 'ratio', good: selector, total: selector })).toEqual(['shop'])
  expect(sliServices({ kind: 'latency', histogram: { metric: 'd', matchers: [] }, threshold: 1 })).toEqual([])
  expect(sliServices({ kind: 'availability', checkId: 'c' })).toEqual([])
})
