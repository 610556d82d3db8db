import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { exportOpenSlo, type KeptText } from '../export/export-code.ts'
import { keptText } from '../export/kept-text.fixture.ts'
import { loadCode } from '../load-code.ts'
import { isUnchanged, planCode } from '../plan/plan-code.ts'
import type { CodeState, Live } from '../plan/planned.ts'
import { namedSteps, stepsOf, type DesiredPolicy } from './budget-policy.ts'

const freeze = { kind: 'freeze' as const }
const notify = { kind: 'notify' as const, channel: 'Team hook' }
const spec = (change: object = {}) => ({
  steps: [
    { budgetLeftBelow: 0.25, actions: [notify, { kind: 'note', text: 'Slow down.' }] },
    { budgetLeftBelow: 0, actions: [{ kind: 'ticket', channel: 'Tickets' }, freeze] },
  ],
  ...change,
})
const policy = (change: object = {}, name = 'Shop') => ({
  apiVersion: 'nines/v1',
  kind: 'BudgetPolicy',
  metadata: { name },
  spec: spec(change),
})
const read = (document: unknown, file = 'p.yaml') => loadCode([{ path: file, content: stringify(document) }])

test('what it says, and what it leaves to Nines', () => {
  const { documents, problems } = read(policy())
  expect(problems).toEqual([])
  expect(documents).toMatchObject([{ format: 'nines', kind: 'BudgetPolicy', name: 'Shop', slos: [], notes: [] }])
  expect(documents[0]?.budgetPolicies).toEqual([
    { name: 'Shop', description: '', margin: 0.05, onUnknown: 'allow', ...spec() },
  ])
})

test.each<[unknown, string]>([
  [{ ...policy(), kind: 'Policy' }, 'kind'],
  [{ ...policy(), kind: undefined }, 'kind'],
  [{ ...policy(), metadata: {} }, 'metadata.name'],
  [{ ...policy(), metadata: { name: ' ' } }, 'metadata.name'],
  [{ ...policy(), status: {} }, 'status'],
  [policy({ steps: undefined }), 'spec.steps'],
  [policy({ steps: [] }), 'spec.steps'],
  [policy({ margin: 2 }), 'spec.margin'],
  [policy({ onUnknown: 'deny' }), 'spec.onUnknown'],
  [policy({ slos: ['a'] }), 'spec.slos'],
  [policy({ steps: [{ budgetLeftBelow: 1, actions: [freeze] }] }), 'spec.steps[0].budgetLeftBelow'],
  [policy({ steps: [{ actions: [freeze] }] }), 'spec.steps[0].budgetLeftBelow'],
  [policy({ steps: [{ budgetLeftBelow: 0, actions: [] }] }), 'spec.steps[0].actions'],
  [policy({ steps: [{ budgetLeftBelow: 0, actions: [{ kind: 'page' }] }] }), 'spec.steps[0].actions[0].kind'],
  [policy({ steps: [{ budgetLeftBelow: 0, actions: [{ kind: 'notify' }] }] }), 'spec.steps[0].actions[0].channel'],
  [policy({ steps: [{ budgetLeftBelow: 0, actions: [{ kind: 'note' }] }] }), 'spec.steps[0].actions[0].text'],
  // Where messages go, and what signs them, stays in Nines.
  [
    policy({ steps: [{ budgetLeftBelow: 0, actions: [{ ...notify, url: 'https://a.example/' }] }] }),
    'spec.steps[0].actions[0].url',
  ],
  [
    policy({ steps: [{ budgetLeftBelow: 0, actions: [{ ...notify, secret: 's3cret' }] }] }),
    'spec.steps[0].actions[0].secret',
  ],
  [policy({ steps: [{ budgetLeftBelow: 0, actions: [notify, notify] }] }), 'spec.steps[0].actions[1]'],
  [
    policy({ steps: [0.5, 0.5].map((budgetLeftBelow) => ({ budgetLeftBelow, actions: [freeze] })) }),
    'spec.steps[1].budgetLeftBelow',
  ],
])('%j is refused at %s', (document, path) => {
  const { documents, problems } = read(document)
  expect(documents).toEqual([])
  expect(problems.map((problem) => [problem.file, problem.document, problem.path])).toEqual([['p.yaml', 1, path]])
})

test('one name in two files is refused', () => {
  const files = ['a.yaml', 'b.yaml'].map((path) => ({ path, content: stringify(policy()) }))
  expect(loadCode(files).problems).toMatchObject([
    { file: 'b.yaml', path: 'metadata.name', message: 'BudgetPolicy Shop is in a.yaml:1 already' },
  ])
})

const text = (max: number) => fc.string({ unit: 'grapheme', minLength: 1, maxLength: max }).map((one) => one.trim())
const someText = (max: number) => text(max).filter((one) => one !== '' && one.length <= max)
const action = fc.oneof(
  fc.record({ kind: fc.constantFrom('notify' as const, 'ticket' as const), channel: someText(120) }),
  fc.constant(freeze),
  fc.record({ kind: fc.constant('note' as const), text: someText(500) }),
)
const subjectOf = (one: { kind: string; channel?: string }) => `${one.kind} ${one.channel ?? ''}`
const step = fc.record({
  budgetLeftBelow: fc.double({ min: -100, max: 0.999, noNaN: true }).map((share) => share + 0),
  actions: fc.uniqueArray(action, { minLength: 1, maxLength: 6, selector: subjectOf }),
})
const desired: fc.Arbitrary<DesiredPolicy> = fc.record({
  name: someText(120),
  description: fc.string({ unit: 'grapheme', maxLength: 2000 }),
  steps: fc.uniqueArray(step, { minLength: 1, maxLength: 8, selector: (one) => one.budgetLeftBelow }),
  margin: fc.double({ min: 0, max: 1, noNaN: true }),
  onUnknown: fc.constantFrom('allow' as const, 'freeze' as const),
})
const stateOf = (...budgetPolicies: Live<DesiredPolicy>[]): CodeState & { kept: KeptText[] } => ({
  services: [],
  slos: [],
  budgetPolicies,
  corrections: [],
  kept: [],
})

test('any policy goes out as a document and comes back the same', () => {
  fc.assert(
    fc.property(desired, (policyHere) => {
      const exported = exportOpenSlo(stateOf({ ...policyHere, id: 'bpo_1' }))
      const { documents, problems } = loadCode([{ path: 'all.yaml', content: exported.join('---\n') }])
      expect(problems).toEqual([])
      expect(documents.map((one) => one.budgetPolicies)).toEqual([[policyHere]])
      const ids = new Map<string, string>()
      const kept = stepsOf(policyHere.steps, (channel) => {
        ids.set(`id of ${channel}`, channel)
        return `id of ${channel}`
      })
      expect(namedSteps(kept, (id) => ids.get(id) ?? '')).toEqual(policyHere.steps)
    }),
    { numRuns: 100 },
  )
})

/** The state after a document was applied, the policy then changed in Nines. */
function applied(document: object, change: Partial<DesiredPolicy> = {}): CodeState & { kept: KeptText[] } {
  const [one] = read(document).documents
  const [policyHere] = one?.budgetPolicies ?? []
  if (one === undefined || policyHere === undefined) throw new Error('no policy')
  const kept = keptText(one, { budgetPolicies: [{ id: 'bpo_1', applied: policyHere }] })
  const down = policyHere.steps.toSorted((a, b) => b.budgetLeftBelow - a.budgetLeftBelow)
  return { ...stateOf({ ...policyHere, steps: down, id: 'bpo_1', ...change }), kept: [kept] }
}
const plan = (document: object | null, state: CodeState, prune = false) => {
  const content = document === null ? '# nothing\n' : stringify(document)
  return planCode(loadCode([{ path: 'p.yaml', content }]).documents, state, { files: ['p.yaml'], prune })
}

describe('a plan', () => {
  test('creates, then finds nothing to do, whatever the order of the steps', () => {
    expect(plan(policy(), stateOf()).budgetPolicies).toMatchObject([{ change: { action: 'create', slug: 'Shop' } }])
    expect(isUnchanged(plan(policy(), applied(policy())))).toBe(true)
    const upwards = policy({ steps: spec().steps.toReversed() })
    expect(isUnchanged(plan(upwards, applied(upwards)))).toBe(true)
  })

  test('takes over one of the same name that was made here', () => {
    const made = { ...applied(policy()), kept: [] }
    const { budgetPolicies, documents } = plan(policy({ margin: 0.1 }), made)
    expect(budgetPolicies).toMatchObject([
      {
        change: {
          action: 'update',
          id: 'bpo_1',
          drifted: false,
          fields: [{ path: 'margin', before: 0.05, after: 0.1 }],
        },
      },
    ])
    expect(documents).toMatchObject([{ change: { action: 'create' } }])
  })

  test('names steps by their thresholds', () => {
    const other = policy({
      steps: [
        { budgetLeftBelow: 0.25, actions: [notify] },
        { budgetLeftBelow: -1, actions: [freeze] },
      ],
    })
    const [planned] = plan(other, applied(policy())).budgetPolicies
    expect(planned?.change.fields.map(({ path }) => path)).toEqual(['steps.0', 'steps.0.25', 'steps.-1'])
  })

  test('names what somebody else changed, the name too, and would set it back', () => {
    const changed = applied(policy(), { name: 'Store', onUnknown: 'freeze' })
    expect(plan(policy(), changed).budgetPolicies).toMatchObject([
      {
        change: {
          action: 'update',
          id: 'bpo_1',
          drifted: true,
          fields: [
            { path: 'name', before: 'Store', after: 'Shop' },
            { path: 'onUnknown', before: 'freeze', after: 'allow' },
          ],
        },
      },
    ])
  })

  test('leaves what files say no more, or removes it when pruning', () => {
    expect(plan(null, applied(policy())).budgetPolicies).toMatchObject([{ change: { action: 'left', place: null } }])
    expect(plan(null, applied(policy()), true).budgetPolicies).toMatchObject([{ change: { action: 'remove' } }])
    const renamed = plan(policy({}, 'Store'), applied(policy()), true).budgetPolicies
    expect(renamed.map(({ change }) => `${change.action} ${change.slug}`)).toEqual(['create Store', 'remove Shop'])
  })
})

describe('an export', () => {
  test('is to the letter what was applied, until it has drifted', () => {
    expect(exportOpenSlo(applied(policy()))).toEqual([stringify(policy())])
    const [drifted] = exportOpenSlo(applied(policy(), { margin: 0.5 }))
    expect(drifted).toContain('# was changed in Nines since it was applied from p.yaml (nines)')
    expect(loadCode([{ path: 'x', content: drifted ?? '' }]).documents[0]?.budgetPolicies).toMatchObject([
      { name: 'Shop', margin: 0.5 },
    ])
  })
})
