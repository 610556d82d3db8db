import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { exportOpenSlo, type KeptText } from '../export/export-code.ts'
import { keptText } from '../export/kept-text.fixture.ts'
import { loadCode } from '../load-code.ts'
import { isUnchanged, planCode } from '../plan/plan-code.ts'
import type { CodeState, Live } from '../plan/planned.ts'
import type { DesiredCorrection } from './correction.ts'

const correction = (change: object = {}, name = 'backup') => ({
  apiVersion: 'nines/v1',
  kind: 'Correction',
  metadata: { name },
  spec: {
    slo: 'checkout',
    effect: 'exclude',
    startsAt: '2026-01-01T02:00:00+01:00',
    endsAt: '2026-01-01T02:30:00+01:00',
    rrule: 'FREQ=DAILY',
    timeZone: 'Europe/Berlin',
    reason: 'Backup',
    ...change,
  },
})
const read = (document: unknown) => loadCode([{ path: 'c.yaml', content: stringify(document) }])
const said: DesiredCorrection = {
  name: 'backup',
  slo: 'checkout',
  service: null,
  effect: 'exclude',
  startsAt: '2026-01-01T01:00:00.000Z',
  endsAt: '2026-01-01T01:30:00.000Z',
  rrule: 'FREQ=DAILY',
  timeZone: 'Europe/Berlin',
  outside: false,
  reason: 'Backup',
}

test('what it says; instants become UTC', () => {
  const { documents, problems } = read(correction())
  expect(problems).toEqual([])
  expect(documents).toMatchObject([{ format: 'nines', kind: 'Correction', name: 'backup', notes: [] }])
  expect(documents[0]?.corrections).toEqual([said])
})

test.each<[object, string]>([
  [{ effect: 'ignore' }, 'spec.effect'],
  [{ startsAt: undefined }, 'spec.startsAt'],
  [{ startsAt: 'yesterday' }, 'spec.startsAt'],
  [{ endsAt: '2026-01-01T01:00:00+01:00' }, 'spec.endsAt'],
  [{ endsAt: '2028-01-01T01:00:00+01:00' }, 'spec.endsAt'],
  [{ rrule: 'FREQ=SECONDLY' }, 'spec.rrule'],
  [{ rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, 'spec.rrule'],
  [{ timeZone: 'Europe/Nowhere' }, 'spec.timeZone'],
  [{ effect: 'count', outside: true }, 'spec.outside'],
  [{ reason: ' ' }, 'spec.reason'],
  [{ slo: 'Checkout works' }, 'spec.slo'],
  [{ sloId: 'slo_1' }, 'spec.sloId'],
])('%j is refused at %s', (change, path) => {
  const { documents, problems } = read(correction(change))
  expect(documents).toEqual([])
  expect(problems.map((problem) => [problem.file, problem.path])).toEqual([['c.yaml', path]])
})

const stateOf = (...corrections: Live<DesiredCorrection>[]): CodeState & { kept: KeptText[] } => ({
  services: [],
  slos: [],
  budgetPolicies: [],
  corrections,
  kept: [],
})

test('any correction goes out as a document and comes back the same', { timeout: 60_000 }, () => {
  const slug = fc.option(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/))
  const startsAt = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  const one = fc
    .record({
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
      slo: slug,
      service: slug,
      effect: fc.constantFrom('exclude' as const, 'good' as const),
      startsAt,
      minutes: fc.integer({ min: 1, max: 366 * 24 * 60 }),
      rrule: fc.option(fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,TU', 'FREQ=MONTHLY;BYMONTHDAY=1;COUNT=3')),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Apia'),
      outside: fc.boolean(),
      reason: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 500 }),
    })
    .map(({ minutes, ...rest }): DesiredCorrection => {
      const endsAt = new Date(rest.startsAt.getTime() + minutes * 60_000).toISOString()
      const texts = { name: rest.name.trim(), reason: rest.reason.trim() }
      return { ...rest, ...texts, startsAt: rest.startsAt.toISOString(), endsAt }
    })
    .filter(({ name, reason }) => name !== '' && name.length <= 120 && reason !== '' && reason.length <= 500)
  fc.assert(
    fc.property(one, (desired) => {
      const content = exportOpenSlo(stateOf({ ...desired, id: 'cor_1' })).join('---\n')
      const { documents, problems } = loadCode([{ path: 'all.yaml', content }])
      expect(problems).toEqual([])
      expect(documents.map((document) => document.corrections)).toEqual([[desired]])
    }),
    // Each looks for recurrences over ten years.
    { numRuns: 40 },
  )
})

/** The state after the document was applied. */
function applied(...live: Live<DesiredCorrection>[]): CodeState & { kept: KeptText[] } {
  const [one] = read(correction()).documents
  if (one === undefined) throw new Error('no document')
  const kept = keptText(one, { corrections: [{ id: 'cor_1', applied: said }] })
  return { ...stateOf(...live), kept: [kept] }
}
const plan = (document: object | null, state: CodeState, prune = false) => {
  const content = document === null ? '# nothing\n' : stringify(document)
  return planCode(loadCode([{ path: 'c.yaml', content }]).documents, state, { files: ['c.yaml'], prune })
}
const actions = (...args: Parameters<typeof plan>) =>
  plan(...args).corrections.map(({ change }) => `${change.action} ${change.id}`)

describe('a plan', () => {
  const held = { ...said, id: 'cor_1' }
  test('creates, finds nothing to do, says what differs, makes again what was revoked', () => {
    expect(actions(correction(), stateOf())).toEqual(['create null'])
    expect(isUnchanged(plan(correction(), applied(held)))).toBe(true)
    const longer = plan(correction({ endsAt: '2026-01-01T03:00:00+01:00' }), applied(held)).corrections
    expect(longer).toMatchObject([
      { change: { action: 'update', id: 'cor_1', drifted: false, fields: [{ path: 'endsAt', before: said.endsAt }] } },
    ])
    expect(actions(correction(), applied())).toEqual(['create null'])
  })

  test('takes over what nobody named and is the same, once', () => {
    const byHand = { ...said, id: 'cor_9', name: 'cor_9' }
    expect(actions(correction(), stateOf(byHand))).toEqual(['unchanged cor_9'])
    expect(actions(correction({ reason: 'Other' }), stateOf(byHand))).toEqual(['create null'])
    const two = ['a', 'b'].map((name) => stringify(correction({}, name))).join('---\n')
    const { documents } = loadCode([{ path: 'c.yaml', content: two }])
    const { corrections } = planCode(documents, stateOf(byHand), { files: ['c.yaml'], prune: false })
    expect(corrections.map(({ change }) => change.action)).toEqual(['unchanged', 'create'])
  })

  test('leaves or revokes what files say no more, and nothing that no file said', () => {
    const byHand = { ...said, id: 'cor_9', name: 'cor_9', reason: 'By hand' }
    expect(actions(null, applied(held, byHand))).toEqual(['left cor_1'])
    expect(actions(null, applied(held, byHand), true)).toEqual(['remove cor_1'])
  })
})
