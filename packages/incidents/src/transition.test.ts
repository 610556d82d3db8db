import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type IncidentEvent, type IncidentMachine, transitionIncident } from './transition.ts'

const OPEN: IncidentMachine = { state: 'open', acknowledgedAt: null, mitigatedAt: null, resolvedAt: null }
const set = (state: IncidentMachine['state']): IncidentEvent => ({ kind: 'set_state', state })

test.each<[string, IncidentMachine, IncidentEvent, Partial<IncidentMachine>, boolean, boolean]>([
  ['mitigate', OPEN, set('mitigated'), { state: 'mitigated', mitigatedAt: 9 }, true, false],
  [
    'come back',
    { ...OPEN, state: 'mitigated', mitigatedAt: 5 },
    set('open'),
    { state: 'open', mitigatedAt: null },
    true,
    false,
  ],
  ['resolve', OPEN, set('resolved'), { state: 'resolved', resolvedAt: 9 }, true, true],
  [
    'resolve keeps the mitigation',
    { ...OPEN, state: 'mitigated', mitigatedAt: 5 },
    set('resolved'),
    { mitigatedAt: 5, resolvedAt: 9 },
    true,
    true,
  ],
  ['last alert resolved', OPEN, { kind: 'alerts_resolved' }, { state: 'resolved', resolvedAt: 9 }, true, true],
  ['repeat', OPEN, set('open'), OPEN, false, false],
  [
    'alerts resolved after a person did',
    { ...OPEN, state: 'resolved', resolvedAt: 5 },
    { kind: 'alerts_resolved' },
    { resolvedAt: 5 },
    false,
    false,
  ],
  ['first acknowledgement', OPEN, { kind: 'acknowledged' }, { acknowledgedAt: 9 }, false, false],
  [
    'later acknowledgement',
    { ...OPEN, acknowledgedAt: 5 },
    { kind: 'acknowledged' },
    { acknowledgedAt: 5 },
    false,
    false,
  ],
])('%s', (_name, before, event, expected, changed, resolved) => {
  const next = transitionIncident(before, event, 9)
  expect(next.machine).toMatchObject(expected)
  expect([next.changed, next.resolved]).toEqual([changed, resolved])
})

test('a resolved incident is not opened again', () => {
  const resolved: IncidentMachine = { ...OPEN, state: 'resolved', resolvedAt: 5 }
  expect(() => transitionIncident(resolved, set('open'), 9)).toThrow('stays resolved')
})

test('whatever happens, it is resolved at most once and its instants fit its state', () => {
  const event = fc.constantFrom<IncidentEvent>(
    { kind: 'acknowledged' },
    { kind: 'alerts_resolved' },
    set('open'),
    set('mitigated'),
    set('resolved'),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), (events) => {
      let machine = OPEN
      let resolutions = 0
      for (const [i, e] of events.entries()) {
        if (machine.state === 'resolved' && e.kind === 'set_state' && e.state !== 'resolved') continue
        const next = transitionIncident(machine, e, i)
        machine = next.machine
        if (next.resolved) resolutions++
        expect(machine.resolvedAt !== null).toBe(machine.state === 'resolved')
        if (machine.state === 'open') expect(machine.mitigatedAt).toBeNull()
      }
      expect(resolutions).toBe(machine.state === 'resolved' ? 1 : 0)
    }),
  )
})
