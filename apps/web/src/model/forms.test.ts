import type { SliSpec } from '@nines/contracts'
import { sliSpec } from '@nines/contracts'
import { describe, expect, test } from 'vitest'
import { checkFieldName, checkToValues, describeAssertion, valuesToCheck } from './check-form.ts'
import { fieldPath, formErrors } from './form-errors.ts'
import { describeSli } from './describe-sli.ts'
import { emptySli, isPreviewable, sliFieldName, sliToValues, valuesToSli } from './sli-form.ts'

describe('form errors', () => {
  test.each([
    ['body/sli/total/metric', 'sli.total.metric'],
    ['/slug', 'slug'],
    ['body.steps[1].targets', 'steps.1.targets'],
    ['body/steps/0/delaySeconds', 'steps.0.delaySeconds'],
    ['name', 'name'],
  ])('%s names the field %s', (path, field) => {
    expect(fieldPath(path)).toBe(field)
  })

  test('the first message of a field wins, renamed fields land at their own name', () => {
    const issues = [
      { path: 'target', message: 'too high' },
      { path: 'target', message: 'second' },
      { path: 'body/sli/good/metric', message: 'is a gauge' },
    ]
    const rename = (path: string) => (path === 'target' ? 'targetPercent' : sliFieldName(path))
    expect(formErrors(issues, rename)).toEqual({ targetPercent: 'too high', 'sli.part.metric': 'is a gauge' })
  })
})

const specs: SliSpec[] = [
  {
    kind: 'ratio',
    good: { metric: 'ok', matchers: [{ label: 'code', op: '=~', value: '2..' }] },
    total: { metric: 'all', matchers: [] },
  },
  { kind: 'ratio', bad: { metric: 'failed', matchers: [] }, total: { metric: 'all', matchers: [] } },
  { kind: 'latency', histogram: { metric: 'duration', matchers: [] }, threshold: 0.4 },
  { kind: 'availability', checkId: 'chk_1' },
  { kind: 'gauge', gauge: { metric: 'queue', matchers: [] }, op: '<=', threshold: 0 },
  {
    kind: 'spans',
    service: 'shop',
    operation: 'pay',
    spanKinds: ['server'],
    attributes: [{ label: 'region', op: '=', value: 'eu' }],
    good: { withoutError: true, maxDurationMs: 250 },
  },
  {
    kind: 'logs',
    total: { service: 'shop', minSeverity: 0, body: { op: 'contains', value: 'order' }, attributes: [] },
    bad: { minSeverity: 17, attributes: [] },
  },
  {
    kind: 'time_slices',
    of: { kind: 'availability', checkId: 'chk_1' },
    sliceMinutes: 5,
    sliceTarget: 0.995,
  },
  { kind: 'ratio_time_slices', of: { kind: 'availability', checkId: 'chk_1' }, sliceMinutes: 1 },
  {
    kind: 'composite',
    combine: 'weighted',
    members: [
      { sloId: 'slo_1', weight: 3, noData: 'bad' },
      { sloId: 'slo_2', weight: 1, noData: 'ignore' },
    ],
  },
  {
    kind: 'composite',
    combine: 'all_of',
    members: [
      { sloId: 'slo_1', noData: 'good' },
      { sloId: 'slo_2', noData: 'ignore' },
    ],
  },
]

describe('SLI form', () => {
  test.each([
    ['sli.of.good.withoutError', 'spans', 'sli.spans.good.withoutError'],
    ['sli.service', 'spans', 'sli.spans.service'],
    ['sli.total.body.value', 'logs', 'sli.logs.total.body.value'],
    ['sli.of.bad.attributes.0.value', 'logs', 'sli.logs.part.attributes.0.value'],
    ['sli.of.total.metric', 'ratio', 'sli.total.metric'],
    ['sli.sliceTarget', 'gauge', 'sli.sliceTargetPercent'],
    ['sli.members.1.sloId', 'composite', 'sli.composite.members.1.sloId'],
    ['sli.members', 'composite', 'sli.members'],
  ] as const)('%s of %s names the field %s', (path, kind, field) => {
    expect(sliFieldName(path, { kind })).toBe(field)
  })

  test.each(specs)('%o survives the form', (spec) => {
    expect(valuesToSli(sliToValues(spec))).toEqual(spec)
    expect(sliSpec.safeParse(valuesToSli(sliToValues(spec))).success).toBe(true)
    expect(isPreviewable(sliToValues(spec))).toBe(true)
  })

  test('a gauge whose threshold is empty is not one against 0', () => {
    const values = { ...emptySli(), kind: 'gauge' as const, gauge: { metric: 'queue', matchers: [] } }
    expect(isPreviewable(values)).toBe(false)
    expect(sliSpec.safeParse(valuesToSli(values)).error?.issues[0]?.path).toEqual(['threshold'])
  })

  test('rows without a label are no conditions yet, and an empty form is not asked about', () => {
    const values = emptySli()
    expect(isPreviewable(values)).toBe(false)
    values.total = { metric: ' all ', matchers: [{ label: '', op: '=', value: '' }] }
    expect(valuesToSli(values)).toMatchObject({ total: { metric: 'all', matchers: [] } })
  })

  test('the SLI reads as a formula', () => {
    expect(specs.map(describeSli)).toEqual([
      'ok{code=~"2.."} ÷ all',
      '1 − failed ÷ all',
      'share of duration ≤ 0.4',
      'share of passed check runs',
      'share of samples of queue <= 0',
      'share of spans{name="pay", service="shop", region="eu"} without error and ≤ 250 ms',
      'share of logs{service="shop", body ∋ "order"} that are not {severity≥error}',
      'stretches of 5 minutes with share of passed check runs ≥ 99.5 %',
      'mean over minutes of share of passed check runs',
      'weighted mean of 2 SLOs',
      'minutes in which all of 2 SLOs met their targets',
    ])
  })
})

describe('check form', () => {
  test('defaults make a valid body once a name and a URL are given', () => {
    const body = valuesToCheck({ ...checkToValues(undefined), name: 'Home', url: 'https://example.com' })
    expect(body).toEqual({
      name: 'Home',
      serviceId: null,
      enabled: true,
      intervalSeconds: 30,
      timeoutMs: 10_000,
      config: {
        kind: 'http',
        url: 'https://example.com',
        method: 'GET',
        headers: {},
        body: undefined,
        assertions: [{ on: 'status', op: 'in_class', value: 2 }],
        allowPrivate: false,
      },
    })
  })

  test('an assertion keeps only the fields of its subject', () => {
    const values = checkToValues(undefined)
    values.assertions = [
      { on: 'header', op: 'contains', name: 'content-type', value: 'json' },
      { on: 'body', op: 'contains', name: 'left over', value: 'ok' },
    ]
    expect(valuesToCheck(values).config.assertions).toEqual([
      { on: 'header', op: 'contains', name: 'content-type', value: 'json' },
      { on: 'body', op: 'contains', value: 'ok' },
    ])
    expect(valuesToCheck(values).config.assertions.map(describeAssertion)).toEqual([
      'Header content-type contains “json”',
      'Body contains “ok”',
    ])
    expect(checkFieldName('config.assertions.0.value')).toBe('assertions.0.value')
  })
})
