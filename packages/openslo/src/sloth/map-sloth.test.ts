import { describe, expect, test } from 'vitest'
import type { DesiredRule } from '../desired/desired.ts'
import { loadCode, type LoadOptions } from '../load-code.ts'

/* Thresholds as Sloth generates them (its test/integration/prometheus/testdata/out-*.tpl), written anew. */

const file = `
version: prometheus/v1
service: My Service
labels: { owner: team, generated: true }
slos:
  - name: requests-availability
    objective: 99.9
    description: Requests that work
    sli:
      events:
        error_query: sum(rate(http_requests_total{job="my",code=~"(5..|429)"}[{{.window}}]))
        total_query: sum(rate(http_requests_total{job="my"}[{{.window}}]))
    alerting:
      name: MyAlert
      page_alert: { labels: { severity: page } }
      ticket_alert: { disable: true }
  - name: raw
    objective: 95
    sli: { raw: { error_ratio_query: "1 - a" } }
    alerting: { page_alert: { disable: true }, ticket_alert: { disable: true } }
`
const object = `
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: { name: svc, namespace: ns, creationTimestamp: 2026-01-01 }
spec:
  service: My Service
  slos:
    - name: requests-availability
      objective: 99.9
      description: Requests that work
      sli:
        events:
          errorQuery: sum(rate(http_requests_total{job="my",code=~"(5..|429)"}[{{.window}}]))
          totalQuery: sum(rate(http_requests_total{job="my"}[{{.window}}]))
      alerting: { name: MyAlert, ticketAlert: { disable: true } }
`
const window = (page: string, ticket: string) => `
apiVersion: sloth.slok.dev/v1
kind: AlertWindows
spec:
  sloPeriod: 7d
  page: ${page}
  ticket: ${ticket}
`
const sevenDays = window(
  '{quick: {errorBudgetPercent: 8, shortWindow: 5m, longWindow: 1h}, slow: {errorBudgetPercent: 12.5, shortWindow: 30m, longWindow: 6h}}',
  '{quick: {errorBudgetPercent: 20, shortWindow: 2h, longWindow: 1d}, slow: {errorBudgetPercent: 42, shortWindow: 6h, longWindow: 3d}}',
)

function load(contents: string[], options: LoadOptions = {}) {
  const loaded = loadCode(
    contents.map((content, i) => ({ path: `${i}.yaml`, content })),
    options,
  )
  expect(loaded.problems).toEqual([])
  return loaded.documents
}
const pairsOf = ({ condition }: DesiredRule) => ('pairs' in condition ? condition.pairs : [])
const factors = (contents: string[], options?: LoadOptions) =>
  load(contents, options)[0]?.slos[0]?.rules.flatMap((rule) => pairsOf(rule).map((pair) => pair.factor))

test('bad over total, named after service and SLO, the alerts as enabled there', () => {
  const [one] = load([file])
  const [slo] = one?.slos ?? []
  expect(slo).toMatchObject({
    slug: 'my-service-requests-availability',
    service: 'my-service',
    target: 0.999,
    window: { kind: 'rolling', days: 30 },
    sli: { kind: 'ratio', bad: { metric: 'http_requests_total' }, total: { matchers: [{ label: 'job' }] } },
    rules: [
      { name: 'page', severity: 'critical', enabled: true },
      { name: 'ticket', severity: 'warning', enabled: false },
    ],
  })
  expect(slo?.rules.map((rule) => pairsOf(rule))).toEqual([
    [
      { longSeconds: 3600, shortSeconds: 300, factor: 14.4 },
      { longSeconds: 21_600, shortSeconds: 1800, factor: 6 },
    ],
    [
      { longSeconds: 86_400, shortSeconds: 7200, factor: 3 },
      { longSeconds: 259_200, shortSeconds: 21_600, factor: 1 },
    ],
  ])
  expect(one?.notes.map((note) => [note.effect, note.path.join('.')])).toEqual([['not_evaluated', 'slos.1.sli.raw']])
  // The Kubernetes object means the same.
  expect(load([object])[0]?.slos).toEqual([slo])
})

describe('burn rates for other periods', () => {
  test('28 days: 13.44, 5.6, 2.8 and 0.933, below 1 as in Sloth', () => {
    expect(factors([file], { slothPeriod: '28d' })).toEqual([13.44, 5.6, 2.8, 0.933333333333])
  })

  test('7 days from AlertWindows beside it: 13.44, 3.5, 1.4 and 0.98', () => {
    expect(factors([file, sevenDays], { slothPeriod: '7d' })).toEqual([13.44, 3.5, 1.4, 0.98])
  })

  test('7 days without them: Sloth refuses, so it is not computed', () => {
    const [one] = load([file], { slothPeriod: '7d' })
    expect([one?.slos, one?.notes[0]?.message]).toEqual([
      [],
      'Sloth has no windows for 7 days; add a file of kind AlertWindows for them',
    ])
  })
})

test.each([
  ['objective: 99.9', 'objective: 101', 'slos[0].objective'],
  ['service: My Service', 'service: ""', 'service'],
  ['name: MyAlert', 'name: ""', 'slos[0].alerting.name'],
  ['sli: { raw: { error_ratio_query: "1 - a" } }', 'sli: {}', 'slos[1].sli'],
  ['version: prometheus/v1', 'version: prometheus/v2', 'version'],
])('%s changed to %s is refused at %s', (from, to, path) => {
  const { problems } = loadCode([{ path: 'a.yaml', content: file.replace(from, to) }])
  expect(problems.map((problem) => problem.path)).toEqual([path])
})
