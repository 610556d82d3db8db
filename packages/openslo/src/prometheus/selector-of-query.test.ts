import { describe, expect, test } from 'vitest'
import { selectorOfQuery } from './selector-of-query.ts'

const requests = { metric: 'http_requests_total', matchers: [{ label: 'code', op: '=~', value: '5..|429' }] }

describe('queries that select events', () => {
  test.each([
    'http_requests_total{code=~"5..|429"}',
    `http_requests_total{code=~'5..|429',}`,
    '{__name__="http_requests_total", code=~"5..|429"}',
    'sum(http_requests_total{code=~"5..|429"})',
    'rate(http_requests_total{code=~"5..|429"}[5m])',
    'sum(rate(http_requests_total{code=~"5..|429"}[{{.window}}]))',
    'sum by () (increase(http_requests_total{code=~`5..|429`}[$__range]))',
    '(sum(rate(http_requests_total{ code =~ "5..|429" }[1h30m]))) or vector(0)',
    'sum(rate(http_requests_total{code=~"5..|429"}[5m]) or on() vector(0))',
    '\n sum(\n  rate(http_requests_total{code=~"5..|429"}[5m]) # errors\n)\n',
  ])('%s', (query) => {
    expect(selectorOfQuery(query)).toEqual({ selector: requests })
  })

  test('a metric alone, with colons, and values with escapes', () => {
    expect(selectorOfQuery('job:up:sum').selector).toEqual({ metric: 'job:up:sum', matchers: [] })
    expect(selectorOfQuery(String.raw`a{b="say \"x\"\n\\d",c!="",d!~'y'}`).selector?.matchers).toEqual([
      { label: 'b', op: '=', value: 'say "x"\n\\d' },
      { label: 'c', op: '!=', value: '' },
      { label: 'd', op: '!~', value: 'y' },
    ])
  })
})

describe('queries that are more than a selector say why', () => {
  test.each([
    ['sum(rate(a[5m])) - sum(rate(b[5m]))', 'combines series with "-"'],
    ['sum by (job) (rate(a[5m]))', 'groups (by (job))'],
    ['sum(rate(a[5m])) without (pod)', 'groups (without (pod))'],
    ['histogram_quantile(0.9, a)', 'uses histogram_quantile()'],
    ['sum(rate(a[1h:5m]))', 'subquery'],
    ['rate(a)', 'lacks a range'],
    ['a[5m]', 'range outside'],
    ['a offset 1h', 'another time'],
    ['{code="500"}', 'names no metric'],
    ['{__name__=~"a|b"}', 'by an expression'],
    ['a{b="(", c=~"("}', 'not a regular expression'],
    ['a{b}', 'expected label="value"'],
    ['sum:trace.hits{x:y}.as_count()', 'expected label|cannot be read'],
    ['', 'does not start with'],
    ['1 - a', 'does not start with'],
    [`${'('.repeat(15_000)}a`, 'nested too deep|cannot be read'],
  ])('%s', (query, reason) => {
    expect(selectorOfQuery(query).reason).toMatch(
      reason.includes('|') ? new RegExp(reason) : new RegExp(reason.replaceAll(/[()"=.]/g, '.')),
    )
  })
})
