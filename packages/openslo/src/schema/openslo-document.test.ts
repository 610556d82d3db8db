import { describe, expect, test } from 'vitest'
import { loadCode } from '../load-code.ts'

/* Cases after the specification (https://github.com/OpenSLO/OpenSLO) and the tests of its Go SDK, written anew. */

const metric = (query = 'requests_total') => ({ metricSource: { type: 'Prometheus', spec: { query } } })
const sliSpec = () => ({
  description: 'Searches that work',
  ratioMetric: { counter: true, good: metric(), total: metric() },
})
const condition = () => ({
  severity: 'page',
  condition: { kind: 'burnrate', op: 'gte', threshold: 2, lookbackWindow: '1h', alertAfter: '5m' },
})
const policySpec = () => ({
  alertWhenBreaching: true,
  conditions: [{ conditionRef: 'too-fast' }],
  notificationTargets: [{ targetRef: 'on-call' }],
})
const sloSpec = () => ({
  service: 'web',
  indicator: { metadata: { name: 'works' }, spec: sliSpec() },
  timeWindow: [{ duration: '1w', calendar: { startTime: '2022-01-01 12:00:00', timeZone: 'America/New_York' } }],
  budgetingMethod: 'Timeslices',
  objectives: [{ displayName: 'Good', target: 0.995, timeSliceTarget: 0.95, timeSliceWindow: '1m' }],
  alertPolicies: [{ alertPolicyRef: 'fast' }],
})

const VALID: Record<string, () => object> = {
  DataSource: () => ({ type: 'Prometheus', connectionDetails: [{ url: 'http://prometheus.example.com' }, null] }),
  Service: () => ({ description: 'Sells' }),
  SLI: sliSpec,
  AlertCondition: condition,
  AlertPolicy: policySpec,
  AlertNotificationTarget: () => ({ target: 'email' }),
  SLO: sloSpec,
}

type Path = (string | number)[]
const REMOVE = Symbol('remove')

/** The valid document of a kind with one thing changed. */
function changed(kind: string, path: Path, value: unknown): Record<string, unknown> {
  const document: Record<string, unknown> = {
    apiVersion: 'openslo/v1',
    kind,
    metadata: { name: 'one', labels: { team: ['a', 'b'], env: 'prod' }, annotations: { 'example.com/x': 'y' } },
    spec: VALID[kind]?.() ?? {},
  }
  let parent: Record<string | number, unknown> = document
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>
  const last = path.at(-1)
  if (last === undefined) return document
  if (value === REMOVE) delete parent[last]
  else parent[last] = value
  return document
}

const check = (document: unknown) => loadCode([{ path: 'f.json', content: JSON.stringify(document, null, 2) }])
const pathsOf = (document: unknown) => check(document).problems.map((problem) => problem.path)
const steps = (path: string): Path => path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
const long = (length: number) => 'a'.repeat(length)

test.each(Object.keys(VALID))('a valid %s', (kind) => {
  expect(check(changed(kind, [], undefined)).problems).toEqual([])
})

const indicator = { metadata: { name: 'x' }, spec: sliSpec() }
const thresholdSpec = { thresholdMetric: metric() }
const rolling = [{ duration: '30d', isRolling: true }]

test.each<[string, string, unknown]>([
  ['SLO', 'spec.indicator', undefined],
  ['SLO', 'spec.timeWindow', REMOVE],
  ['SLO', 'spec.timeWindow', rolling],
  ['SLO', 'spec.alertPolicies', REMOVE],
  ['SLO', 'spec.alertPolicies', null],
  ['SLO', 'spec.objectives.0.target', 0],
  ['SLO', 'spec.objectives.0.op', 'gt'],
  ['SLO', 'spec.objectives.0.timeSliceTarget', 1],
  ['SLO', 'spec.objectives.0.timeSliceWindow', 5],
  ['SLO', 'spec.budgetingMethod', 'Occurrences'],
  ['SLO', 'spec.budgetingMethod', 'RatioTimeslices'],
  ['SLO', 'spec.description', long(1050)],
  ['SLO', 'spec.alertPolicies.0', { kind: 'AlertPolicy', metadata: { name: 'p' }, spec: policySpec() }],
  ['SLI', 'spec', { ratioMetric: { rawType: 'failure', raw: metric() } }],
  ['SLI', 'spec', { ratioMetric: { counter: false, bad: metric(), total: metric() } }],
  ['SLI', 'spec', thresholdSpec],
  ['AlertCondition', 'spec.condition.alertAfter', '0m'],
  ['AlertPolicy', 'spec.conditions.0', { kind: 'AlertCondition', metadata: { name: 'c' }, spec: condition() }],
  ['AlertPolicy', 'spec.alertWhenNoData', true],
  ['Service', 'metadata.name', 'OnCallDevopsMailNotification'],
  ['Service', 'metadata.labels', { [long(63)]: [], 'net_.-this': '', '9net': [''] }],
  [
    'Service',
    'metadata.annotations',
    { 'domain.this.org/service.foo': '', net: '', [`${long(63)}.${long(63)}/x`]: '' },
  ],
])('valid: %s with %s = %j', (kind, path, value) => {
  const document = changed(kind, value === undefined ? [] : steps(path), value)
  expect(check(document).problems).toEqual([])
})

describe('refused, with the field named', () => {
  test.each<[string, string, unknown, string?]>([
    ['SLO', 'apiVersion', 'v0.1'],
    ['SLO', 'apiVersion', REMOVE],
    ['SLO', 'apiVersion', 'openslo/v2alpha'],
    ['SLO', 'kind', 'Slo'],
    ['SLO', 'kind', REMOVE],
    ['SLO', 'metadata', REMOVE],
    ['SLO', 'metadata.name', REMOVE],
    ['SLO', 'metadata.name', 'MY SERVICE'],
    ['SLO', 'metadata.name', long(64)],
    ['SLO', 'metadata.name', '-a'],
    ['SLO', 'metadata.displayName', long(64)],
    ['SLO', 'metadata.extra', 1],
    ['SLO', 'metadata.labels', { net_: [] }, 'metadata.labels.net_'],
    ['SLO', 'metadata.labels', { [long(64)]: [] }, `metadata.labels.${long(64)}`],
    ['SLO', 'metadata.labels', { '.net': [] }, 'metadata.labels[".net"]'],
    ['SLO', 'metadata.labels', { net: 1 }, 'metadata.labels.net'],
    ['SLO', 'metadata.annotations', { 'openslo.com/': '' }, 'metadata.annotations["openslo.com/"]'],
    ['SLO', 'metadata.annotations', { 'a_b.com/x': '' }, 'metadata.annotations["a_b.com/x"]'],
    ['SLO', 'metadata.annotations', { 'a..com/x': '' }, 'metadata.annotations["a..com/x"]'],
    ['SLO', 'metadata.annotations', { [long(64)]: '' }, `metadata.annotations.${long(64)}`],
    ['SLO', 'spec', REMOVE],
    ['SLO', 'spec.description', long(1051)],
    ['SLO', 'spec.service', ''],
    ['SLO', 'spec.service', REMOVE],
    ['SLO', 'spec.budgetingMethod', 'invalid'],
    ['SLO', 'spec.budgetingMethod', REMOVE],
    ['SLO', 'spec.indicator', REMOVE, 'spec'],
    ['SLO', 'spec.indicatorRef', 'also', 'spec'],
    ['SLO', 'spec.objectives.0.indicatorRef', 'both-levels', 'spec'],
    ['SLO', 'spec.indicator.metadata.name', 'MY SLI'],
    ['SLO', 'spec.indicator.spec', {}],
    ['SLO', 'spec.timeWindow', []],
    ['SLO', 'spec.timeWindow', [...rolling, ...rolling]],
    ['SLO', 'spec.timeWindow.0.duration', REMOVE],
    ['SLO', 'spec.timeWindow.0.duration', '-1m'],
    ['SLO', 'spec.timeWindow.0.duration', '1'],
    ['SLO', 'spec.timeWindow.0.duration', '1invalid'],
    ['SLO', 'spec.timeWindow.0.isRolling', true, 'spec.timeWindow.0'],
    ['SLO', 'spec.timeWindow.0.calendar', REMOVE, 'spec.timeWindow.0'],
    ['SLO', 'spec.timeWindow.0.calendar.startTime', '2022-02-30 12:00:00'],
    ['SLO', 'spec.timeWindow.0.calendar.startTime', '2022-01-01T12:00:00Z'],
    ['SLO', 'spec.timeWindow.0.calendar.timeZone', 'Europe/Nowhere'],
    ['SLO', 'spec.timeWindow.0.calendar.timeZone', '+02:00'],
    ['SLO', 'spec.objectives', []],
    ['SLO', 'spec.objectives.0.target', 1],
    ['SLO', 'spec.objectives.0.target', -0.1],
    ['SLO', 'spec.objectives.0.target', '0.99'],
    ['SLO', 'spec.objectives.0.targetPercent', 100],
    ['SLO', 'spec.objectives.0.targetPercent', 10, 'spec.objectives.0'],
    ['SLO', 'spec.objectives.0.target', REMOVE, 'spec.objectives.0'],
    ['SLO', 'spec.objectives.0.op', 'lessThan'],
    ['SLO', 'spec.objectives.0.timeSliceTarget', REMOVE],
    ['SLO', 'spec.objectives.0.timeSliceTarget', 0],
    ['SLO', 'spec.objectives.0.timeSliceTarget', 1.1],
    ['SLO', 'spec.objectives.0.timeSliceWindow', REMOVE],
    ['SLO', 'spec.objectives.0.timeSliceWindow', 'soon'],
    ['SLO', 'spec.objectives.0.compositeWeight', 0],
    ['SLO', 'spec.indicator.spec', thresholdSpec, 'spec.objectives.0.op'],
    ['SLO', 'spec.indicator.spec', thresholdSpec, 'spec.objectives.0.value'],
    ['SLO', 'spec.alertPolicies.0', { alertPolicyRef: 'a', spec: policySpec() }],
    ['SLO', 'spec.alertPolicies.0', {}],
    ['SLO', 'spec.alertPolicies.0.alertPolicyRef', 'invalid ref'],
    [
      'SLO',
      'spec.alertPolicies.0',
      { kind: 'DataSource', metadata: { name: 'a' }, spec: policySpec() },
      'spec.alertPolicies.0.kind',
    ],
    ['SLO', 'spec.alertPolicies.0', { metadata: { name: 'a' }, spec: policySpec() }, 'spec.alertPolicies.0.kind'],
    ['SLI', 'spec', {}],
    ['SLI', 'spec.thresholdMetric', metric(), 'spec'],
    ['SLI', 'spec.ratioMetric', {}],
    ['SLI', 'spec.ratioMetric', { raw: metric(), rawType: 'success', total: metric(), good: metric() }],
    ['SLI', 'spec.ratioMetric', { raw: metric(), rawType: 'success', good: metric() }],
    ['SLI', 'spec.ratioMetric', { good: metric(), bad: metric(), total: metric() }],
    ['SLI', 'spec.ratioMetric', { total: metric() }],
    ['SLI', 'spec.ratioMetric', { raw: metric() }, 'spec.ratioMetric.rawType'],
    ['SLI', 'spec.ratioMetric', { raw: metric(), rawType: 'invalid' }, 'spec.ratioMetric.rawType'],
    ['SLI', 'spec.ratioMetric.total', {}, 'spec.ratioMetric.total.metricSource'],
    ['SLI', 'spec.ratioMetric.total.metricSource.spec', {}],
    ['SLI', 'spec.ratioMetric.good.metricSource.spec', REMOVE],
    ['SLI', 'spec.ratioMetric.good.metricSource.metricSourceRef', 'my datadog'],
    ['AlertCondition', 'spec.severity', ''],
    ['AlertCondition', 'spec.condition', REMOVE],
    ['AlertCondition', 'spec.condition.kind', 'other'],
    ['AlertCondition', 'spec.condition.kind', REMOVE],
    ['AlertCondition', 'spec.condition.op', 'lessThan'],
    ['AlertCondition', 'spec.condition.threshold', REMOVE],
    ['AlertCondition', 'spec.condition.lookbackWindow', REMOVE],
    ['AlertCondition', 'spec.condition.alertAfter', '1x'],
    ['AlertPolicy', 'spec.conditions', []],
    ['AlertPolicy', 'spec.conditions', [{ conditionRef: 'a' }, { conditionRef: 'b' }]],
    ['AlertPolicy', 'spec.conditions.0', { conditionRef: 'a', spec: condition() }],
    ['AlertPolicy', 'spec.conditions.0.conditionRef', 'invalid ref'],
    ['AlertPolicy', 'spec.notificationTargets', []],
    ['AlertPolicy', 'spec.notificationTargets', REMOVE],
    ['AlertPolicy', 'spec.notificationTargets.0', { targetRef: 'a', spec: { target: 'email' } }],
    ['AlertPolicy', 'spec.notificationTargets.0.targetRef', 'invalid ref'],
    ['AlertNotificationTarget', 'spec.target', REMOVE],
    ['DataSource', 'spec.type', REMOVE],
    ['DataSource', 'spec.connectionDetails', REMOVE],
    ['Service', 'spec.description', long(1051)],
    ['Service', 'spec.extra', 'x'],
  ])('%s: %s = %j', (kind, path, value, at = path) => {
    const expected = at.replaceAll(/\.(\d+)/g, '[$1]')
    expect(pathsOf(changed(kind, steps(path), value))).toContain(expected)
  })

  test('a composite SLO needs an indicator in every objective', () => {
    const objectives = [
      { target: 0.99, timeSliceTarget: 0.9, timeSliceWindow: '1m', indicator, compositeWeight: 2 },
      { target: 0.99, timeSliceTarget: 0.9, timeSliceWindow: '1m', indicatorRef: 'y' },
    ]
    const { indicator: _own, ...spec } = { ...sloSpec(), objectives }
    expect(check(changed('SLO', ['spec'], spec)).problems).toEqual([])
    const [first, second] = objectives
    const { indicatorRef: _reference, ...bare } = second ?? {}
    expect(pathsOf(changed('SLO', ['spec'], { ...spec, objectives: [first, bare] }))).toEqual([
      'spec.objectives[1].indicator',
    ])
  })
})
