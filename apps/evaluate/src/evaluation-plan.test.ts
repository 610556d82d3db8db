import { expect, test } from 'vitest'
import { EvaluationPlan } from './evaluation-plan.ts'
import { ratioSlo } from './ratio-slo.fixture.ts'
import { SloTracker } from './slo-tracker.ts'

const NOW = Date.UTC(2026, 10, 27)
const HEARD = { since: 0, until: NOW }
const selector = { metric: 'requests', matchers: [] }

const trackerOf = (id: string) => new SloTracker(ratioSlo(id, NOW, selector), NOW)

/** Takes what is due and looks at it; answers the ids. */
function lookAt(plan: EvaluationPlan, now: number, nextIn = 20_000): string[] {
  const due = plan.take(now)
  for (const tracker of due) {
    tracker.evaluate(now, HEARD)
    plan.schedule(tracker, now + nextIn)
  }
  return due.map(({ definition }) => definition.id)
}

function planOf(...ids: string[]) {
  const plan = new EvaluationPlan()
  const trackers = ids.map(trackerOf)
  for (const tracker of trackers) plan.add(tracker)
  return { plan, trackers: trackers as [SloTracker, ...SloTracker[]] }
}

test('an SLO is due when it is ready, then when its time comes, and not in between', () => {
  const { plan, trackers } = planOf('a')
  expect(lookAt(plan, NOW)).toEqual([])
  trackers[0].isReady = true
  expect(lookAt(plan, NOW)).toEqual(['a'])
  expect(lookAt(plan, NOW + 19_900)).toEqual([])
  expect(lookAt(plan, NOW + 20_000)).toEqual(['a'])
  expect(lookAt(plan, NOW + 20_100)).toEqual([])
})

test('what arrives is looked at at once after a pause, and four times a second while it keeps arriving', () => {
  const { plan, trackers } = planOf('a', 'b')
  for (const tracker of trackers) tracker.isReady = true
  lookAt(plan, NOW)
  const [a] = trackers
  a.touch()
  expect(lookAt(plan, NOW + 5_000)).toEqual(['a'])
  const looks = []
  for (let at = NOW + 5_000; at < NOW + 6_000; at += 50) {
    a.touch()
    if (lookAt(plan, at).length > 0) looks.push(at - NOW)
  }
  expect(looks).toEqual([5_250, 5_500, 5_750])
  // What came last is not forgotten.
  expect(lookAt(plan, NOW + 6_000)).toEqual(['a'])
  expect(lookAt(plan, NOW + 20_000)).toEqual(['b'])
})

test('a clock that is set back by hours holds nothing up, and one that is set forward makes nothing due twice', () => {
  const { plan, trackers } = planOf('a')
  trackers[0].isReady = true
  lookAt(plan, NOW)
  expect(lookAt(plan, NOW - 7_200_000)).toEqual(['a'])
  expect(lookAt(plan, NOW - 7_200_000 + 100)).toEqual([])
  expect(lookAt(plan, NOW + 7_200_000)).toEqual(['a'])
  expect(lookAt(plan, NOW + 7_200_100)).toEqual([])
})

test('one that was given up is not due, whatever arrives for it, and cannot be scheduled', () => {
  const { plan, trackers } = planOf('a')
  const [a] = trackers
  a.isReady = true
  lookAt(plan, NOW)
  plan.remove(a)
  plan.schedule(a, NOW + 100)
  expect(plan.holds(a)).toBe(false)
  a.touch()
  expect(lookAt(plan, NOW + 60_000)).toEqual([])
})

test('where looks would take more than their share of a core, those just looked at wait longer', () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => `slo-${i}`)
  const { plan } = planOf(...ids)
  expect(plan.busyIntervalMs).toBe(250)
  for (let i = 0; i < 100; i++) plan.noteCost(100, 100)
  // 1,000 looks of a millisecond each at a quarter of a core.
  expect(plan.busyIntervalMs).toBeCloseTo(4_000, -1)
  for (let i = 0; i < 100; i++) plan.noteCost(100, 100_000)
  expect(plan.busyIntervalMs).toBe(15_000)
})
