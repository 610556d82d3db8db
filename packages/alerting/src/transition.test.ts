import type { RuleVerdict } from '@nines/contracts'
import { describe, expect, test } from 'vitest'
import { type AlertEvent, type AlertMachine, type AlertTiming, NO_ALERT } from './alert-machine.ts'
import { REOPEN_AFTER_MS, transition } from './transition.ts'

const T0 = 1_700_000_000_000
const seconds = (n: number) => T0 + n * 1000
const AT_ONCE: AlertTiming = { forSeconds: 0, resolveAfterSeconds: 60 }
const HELD: AlertTiming = { forSeconds: 30, resolveAfterSeconds: 60 }

const says = (verdict: RuleVerdict, atSecond: number): AlertEvent => ({
  kind: 'verdict',
  verdict,
  at: seconds(atSecond),
})
const ACK: AlertEvent = { kind: 'acknowledge' }
const RESOLVE: AlertEvent = { kind: 'resolve' }
const TIMER: AlertEvent = { kind: 'timer' }

/** Runs (second, event) pairs and writes down the state and effects after each. */
function run(timing: AlertTiming, ...steps: [number, AlertEvent][]): string[] {
  let machine: AlertMachine = NO_ALERT
  return steps.map(([second, event]) => {
    const next = transition(machine, event, seconds(second), timing)
    machine = next.machine
    return [machine.state, ...next.effects.map((e) => (e.kind === 'ignored' ? `(${e.reason})` : e.kind))].join(' ')
  })
}

describe('firing', () => {
  test('at once without forSeconds', () => {
    expect(run(AT_ONCE, [0, says('true', 0)])).toEqual(['firing opened fired'])
  })
  test('by the timer when the condition holds', () => {
    expect(run(HELD, [0, says('true', 0)], [29, TIMER], [30, TIMER])).toEqual([
      'pending opened',
      'pending (not_due)',
      'firing fired',
    ])
  })
  test('by a later verdict when the timer was lost', () => {
    expect(run(HELD, [0, says('true', 0)], [31, says('true', 31)])).toEqual(['pending opened', 'firing fired'])
  })
  test('not on silence', () => {
    const steps: [number, AlertEvent][] = [
      [0, says('true', 0)],
      [10, says('no_data', 10)],
      [30, TIMER],
      [40, says('true', 40)],
    ]
    expect(run(HELD, ...steps)).toEqual([
      'pending opened',
      'pending frozen',
      'pending (not_due)',
      'firing thawed fired',
    ])
  })
  test('not when the condition went away first', () => {
    expect(run(HELD, [0, says('true', 0)], [10, says('false', 10)], [30, TIMER])).toEqual([
      'pending opened',
      'resolved withdrawn',
      'resolved (already_resolved)',
    ])
  })
  test('a pending condition has to hold: nearly is not', () => {
    expect(run(HELD, [0, says('true', 0)], [10, says('holding', 10)], [20, says('true', 20)])).toEqual([
      'pending opened',
      'resolved withdrawn',
      'pending opened',
    ])
  })
  test('holding opens nothing', () => {
    expect(run(AT_ONCE, [0, says('holding', 0)])).toEqual(['none (nothing_open)'])
  })
  test('false and no_data open nothing', () => {
    expect(run(AT_ONCE, [0, says('false', 0)], [1, says('no_data', 1)])).toEqual([
      'none (nothing_open)',
      'none (nothing_open)',
    ])
  })
})

describe('resolving', () => {
  test('after the condition was false long enough', () => {
    expect(run(AT_ONCE, [0, says('true', 0)], [10, says('false', 10)], [69, TIMER], [70, TIMER])).toEqual([
      'firing opened fired',
      'firing',
      'firing (not_due)',
      'resolved resolved',
    ])
  })
  test('a true in between starts the wait again', () => {
    const steps: [number, AlertEvent][] = [
      [0, says('true', 0)],
      [10, says('false', 10)],
      [50, says('true', 50)],
      [70, TIMER],
      [80, says('false', 80)],
      [139, says('false', 139)],
      [140, TIMER],
    ]
    expect(run(AT_ONCE, ...steps).slice(3)).toEqual(['firing (not_due)', 'firing', 'firing', 'resolved resolved'])
  })
  test('silence breaks the run of false', () => {
    const steps: [number, AlertEvent][] = [
      [0, says('true', 0)],
      [10, says('false', 10)],
      [20, says('no_data', 20)],
      [70, TIMER],
      [80, says('false', 80)],
      [140, TIMER],
    ]
    expect(run(AT_ONCE, ...steps).slice(2)).toEqual([
      'firing frozen',
      'firing (not_due)',
      'firing thawed',
      'resolved resolved',
    ])
  })
  test('a condition that is not clear yet breaks it too', () => {
    const steps: [number, AlertEvent][] = [
      [0, says('true', 0)],
      [10, says('false', 10)],
      [20, says('holding', 20)],
      [70, TIMER],
      [80, says('false', 80)],
      [140, TIMER],
    ]
    expect(run(AT_ONCE, ...steps).slice(2)).toEqual(['firing', 'firing (not_due)', 'firing', 'resolved resolved'])
  })
  test('at once without resolveAfterSeconds', () => {
    const timing = { forSeconds: 0, resolveAfterSeconds: 0 }
    expect(run(timing, [0, says('true', 0)], [1, says('false', 1)])[1]).toBe('resolved resolved')
  })
})

describe('frozen', () => {
  const frozenSince = (...steps: [number, AlertEvent][]) => {
    let machine: AlertMachine = NO_ALERT
    return steps.map(([second, event]) => {
      machine = transition(machine, event, seconds(second), AT_ONCE).machine
      return machine.frozenSince === null ? null : (machine.frozenSince - seconds(0)) / 1000
    })
  }
  test('since the first no_data, until anything is measured', () => {
    const steps: [number, AlertEvent][] = [
      [0, says('true', 0)],
      [10, says('no_data', 10)],
      [20, says('no_data', 20)],
      [25, ACK],
      [30, says('holding', 30)],
      [40, says('no_data', 40)],
      [50, RESOLVE],
    ]
    expect(frozenSince(...steps)).toEqual([null, 10, 10, 10, null, 40, null])
  })
  test('a day of silence resolves nothing, whatever was last said before it', () => {
    for (const last of ['true', 'holding', 'false'] as const) {
      const steps: [number, AlertEvent][] = [
        [0, says('true', 0)],
        [10, says(last, 10)],
        [20, says('no_data', 20)],
        ...Array.from({ length: 24 }, (_, hour): [number, AlertEvent] => [hour * 3600 + 100, TIMER]),
      ]
      expect(run(AT_ONCE, ...steps).slice(3)).toEqual(Array.from({ length: 24 }, () => 'firing (not_due)'))
    }
  })
  test('one that is over or never was is not frozen', () => {
    expect(frozenSince([0, says('no_data', 0)], [1, says('true', 1)], [2, RESOLVE], [3, says('no_data', 3)])).toEqual([
      null,
      null,
      null,
      null,
    ])
  })
})

describe('people', () => {
  test('acknowledge once, resolve once, later ones are no-ops', () => {
    expect(run(AT_ONCE, [0, says('true', 0)], [1, ACK], [2, ACK], [3, RESOLVE], [4, RESOLVE], [5, ACK])).toEqual([
      'firing opened fired',
      'acknowledged acknowledged',
      'acknowledged (already_acknowledged)',
      'resolved resolved',
      'resolved (already_resolved)',
      'resolved (already_resolved)',
    ])
  })
  test('an acknowledged alert stays so while it burns and resolves by its condition', () => {
    const steps: [number, AlertEvent][] = [
      [0, says('true', 0)],
      [1, ACK],
      [10, says('true', 10)],
      [20, says('false', 20)],
      [80, TIMER],
    ]
    expect(run(AT_ONCE, ...steps).slice(2)).toEqual(['acknowledged', 'acknowledged', 'resolved resolved'])
  })
  test('nothing to act on', () => {
    expect(run(HELD, [0, ACK], [0, RESOLVE], [0, TIMER], [1, says('true', 1)], [2, ACK], [3, RESOLVE])).toEqual([
      'none (nothing_open)',
      'none (nothing_open)',
      'none (nothing_open)',
      'pending opened',
      'pending (not_fired_yet)',
      'resolved withdrawn',
    ])
  })
})

describe('after a resolve by hand', () => {
  test('a condition that still holds stays quiet until it was false once', () => {
    const steps: [number, AlertEvent][] = [
      [0, says('true', 0)],
      [5, RESOLVE],
      [10, says('true', 10)],
      [15, says('no_data', 15)],
      [20, says('true', 20)],
      [30, says('false', 30)],
      [35, says('no_data', 35)],
      [40, says('true', 40)],
    ]
    expect(run(AT_ONCE, ...steps).slice(2)).toEqual([
      'resolved (resolved_by_hand)',
      'resolved',
      'resolved (resolved_by_hand)',
      'resolved',
      'resolved',
      'firing opened fired',
    ])
  })
  test('or until five minutes have passed', () => {
    const later = 5 + REOPEN_AFTER_MS / 1000
    const steps: [number, AlertEvent][] = [
      [0, says('true', 0)],
      [5, RESOLVE],
      [later - 1, says('true', later - 1)],
      [later, says('true', later)],
    ]
    expect(run(AT_ONCE, ...steps).slice(2)).toEqual(['resolved (resolved_by_hand)', 'firing opened fired'])
  })
})

describe('a rule that is evaluated no more', () => {
  const RETIRE: AlertEvent = { kind: 'retire' }
  test('resolves its alert, whatever state it is in, once', () => {
    expect(run(AT_ONCE, [0, RETIRE], [1, says('true', 1)], [2, RETIRE], [3, RETIRE])).toEqual([
      'none (nothing_open)',
      'firing opened fired',
      'resolved resolved',
      'resolved (already_resolved)',
    ])
    expect(run(HELD, [0, says('true', 0)], [1, RETIRE])[1]).toBe('resolved withdrawn')
    expect(run(AT_ONCE, [0, says('true', 0)], [1, ACK], [2, RETIRE])[2]).toBe('resolved resolved')
  })
  test('opens another at once when it is enabled again and still true', () => {
    expect(run(AT_ONCE, [0, says('true', 0)], [1, RETIRE], [2, says('true', 2)])[2]).toBe('firing opened fired')
  })
})

describe('order', () => {
  test('repeats and older verdicts change nothing', () => {
    const steps: [number, AlertEvent][] = [
      [10, says('true', 10)],
      [10, says('true', 10)],
      [11, says('false', 9)],
    ]
    expect(run(AT_ONCE, ...steps).slice(1)).toEqual(['firing (stale_verdict)', 'firing (stale_verdict)'])
  })
  test('an evaluator whose clock ran ahead does not silence its successor', () => {
    const steps: [number, AlertEvent][] = [
      [0, says('true', 3600)],
      [10, says('false', 9)],
      [71, TIMER],
    ]
    expect(run(AT_ONCE, ...steps)).toEqual(['firing opened fired', 'firing', 'resolved resolved'])
  })
})
