import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AlertEffect, type AlertEvent, type AlertMachine, NO_ALERT } from './alert-machine.ts'
import { transition } from './transition.ts'

const T0 = 1_700_000_000_000
const timing = fc.record({
  forSeconds: fc.constantFrom(0, 5, 30),
  resolveAfterSeconds: fc.constantFrom(0, 10, 60),
})
const verdict = fc.constantFrom('true' as const, 'holding' as const, 'false' as const, 'no_data' as const)
const step = fc.record({
  afterMs: fc.integer({ min: 0, max: 20_000 }),
  /** Offset of a verdict's instant from now: late, repeated and early ones. */
  skewMs: fc.integer({ min: -30_000, max: 1_000 }),
  event: fc.oneof(
    verdict.map((v) => ({ kind: 'verdict' as const, verdict: v })),
    fc.constantFrom(
      { kind: 'acknowledge' as const },
      { kind: 'resolve' as const },
      { kind: 'retire' as const },
      { kind: 'timer' as const },
    ),
  ),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface Trace {
  before: AlertMachine
  after: AlertMachine
  event: AlertEvent
  effects: AlertEffect[]
  now: number
}

function walk(steps: Step[], rule: { forSeconds: number; resolveAfterSeconds: number }): Trace[] {
  let machine = NO_ALERT
  let now = T0
  return steps.map(({ afterMs, skewMs, event }) => {
    now += afterMs
    const full: AlertEvent = event.kind === 'verdict' ? { ...event, at: now + skewMs } : event
    const before = machine
    const next = transition(before, full, now, rule)
    machine = next.machine
    return { before, after: next.machine, event: full, effects: next.effects, now }
  })
}

const kinds = (trace: Trace) => trace.effects.map((e) => e.kind)
const isOpen = (machine: AlertMachine) => machine.state !== 'none' && machine.state !== 'resolved'
const each = (check: (trace: Trace, rule: { forSeconds: number; resolveAfterSeconds: number }) => void) =>
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), timing, (steps, rule) => {
      for (const trace of walk(steps, rule)) check(trace, rule)
    }),
    { numRuns: 500 },
  )

test('an alert opens only while none is open', () => {
  each((trace) => {
    if (kinds(trace).includes('opened')) expect(isOpen(trace.before)).toBe(false)
    if (!isOpen(trace.before) && isOpen(trace.after)) expect(kinds(trace)).toContain('opened')
  })
})

test('a resolved alert keeps its instants and state until a new one is opened', () => {
  each((trace) => {
    if (trace.before.state !== 'resolved' || kinds(trace).includes('opened')) return
    const { verdictAt: _v, lastVerdict: _l, ...kept } = trace.after
    const { verdictAt: _v2, lastVerdict: _l2, ...was } = trace.before
    expect(kept).toEqual(was)
  })
})

test('silence and true verdicts never end an alert', () => {
  each((trace) => {
    if (!isOpen(trace.before) || trace.after.state !== 'resolved') return
    if (trace.event.kind === 'verdict') {
      expect(['false', 'holding']).toContain(trace.event.verdict)
      // Nearly true ends only what has told nobody yet.
      if (trace.event.verdict === 'holding') expect(trace.before.state).toBe('pending')
    }
    if (trace.event.kind === 'timer') expect(trace.before.lastVerdict).toBe('false')
  })
})

test('it fires only on a condition that is true and held for forSeconds, and resolves only after resolveAfterSeconds', () => {
  each((trace, rule) => {
    if (kinds(trace).includes('fired')) {
      expect(trace.after.lastVerdict).toBe('true')
      expect(trace.now - (trace.after.startedAt ?? Infinity)).toBeGreaterThanOrEqual(rule.forSeconds * 1000)
    }
    if (trace.effects.some((e) => e.kind === 'resolved' && e.by === 'condition')) {
      expect(trace.now - (trace.after.falseSince ?? Infinity)).toBeGreaterThanOrEqual(rule.resolveAfterSeconds * 1000)
    }
  })
})

test('repeating any event at the same instant changes nothing more', () => {
  each((trace, rule) => {
    const again = transition(trace.after, trace.event, trace.now, rule)
    const repeated = again.effects.filter((e) => e.kind !== 'ignored')
    // A timer still due would have acted the first time; a verdict repeated is stale; people's actions are idempotent.
    expect(repeated).toEqual([])
    expect(again.machine.state).toBe(trace.after.state)
  })
})

test('a waiting timer always comes due: an open alert whose newest verdict decides it has a due time', () => {
  each(({ after }) => {
    if (after.state === 'pending' && after.lastVerdict === 'true') expect(after.dueAt).not.toBeNull()
    if ((after.state === 'firing' || after.state === 'acknowledged') && after.lastVerdict === 'false') {
      expect(after.dueAt).not.toBeNull()
    }
    if (after.state === 'resolved' || after.state === 'none') expect(after.dueAt).toBeNull()
  })
})

test('an open alert is frozen exactly while its newest verdict is no_data', () => {
  each(({ before, after, effects }) => {
    expect(after.frozenSince !== null).toBe(isOpen(after) && after.lastVerdict === 'no_data')
    const did = new Set(effects.map((effect) => effect.kind))
    if (did.has('frozen')) expect([before.frozenSince, after.frozenSince === null]).toEqual([null, false])
    if (did.has('thawed')) expect([before.frozenSince === null, after.frozenSince]).toEqual([false, null])
  })
})
