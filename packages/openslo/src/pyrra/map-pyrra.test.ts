import { sliSpec } from '@nines/contracts'
import { describe, expect, test } from 'vitest'
import { loadCode } from '../load-code.ts'

/* Windows and factors as Pyrra generates them (its slo/slo.go and rules_test.go), written anew. */

const document = (indicator: string, more = '') => `
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: api-errors, namespace: monitoring, labels: { team: x } }
spec:
  target: "99.5"
  window: 4w
  indicator: ${indicator}
  ${more}
`
const ratio = `{ratio: {errors: {metric: 'http_total{job="api",code=~"5.."}'}, total: {metric: 'http_total{job="api"}'}}}`
function load(content: string) {
  const loaded = loadCode([{ path: 'a.yaml', content }])
  expect(loaded.problems).toEqual([])
  return loaded.documents[0]
}
const shape = (content: string) =>
  load(content)?.slos[0]?.rules.map(({ severity, condition }) => {
    if (condition.kind !== 'burn_rate') return [severity]
    const [pair] = condition.pairs
    return [severity, pair?.longSeconds, pair?.shortSeconds, condition.forSeconds, pair?.factor]
  })

test('errors over total, the service taken from the job', () => {
  expect(load(document(ratio))?.slos[0]).toMatchObject({
    slug: 'api-errors',
    service: 'api',
    target: 0.995,
    window: { kind: 'rolling', days: 28 },
    sli: { kind: 'ratio', bad: { metric: 'http_total' }, total: { metric: 'http_total' } },
  })
})

describe('the four alerts', () => {
  test('of 28 days: 1h/5m, 6h/30m, 1d/2h and 4d/6h at 14, 7, 2 and 1', () => {
    expect(shape(document(ratio))).toEqual([
      ['critical', 3600, 300, 120, 14],
      ['critical', 21_600, 1800, 900, 7],
      ['warning', 86_400, 7200, 3600, 2],
      ['warning', 345_600, 21_600, 10_800, 1],
    ])
  })

  test('of 7 days: 15m/1m, 1h30m/8m, 6h/30m and 1d/1h30m', () => {
    expect(shape(document(ratio).replace('4w', '7d'))?.map((row) => row.slice(1, 3))).toEqual([
      [900, 60],
      [5400, 480],
      [21_600, 1800],
      [86_400, 5400],
    ])
  })

  test('switched off, and with severities of their own', () => {
    const off = load(document(ratio, 'alerting: {burnrates: false}'))?.slos[0]?.rules
    expect(off?.map((rule) => rule.enabled)).toEqual([false, false, false, false])
    const own = document(ratio, 'alerting: {severities: {fastBurn: page, mediumBurn: ticket, longTermBurn: info}}')
    expect(shape(own)?.map(([severity]) => severity)).toEqual(['critical', 'warning', 'warning', 'info'])
  })

  test('a window so short that Pyrra rounds it to nothing leaves that alert out and says so', () => {
    const one = load(document(ratio).replace('4w', '2d'))
    expect(one?.slos[0]?.rules.map((rule) => rule.name)).toEqual(['medium burn', 'slow burn', 'long-term burn'])
    expect(one?.notes.map((note) => note.message)).toContain("fast burn: Pyrra's short window rounds to 0")
  })
})

test('latency from classic buckets is good over count', () => {
  const latency = `{latency: {success: {metric: 'd_bucket{le="1"}'}, total: {metric: 'd_count'}}}`
  expect(load(document(latency))?.slos[0]).toMatchObject({
    service: 'api-errors',
    sli: { kind: 'ratio', good: { metric: 'd_bucket', matchers: [{ label: 'le', op: '=', value: '1' }] } },
  })
})

test('latency from native histograms, in seconds', () => {
  expect(load(document(`{latencyNative: {total: {metric: 'd{job="api"}'}, latency: 500ms}}`))?.slos[0]).toMatchObject({
    service: 'api',
    sli: { kind: 'latency', histogram: { metric: 'd' }, threshold: 0.5 },
  })
})

const gauge = { kind: 'gauge', gauge: { metric: 'up', matchers: [] }, op: '>=', threshold: 1 }
test.runIf(sliSpec.safeParse(gauge).success)('a gauge of 0 and 1', () => {
  expect(load(document('{bool_gauge: {metric: up}}'))?.slos[0]).toMatchObject({ sli: gauge })
})

test.each([
  [ratio.replace('{errors', '{grouping: [handler], errors'), 'spec.indicator.ratio.grouping'],
  [`{bool_gauge: {metric: probe_success, grouping: [target]}}`, 'spec.indicator.bool_gauge.grouping'],
  [`{latencyNative: {total: {metric: sum by (x) (d)}, latency: 1s}}`, 'spec.indicator.latencyNative.total.metric'],
  [ratio.replace('http_total{job="api"}', 'sum(a) + sum(b)'), 'spec.indicator.ratio.total.metric'],
])('%s is kept, not computed', (indicator, path) => {
  const one = load(document(indicator))
  expect([one?.slos, one?.notes.map((note) => note.path.join('.'))]).toEqual([[], [path]])
})

test.each([
  ['target: "99.5"', 'target: "x"', 'spec.target'],
  ['window: 4w', 'window: 4 weeks', 'spec.window'],
  [`indicator: ${ratio}`, 'indicator: {}', 'spec.indicator'],
  ['name: api-errors,', '', 'metadata.name'],
])('%s changed to %j is refused at %s', (from, to, path) => {
  const { problems } = loadCode([{ path: 'a.yaml', content: document(ratio).replace(from, to) }])
  expect(problems.map((problem) => problem.path)).toEqual([path])
})
