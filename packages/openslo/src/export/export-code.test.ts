import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { slugOf, type DesiredRule, type DesiredService, type DesiredSlo } from '../desired/desired.ts'
import { loadCode } from '../load-code.ts'
import { planCode, isUnchanged } from '../plan/plan-code.ts'
import type { CodeState, KeptDocument } from '../plan/planned.ts'
import { keptText } from './kept-text.fixture.ts'
import { exportOpenSlo, exportOriginal, type KeptText } from './export-code.ts'

const text = (min: number, max: number) =>
  fc
    .string({ unit: 'grapheme', minLength: min, maxLength: max })
    .map((s) => s.trim())
    .filter((s) => s.length >= min && s.length <= max)
const slug = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/).filter((s) => slugOf(s) === s)
const selector = fc.record({
  metric: text(1, 60).filter((s) => s !== ''),
  matchers: fc.array(
    fc.record({
      label: text(1, 20),
      op: fc.constantFrom('=' as const, '!=' as const),
      value: fc.string({ maxLength: 30 }),
    }),
    { maxLength: 3 },
  ),
})
const sli = fc.oneof(
  fc.record({ kind: fc.constant('ratio' as const), good: selector, total: selector }),
  fc.record({ kind: fc.constant('ratio' as const), bad: selector, total: selector }),
  fc.record({
    kind: fc.constant('latency' as const),
    histogram: selector,
    threshold: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  }),
  fc.record({ kind: fc.constant('availability' as const), checkId: text(1, 20) }),
)
const rule: fc.Arbitrary<DesiredRule> = fc.record({
  name: text(1, 80),
  severity: fc.constantFrom('critical' as const, 'warning' as const, 'info' as const),
  enabled: fc.boolean(),
  condition: fc.oneof(
    fc.record({
      kind: fc.constant('burn_rate' as const),
      pairs: fc.array(
        fc.record({
          longSeconds: fc.integer({ min: 60, max: 300_000 }),
          shortSeconds: fc.integer({ min: 60, max: 30_000 }),
          factor: fc.double({ min: 0.01, max: 1000, noNaN: true }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      forSeconds: fc.integer({ min: 0, max: 86_400 }),
      resolveAfterSeconds: fc.integer({ min: 0, max: 86_400 }),
      minBadEvents: fc.integer({ min: 1, max: 50 }),
      match: fc.constantFrom('any' as const, 'all' as const),
      clearBelow: fc.double({ min: 0.1, max: 1, noNaN: true }),
      significance: fc.option(fc.double({ min: 1e-12, max: 0.5, noNaN: true })),
    }),
    fc.record({
      kind: fc.constant('absence' as const),
      unmeasuredSeconds: fc.integer({ min: 120, max: 7 * 86_400 }),
      resolveAfterSeconds: fc.integer({ min: 0, max: 86_400 }),
    }),
  ),
})
const target = fc.double({ min: 1e-6, max: 1 - 1e-9, noNaN: true })
const rolling = fc.record({ kind: fc.constant('rolling' as const), days: fc.integer({ min: 1, max: 366 }) })
const calendar = fc.record({
  kind: fc.constant('calendar' as const),
  unit: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'quarter' as const, 'year' as const),
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Apia'),
})
const sloWithoutPolicy: fc.Arbitrary<DesiredSlo> = fc.record({
  slug,
  name: text(1, 120),
  description: text(0, 2000),
  service: slug,
  sli,
  target,
  window: fc.oneof({ arbitrary: rolling, weight: 2 }, calendar),
  furtherObjectives: fc.array(fc.record({ target, window: fc.oneof(rolling, calendar) }), { maxLength: 4 }),
  rules: fc.uniqueArray(rule, { maxLength: 4, selector: (one) => one.name }),
})

const budgetPolicy = fc.record({ name: text(1, 120), objective: fc.option(fc.integer({ min: 0, max: 7 })) })
const slo = fc.oneof(
  sloWithoutPolicy,
  fc.tuple(sloWithoutPolicy, budgetPolicy).map(([one, policy]): DesiredSlo => ({ ...one, budgetPolicy: policy })),
)

const document = (parts: string[]) => parts.join('---\n')

describe('what Nines holds goes out as OpenSLO and comes back the same', () => {
  test('any SLO and service', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(slo, text(1, 120), text(0, 2000), (desired, name, description) => {
        const service: DesiredService = { slug: desired.service, name, description, isImplied: false }
        const state = {
          services: [{ ...service, id: 's' }],
          slos: [{ ...desired, id: 'x' }],
          budgetPolicies: [],
          corrections: [],
          kept: [],
        }
        const loaded = loadCode([{ path: 'x.yaml', content: document(exportOpenSlo(state)) }])
        expect(loaded.problems).toEqual([])
        expect(loaded.documents.flatMap((one) => one.slos)).toMatchObject([desired])
        expect(loaded.documents.flatMap((one) => one.services).filter((one) => !one.isImplied)).toEqual([service])
        expect(loaded.documents.flatMap((one) => one.notes)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  test('a policy that somebody edits after the export counts as edited', () => {
    const [one] = fc.sample(slo, { numRuns: 1, seed: 7 })
    const condition = { kind: 'burn_rate' as const, pairs: [{ longSeconds: 3600, shortSeconds: 300, factor: 14.4 }] }
    const guards = { match: 'any' as const, clearBelow: 0.9, minBadEvents: 3, significance: 1e-5 }
    const full = { ...condition, ...guards, forSeconds: 0, resolveAfterSeconds: 60 }
    const page: DesiredRule = { name: 'page', severity: 'critical', enabled: true, condition: full }
    const state = {
      services: [],
      slos: [{ ...(one as DesiredSlo), id: 'x', rules: [page] }],
      budgetPolicies: [],
      corrections: [],
      kept: [],
    }
    const edited = document(exportOpenSlo(state)).replace('threshold: 14.4', 'threshold: 10')
    const [loaded] = loadCode([{ path: 'x.yaml', content: edited }]).documents
    expect(loaded?.slos[0]?.rules[0]?.condition).toMatchObject({
      pairs: [{ longSeconds: 3600, shortSeconds: 3600, factor: 10 }],
    })
    expect(loaded?.notes.map((note) => note.effect)).toEqual(['changed'])
  })
})

test('a rule for silence alerts on missing data, and on no burn, where others read it', () => {
  const [one] = fc.sample(slo, { numRuns: 1, seed: 7 })
  const silence: DesiredRule = {
    name: 'silence',
    severity: 'warning',
    enabled: true,
    condition: { kind: 'absence', unmeasuredSeconds: 1200, resolveAfterSeconds: 60 },
  }
  const state = {
    services: [],
    slos: [{ ...(one as DesiredSlo), id: 'x', rules: [silence] }],
    budgetPolicies: [],
    corrections: [],
    kept: [],
  }
  const text = document(exportOpenSlo(state))
  expect(text).toContain('alertWhenNoData: true')
  expect(text).toContain('alertWhenBreaching: false')
  const edited = loadCode([
    { path: 'x.yaml', content: text.replace('alertWhenNoData: true', 'alertWhenNoData: false') },
  ])
  expect(edited.documents[0]?.slos[0]?.rules).toMatchObject([{ enabled: false, condition: { kind: 'burn_rate' } }])
})

const yaml = `# The web works
apiVersion: openslo/v1
kind: SLO
metadata: { name: web, labels: { team: [a, b] } }
spec:
  service: web
  indicator:
    metadata: { name: ok }
    spec:
      ratioMetric:
        counter: true
        good: { metricSource: { type: Prometheus, spec: { query: a_total, dimensions: [x] } } }
        total: { metricSource: { type: Prometheus, spec: { query: b_total } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`
/** Nines does not compute it: what goes up and down is no counter. */
const uncomputed = yaml.replace('name: web,', 'name: other,').replace('counter: true', 'counter: false')

/** The state after files were applied. */
function applied(content: string, file = 'slo.yaml'): CodeState & { kept: KeptText[] } {
  const { documents, problems } = loadCode([{ path: file, content }])
  expect(problems).toEqual([])
  const services = new Map(documents.flatMap((one) => one.services).map((one) => [one.slug, one]))
  const slos = documents.flatMap((one) => one.slos).map((one) => ({ ...one, id: `slo_${one.slug}` }))
  const kept = documents.map((one) =>
    keptText(one, { slos: one.slos.map((each) => ({ id: `slo_${each.slug}`, applied: each })) }),
  )
  return {
    services: [...services.values()].map((one) => ({ ...one, id: `svc_${one.slug}` })),
    slos,
    budgetPolicies: [],
    corrections: [],
    kept,
  }
}
const plan = (content: string, state: CodeState, prune = false, file = 'slo.yaml') =>
  planCode(loadCode([{ path: file, content }]).documents, state, { files: [file], prune })
const summary = (planned: ReturnType<typeof plan>) =>
  [...planned.services, ...planned.slos, ...planned.documents].map(({ change }) => {
    const name = 'slug' in change ? change.slug : change.name
    return `${change.action} ${change.kind} ${name}`
  })
const EMPTY: CodeState = { services: [], slos: [], budgetPolicies: [], corrections: [], kept: [] }

describe('documents from code', () => {
  test('come back to the letter, comments and what Nines does not compute with them', () => {
    const state = applied(`${yaml}---\n${uncomputed}`)
    expect(exportOriginal(state)).toEqual([yaml, uncomputed])
    expect(exportOpenSlo(state).slice(1)).toEqual([yaml, uncomputed])
  })

  test('that have drifted come back as they are now, saying so', () => {
    const state = applied(yaml)
    const drifted = { ...state, slos: state.slos.map((one) => ({ ...one, target: 0.95 })) }
    const [, changed] = exportOpenSlo(drifted)
    expect(changed).toContain('# was changed in Nines since it was applied from slo.yaml')
    expect(loadCode([{ path: 'x', content: changed ?? '' }]).documents[0]?.slos).toEqual([
      { ...state.kept[0]?.slos[0]?.applied, target: 0.95 },
    ])
    expect(exportOriginal(drifted)).toEqual([yaml])
  })
})

describe('a plan', () => {
  test('creates, then finds nothing to do', () => {
    expect(summary(plan(yaml, EMPTY))).toEqual(['create Service web', 'create SLO web', 'create SLO web'])
    expect(isUnchanged(plan(yaml, EMPTY))).toBe(false)
    expect(isUnchanged(plan(yaml, applied(yaml)))).toBe(true)
    expect(isUnchanged(plan(yaml.replace('# The web works', '# other words'), applied(yaml)))).toBe(true)
    expect(isUnchanged(plan(yaml, applied(yaml), false, 'moved.yaml'))).toBe(true)
  })

  test('names what code changes', () => {
    const { slos, documents } = plan(yaml.replace('target: 0.99', 'target: 0.995'), applied(yaml))
    expect(slos[0]?.change).toMatchObject({ action: 'update', id: 'slo_web', drifted: false, place: { line: 2 } })
    expect(slos[0]?.change.fields[0]).toEqual({ path: 'target', before: 0.99, after: 0.995 })
    expect(documents[0]?.change.action).toBe('update')
  })

  test('names what somebody else changed, and would set it back', () => {
    const state = applied(yaml)
    const renamed = { ...state, slos: state.slos.map((one) => ({ ...one, name: 'Other' })) }
    const { slos, documents } = plan(yaml, renamed)
    expect(slos[0]?.change).toMatchObject({
      action: 'update',
      drifted: true,
      fields: [{ path: 'name', before: 'Other', after: 'web' }],
    })
    expect(documents[0]?.change.action).toBe('unchanged')
  })

  test('a rule that was switched off and code does not know makes no difference; one that is on does', () => {
    const state = applied(yaml)
    const extra = (enabled: boolean) => ({
      ...state,
      slos: state.slos.map((one) => ({
        ...one,
        rules: [...one.rules, { ...(one.rules[0] as DesiredRule), name: 'x', enabled }],
      })),
    })
    expect(isUnchanged(plan(yaml, extra(false)))).toBe(true)
    expect(plan(yaml, extra(true)).slos[0]?.change.fields.map((field) => field.path)).toEqual(['rules.x'])
  })

  test('leaves what files say no more, or removes it when pruning', () => {
    const both = applied(`${yaml}---\n${yaml.replace('name: web,', 'name: shop,')}`)
    expect(summary(plan(yaml, both)).filter((line) => !line.startsWith('unchanged'))).toEqual([
      'left SLO shop',
      'left SLO shop',
    ])
    expect(summary(plan(yaml, both, true))).toContain('remove SLO shop')
    // Files that were not given say nothing about what to forget.
    expect(
      isUnchanged(plan(yaml, { ...both, kept: both.kept.map((one: KeptDocument) => ({ ...one, file: 'b.yaml' })) })),
    ).toBe(true)
  })

  test('an SLO that turns into one that is not computed is left', () => {
    const turned = uncomputed.replace('name: other', 'name: web')
    expect(summary(plan(turned, applied(yaml)))).toEqual(['left SLO web', 'update SLO web'])
  })
})
