import { sliSpec } from '@nines/contracts'
import { defaultAlertRules } from '@nines/slo'
import { describe, expect, test } from 'vitest'
import { document, load, prometheus, ratio, spec } from './slo-document.fixture.ts'

const slo = (change: object = {}, more: object = {}) => document('SLO', 'web-works', spec(change), more)
const effects = (...documents: object[]) =>
  load(...documents).flatMap((one) => one.notes.map((note) => `${note.effect} ${note.path.join('.')}: ${note.message}`))

describe('an SLO that Nines computes', () => {
  test('a ratio of counters over a rolling window, with the default rules where code says nothing of alerts', () => {
    const [one] = load(slo({ description: 'Works' }, { displayName: 'Web works' }))
    const code = { label: 'code', op: '=~', value: '5..' }
    const job = { label: 'job', op: '=', value: 'web' }
    expect(one?.slos).toEqual([
      {
        slug: 'web-works',
        name: 'Web works',
        description: 'Works',
        service: 'web',
        sli: {
          kind: 'ratio',
          bad: { metric: 'http_requests_total', matchers: [job, code] },
          total: { metric: 'http_requests_total', matchers: [job] },
        },
        target: 0.999,
        window: { kind: 'rolling', days: 28 },
        furtherObjectives: [],
        rules: defaultAlertRules({ target: 0.999, window: { kind: 'rolling', days: 28 } }).map((rule) => ({
          ...rule,
          enabled: true,
        })),
      },
    ])
    expect(one?.services).toEqual([{ slug: 'web', name: 'web', description: '', isImplied: true }])
    expect(one?.notes).toEqual([])
  })

  test.each([
    ['30d', 30],
    ['4w', 28],
    ['1M', 30],
    ['1Q', 90],
    ['1Y', 365],
    ['24h', 1],
  ])('a window of %s is %i days', (duration, days) => {
    const [one] = load(slo({ timeWindow: [{ duration, isRolling: true }] }))
    expect(one?.slos[0]?.window).toEqual({ kind: 'rolling', days })
  })

  test.each([
    ['1d', '2026-07-15 00:00:00', 'day'],
    ['1w', '2026-07-13 00:00:00', 'week'],
    ['1M', '2026-07-01 00:00:00', 'month'],
    ['1Q', '2026-07-01 00:00:00', 'quarter'],
    ['12M', '2026-01-01 00:00:00', 'year'],
  ])('a calendar window of %s from %s is a %s', (duration, startTime, unit) => {
    const [one] = load(slo({ timeWindow: [{ duration, calendar: { startTime, timeZone: 'Europe/Berlin' } }] }))
    expect(one?.slos[0]?.window).toEqual({ kind: 'calendar', unit, zone: 'Europe/Berlin' })
  })

  test('objectives over one indicator are one SLO; percentages lose no digit', () => {
    const objectives = [{ displayName: 'Internal goal', targetPercent: 99.95 }, { targetPercent: 99.9 }]
    const [one] = load(slo({ objectives }))
    expect(one?.slos).toMatchObject([
      {
        slug: 'web-works',
        target: 0.9995,
        furtherObjectives: [{ target: 0.999, window: { kind: 'rolling', days: 28 } }],
      },
    ])
    const nine = load(slo({ objectives: Array.from({ length: 9 }, (_, i) => ({ target: 0.9 + i / 100 })) }))[0]
    expect([nine?.slos[0]?.furtherObjectives.length, nine?.notes.map((note) => note.path.join('.'))]).toEqual([
      7,
      ['spec.objectives.8'],
    ])
  })

  /** What the kinds of SLIs at hand can do. */
  const knows = (sli: object) => sliSpec.safeParse(sli).success
  const gauge = { kind: 'gauge', gauge: { metric: 'lag', matchers: [] }, op: '<', threshold: 10 }
  const lag = { indicator: { metadata: { name: 'x' }, spec: { thresholdMetric: prometheus('lag') } } }

  test.runIf(knows(gauge))('a gauge against a threshold, one SLO for each value', () => {
    const objectives = [
      { displayName: 'Good', op: 'lt', value: 10, target: 0.9 },
      { displayName: 'Fair', op: 'lt', value: 100, target: 0.99 },
    ]
    expect(load(slo({ ...lag, objectives }))[0]?.slos).toMatchObject([
      { slug: 'web-works', sli: gauge, target: 0.9 },
      { slug: 'web-works-fair', name: 'web-works: Fair', sli: { ...gauge, threshold: 100 }, target: 0.99 },
    ])
    const summed = { metadata: { name: 'x' }, spec: { thresholdMetric: prometheus('sum(lag)') } }
    expect(load(slo({ indicator: summed, objectives }))[0]?.slos).toEqual([])
  })

  const events = { kind: 'ratio', bad: { metric: 'a' }, total: { metric: 'b' } }
  test.runIf(knows({ kind: 'time_slices', of: events, sliceTarget: 0.9 }))('slices of time', () => {
    const sliced = (change: object) => slo({ objectives: [{ target: 0.9, timeSliceWindow: '5m' }], ...change })
    expect(load(sliced({ budgetingMethod: 'RatioTimeslices' }))[0]?.slos).toMatchObject([
      { sli: { kind: 'ratio_time_slices', sliceMinutes: 5, of: { kind: 'ratio' } } },
    ])
    const objectives = [{ target: 0.9, timeSliceTarget: 0.95, timeSliceWindow: 1 }]
    expect(load(sliced({ budgetingMethod: 'Timeslices', objectives }))[0]?.slos).toMatchObject([
      { sli: { kind: 'time_slices', sliceMinutes: 1, sliceTarget: 0.95, of: { kind: 'ratio' } } },
    ])
    const hours = load(
      sliced({ budgetingMethod: 'RatioTimeslices', objectives: [{ target: 0.9, timeSliceWindow: '1h' }] }),
    )
    expect([hours[0]?.slos, hours[0]?.notes.map((note) => note.path.join('.'))]).toEqual([
      [],
      ['spec.objectives.0.timeSliceWindow'],
    ])
  })

  test('the selector of a Nines source, labels for short, and any SLI of Nines', () => {
    const source = (selector: object) => ({ metricSource: { type: 'Nines', spec: { selector } } })
    const good = source({ metric: 'http.server.requests', labels: { 'service.name': 'web' } })
    const total = source({ metric: 'http.server.requests', matchers: [{ label: 'a', op: '!~', value: 'b' }] })
    const ratioMetric = { counter: true, good, total }
    expect(load(slo({ indicator: { metadata: { name: 'x' }, spec: { ratioMetric } } }))[0]?.slos[0]?.sli).toEqual({
      kind: 'ratio',
      good: { metric: 'http.server.requests', matchers: [{ label: 'service.name', op: '=', value: 'web' }] },
      total: { metric: 'http.server.requests', matchers: [{ label: 'a', op: '!~', value: 'b' }] },
    })
    const sli = { kind: 'availability', checkId: 'chk_1' }
    const raw = { rawType: 'success', raw: { metricSource: { type: 'Nines', spec: { sli } } } }
    expect(load(slo({ indicator: { metadata: { name: 'x' }, spec: { ratioMetric: raw } } }))[0]?.slos[0]?.sli).toEqual(
      sli,
    )
  })

  test('references are followed across documents', () => {
    const metricSource = { metricSourceRef: 'thanos', spec: { query: 'a_total' } }
    const { indicator: _own, ...rest } = spec({ indicatorRef: 'shared', alertPolicies: [{ alertPolicyRef: 'fast' }] })
    const documents = load(
      document('SLO', 'one', rest),
      document('SLI', 'shared', { ratioMetric: { good: { metricSource }, total: { metricSource } } }),
      document('DataSource', 'thanos', { type: 'Thanos', connectionDetails: {} }),
      document('Service', 'web', { description: 'Sells' }, { displayName: 'The web' }),
      document('AlertPolicy', 'fast', {
        alertWhenBreaching: true,
        conditions: [{ conditionRef: 'burn' }],
        notificationTargets: [{ targetRef: 'pager' }],
      }),
      document('AlertCondition', 'burn', {
        severity: 'page',
        condition: { kind: 'burnrate', op: 'gt', threshold: 14.4, lookbackWindow: '1h', alertAfter: '5m' },
      }),
    )
    expect(documents[0]?.slos[0]?.sli).toMatchObject({ good: { metric: 'a_total' } })
    expect(documents[0]?.services[0]?.name).toBe('The web')
    expect(documents[3]?.services).toEqual([{ slug: 'web', name: 'The web', description: 'Sells', isImplied: false }])
    // A single window is a pair with itself: true exactly when OpenSLO's condition is.
    const pairs = [{ longSeconds: 3600, shortSeconds: 3600, factor: 14.4 }]
    const condition = { kind: 'burn_rate', pairs, forSeconds: 300, resolveAfterSeconds: 60, minBadEvents: 1 }
    expect(documents[0]?.slos[0]?.rules).toMatchObject([
      { name: 'fast', severity: 'critical', enabled: true, condition },
    ])
    expect(documents[0]?.notes.map((note) => note.message)).toEqual([
      'notificationTargets (pager): the escalation policy of the service says whom to page',
    ])
  })
})

describe('what is not computed yet says so and stays', () => {
  const indicator = (sli: object) => ({ indicator: { metadata: { name: 'x' }, spec: sli } })
  const query = (text: string) => indicator({ ratioMetric: { good: prometheus(text), total: prometheus('a') } })
  test.each([
    [
      { timeWindow: [{ duration: '1w', calendar: { startTime: '2022-01-01 12:00:00', timeZone: 'UTC' } }] },
      'spec.timeWindow.0.calendar.startTime',
    ],
    [
      { timeWindow: [{ duration: '2M', calendar: { startTime: '2026-01-01 00:00:00', timeZone: 'UTC' } }] },
      'spec.timeWindow.0.duration',
    ],
    [{ timeWindow: [{ duration: '90m', isRolling: true }] }, 'spec.timeWindow.0.duration'],
    [{ timeWindow: [{ duration: '2Y', isRolling: true }] }, 'spec.timeWindow.0.duration'],
    [{ objectives: [{ target: 0 }] }, 'spec.objectives.0.target'],
    [
      { ...indicator({ thresholdMetric: prometheus('sum(a)') }), objectives: [{ op: 'lt', value: 1, target: 0.9 }] },
      'spec.indicator.spec.thresholdMetric.metricSource.spec.query',
    ],
    [indicator({ ratioMetric: { ...ratio, counter: false } }), 'spec.indicator.spec.ratioMetric.counter'],
    [indicator({ ratioMetric: { rawType: 'success', raw: prometheus('a') } }), 'spec.indicator.spec.ratioMetric.raw'],
    [query('sum by (x) (a)'), 'spec.indicator.spec.ratioMetric.good.metricSource.spec.query'],
    [
      indicator({
        ratioMetric: { good: { metricSource: { type: 'Datadog', spec: { query: 'a' } } }, total: prometheus('a') },
      }),
      'spec.indicator.spec.ratioMetric.good.metricSource.type',
    ],
    [
      indicator({
        ratioMetric: { good: { metricSource: { metricSourceRef: 'gone', spec: { a: 1 } } }, total: prometheus('a') },
      }),
      'spec.indicator.spec.ratioMetric.good.metricSource.metricSourceRef',
    ],
    [{ indicator: null, indicatorRef: 'gone' }, 'spec.indicatorRef'],
    [{ indicator: null, objectives: [{ target: 0.9, indicatorRef: 'a' }] }, 'spec.objectives.0.indicatorRef'],
  ])('%j', (change, path) => {
    const [one] = load(slo(change))
    expect(one?.slos).toEqual([])
    expect(one?.notes.map((note) => [note.effect, note.path.join('.')])).toEqual([['not_evaluated', path]])
    expect(one?.raw.text).toContain('web-works')
  })

  test('alert conditions without a counterpart leave the SLO and name the policy', () => {
    const inline = (condition: object, policy: object = {}) => ({
      kind: 'AlertPolicy',
      metadata: { name: 'p' },
      spec: {
        alertWhenBreaching: true,
        conditions: [{ kind: 'AlertCondition', metadata: { name: 'c' }, spec: { severity: 'sev3', condition } }],
        notificationTargets: [{ targetRef: 't' }],
        ...policy,
      },
    })
    const burn = { kind: 'burnrate', op: 'gte', threshold: 2, lookbackWindow: '1h' }
    const alertPolicies = [
      inline({ ...burn, op: 'lte' }),
      inline({ ...burn, threshold: 0 }),
      inline(burn, { alertWhenNoData: true, alertWhenBreaching: false }),
      { alertPolicyRef: 'gone' },
    ]
    expect(effects(slo({ alertPolicies })).filter((text) => !text.includes('notificationTargets'))).toEqual([
      'not_used spec.alertPolicies.0: op lte alerts while the burn is low; Nines alerts when it is high',
      expect.stringMatching(/^not_used spec.alertPolicies.1: this burn rate is out of range: pairs.0.factor/),
      'not_used spec.alertPolicies.3: the AlertPolicy gone is not known here',
    ])
    const [one] = load(slo({ alertPolicies }))
    expect(one?.slos[0]?.rules.map((rule) => [rule.name, rule.severity, rule.enabled])).toEqual([
      ['p', 'warning', false],
      ['p (no data)', 'warning', true],
    ])
    expect(load(slo({ alertPolicies: [] }))[0]?.slos[0]?.rules).toEqual([])
  })
})
