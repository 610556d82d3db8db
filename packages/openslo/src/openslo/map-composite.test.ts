import { defaultAlertRules } from '@nines/slo'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exportOpenSlo } from '../export/export-code.ts'
import { loadCode } from '../load-code.ts'
import { document, load, prometheus, ratio, spec } from './slo-document.fixture.ts'

const inline = (name: string, metric: string, more: object = {}) => ({
  metadata: { name },
  spec: { ratioMetric: { counter: true, bad: prometheus(`${metric}_bad_total`), total: prometheus(metric) }, ...more },
})
const own = (name: string, change: object = {}) => ({ target: 0.99, indicator: inline(name, name), ...change })
const slice = { timeSliceTarget: 0.95, timeSliceWindow: '1m' }
const composite = (objectives: object[], change: object = {}, more: object = {}) =>
  document('SLO', 'journey', spec({ indicator: undefined, objectives, ...change }), more)
const only = (...documents: object[]) => {
  const [first] = load(...documents)
  if (first === undefined) throw new Error('no document')
  return first
}
const notesOf = (...documents: object[]) =>
  only(...documents).notes.map((note) => `${note.effect} ${note.path.join('.')}`)

describe('a composite that Nines computes', () => {
  test('its objectives are SLOs with their own targets, and the whole is over them', () => {
    const objectives = [
      own('cart', { displayName: 'Cart works', targetPercent: 99.9, target: undefined }),
      { target: 0.99, indicatorRef: 'pay', compositeWeight: 2 },
    ]
    const shared = document('SLI', 'pay', { description: 'Payments that work', ratioMetric: ratio })
    const made = only(composite(objectives, { description: 'Buys' }, { displayName: 'Journey' }), shared)
    const window = { kind: 'rolling', days: 28 }
    const silence = defaultAlertRules({ target: 0.99, window: { kind: 'rolling', days: 28 } }).at(-1)
    expect(made.notes).toEqual([])
    expect(made.slos).toMatchObject([
      {
        slug: 'journey-cart-works',
        name: 'Journey: Cart works',
        service: 'web',
        target: 0.999,
        window,
        sli: { kind: 'ratio', total: { metric: 'cart' } },
        rules: [{ ...silence, enabled: true }],
      },
      { slug: 'journey-pay', name: 'Journey: pay', description: 'Payments that work', target: 0.99, window },
      {
        slug: 'journey',
        name: 'Journey',
        description: 'Buys',
        sli: {
          kind: 'composite',
          combine: 'weighted',
          members: [
            { sloId: 'journey-cart-works', weight: 10, noData: 'ignore' },
            { sloId: 'journey-pay', weight: 2, noData: 'ignore' },
          ],
        },
        target: expect.closeTo(1 - 0.01 / 12, 14),
        window,
      },
    ])
    expect(made.slos[2]?.rules.map(({ name }) => name)).toEqual(['page', 'ticket', 'silence'])
  })

  test('alert policies, the budget policy and further objectives are those of the whole', () => {
    const annotations = {
      'nines/budget-policy': 'Shop',
      'nines/further-objectives': JSON.stringify([{ target: 0.9, window: { kind: 'rolling', days: 7 } }]),
    }
    const { slos } = only(composite([own('cart'), own('pay')], { alertPolicies: [] }, { annotations }))
    expect(slos.map(({ rules, budgetPolicy, furtherObjectives }) => [rules, budgetPolicy, furtherObjectives])).toEqual([
      [[], undefined, []],
      [[], undefined, []],
      [[], { name: 'Shop', objective: 0 }, [{ target: 0.9, window: { kind: 'rolling', days: 7 } }]],
    ])
  })

  test('slices of time: all of them; by their ratio: a mean', () => {
    const sliced = [own('cart', slice), own('pay', slice)]
    expect(only(composite(sliced, { budgetingMethod: 'Timeslices' })).slos).toMatchObject([
      { sli: { kind: 'time_slices', sliceTarget: 0.95 }, target: 0.99 },
      { sli: { kind: 'time_slices' } },
      {
        target: 0.99,
        sli: { combine: 'all_of', members: [{ sloId: 'journey-cart' }, { sloId: 'journey-pay' }] },
      },
    ])
    expect(only(composite(sliced, { budgetingMethod: 'RatioTimeslices' })).slos[2]).toMatchObject({
      target: 0.995,
      sli: { combine: 'weighted', members: [{ weight: 1 }, { weight: 1 }] },
    })
  })

  test('targets that differ leave the target of the whole to an annotation', () => {
    const sliced = [own('cart', slice), own('pay', { ...slice, target: 0.9 })]
    const by = (budgetingMethod: string, annotations?: object) =>
      composite(sliced, { budgetingMethod }, annotations === undefined ? {} : { annotations })
    for (const method of ['Timeslices', 'RatioTimeslices']) {
      const { slos, notes } = only(by(method))
      expect(slos).toEqual([])
      expect(notes).toMatchObject([
        {
          effect: 'not_evaluated',
          path: ['metadata', 'annotations', 'nines/target'],
          message: expect.stringContaining('is required: the objectives have different targets'),
        },
      ])
      expect(only(by(method, { 'nines/target': '0.95' })).slos).toHaveLength(3)
      for (const text of ['95', '1', '0', '', 'high'])
        expect(notesOf(by(method, { 'nines/target': text }))).toEqual([
          'not_evaluated metadata.annotations.nines/target',
        ])
    }
    expect(only(by('Timeslices', { 'nines/target': '0.95' })).slos[2]?.target).toBe(0.95)
  })

  test('objectives of one name are told apart, and none takes the name of the whole', () => {
    const { slos } = only(composite([own('cart'), own('cart'), own('pay', { displayName: '支払い' })]))
    expect(slos.map(({ slug }) => slug)).toEqual(['journey-cart', 'journey-cart-2', 'journey-3', 'journey'])
  })

  test('one objective is an SLO as any other', () => {
    const { slos, notes } = only(composite([own('cart')]))
    expect([slos, notes]).toMatchObject([[{ slug: 'journey', target: 0.99, sli: { kind: 'ratio' } }], []])
    expect(slos).toHaveLength(1)
  })
})

describe('what a composite cannot be is said, and nothing is made of it', () => {
  const bare = { metadata: { name: 'x' }, spec: { ratioMetric: { ...ratio, counter: false } } }
  test.each<[object[], object, string[]]>([
    [
      [own('cart'), { target: 0.9, indicatorRef: 'gone' }],
      {},
      ['not_evaluated spec.objectives.1.indicatorRef', 'not_evaluated spec.objectives'],
    ],
    [
      [own('cart'), { target: 0.9, indicator: bare }],
      {},
      ['not_evaluated spec.objectives.1.indicator.spec.ratioMetric.counter', 'not_evaluated spec.objectives'],
    ],
    [
      [own('cart'), own('pay', { target: 0 })],
      {},
      ['not_evaluated spec.objectives.1.target', 'not_evaluated spec.objectives'],
    ],
    [[{ target: 0.9, indicatorRef: 'gone' }], {}, ['not_evaluated spec.objectives.0.indicatorRef']],
    [Array.from({ length: 26 }, (_, i) => own(`m${i}`)), {}, ['not_evaluated spec.objectives']],
    [[own('a', { compositeWeight: 1e-6 }), own('b', { compositeWeight: 1e-6 })], {}, ['not_evaluated spec.objectives']],
    [
      [own('a', slice), own('b', { ...slice, timeSliceWindow: '5m' })],
      { budgetingMethod: 'Timeslices' },
      ['not_evaluated spec.objectives.1.timeSliceWindow'],
    ],
  ])('%j %j', (objectives, change, notes) => {
    const made = composite(objectives, change)
    expect(only(made).slos).toEqual([])
    expect(notesOf(made)).toEqual(notes)
  })

  test.each<[object[], object, object, string[]]>([
    [[own('a', { compositeWeight: 2 })], {}, {}, ['not_used spec.objectives.0.compositeWeight']],
    [
      [own('a', { ...slice, compositeWeight: 2 }), own('b', slice)],
      { budgetingMethod: 'Timeslices' },
      {},
      ['not_used spec.objectives.0.compositeWeight'],
    ],
    [
      [own('a'), own('b')],
      {},
      { annotations: { 'nines/target': '0.9' } },
      ['not_used metadata.annotations.nines/target'],
    ],
  ])('what has no effect is said: %j %j', (objectives, change, more, notes) => {
    const made = composite(objectives, change, more)
    expect(only(made).slos.length).toBeGreaterThan(0)
    expect(notesOf(made)).toEqual(notes)
  })
})

test('any composite goes out as Nines holds it and comes back the same', () => {
  const objective = fc.record({
    target: fc.constantFrom(0.5, 0.9, 0.99, 0.995, 0.9999),
    compositeWeight: fc.option(fc.double({ min: 1, max: 1000, noNaN: true }), { nil: undefined }),
  })
  const methods = fc.constantFrom('Occurrences', 'Timeslices', 'RatioTimeslices')
  fc.assert(
    fc.property(fc.array(objective, { minLength: 2, maxLength: 6 }), methods, (objectives, budgetingMethod) => {
      const parts = objectives.map((one, i) => ({ ...own(`m${i}`), ...slice, ...one }))
      const { slos } = only(composite(parts, { budgetingMethod }, { annotations: { 'nines/target': '0.97' } }))
      expect(slos).toHaveLength(objectives.length + 1)
      const state = {
        services: [],
        slos: slos.map((slo) => ({ ...slo, id: slo.slug })),
        budgetPolicies: [],
        corrections: [],
        kept: [],
      }
      const { documents, problems } = loadCode([{ path: 'all.yaml', content: exportOpenSlo(state).join('---\n') }])
      expect(problems).toEqual([])
      expect(documents.flatMap((one) => one.slos)).toEqual(slos)
    }),
    { numRuns: 50 },
  )
})
