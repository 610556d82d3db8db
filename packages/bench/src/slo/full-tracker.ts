import type { SloTracker } from '@nines/app-evaluate'
import { newId } from '@nines/kernel'
import { defaultAlertRules, MINUTE_MS, minuteOf } from '@nines/slo'
import { RandomBits } from '../load/random-bits.ts'
import { EVALUATED_METRIC } from './evaluation-load.ts'

const DAY_MS = 86_400_000
const REQUESTS_PER_MINUTE = 1_000
const BAD_ODDS = 20
const SELECTOR = { metric: EVALUATED_METRIC, matchers: [] }

/** An SLO whose window of so many days is full, in this process alone. */
export function fullTracker(
  Tracker: typeof SloTracker,
  { days, now, seed }: { days: number; now: number; seed: number },
): SloTracker {
  const target = 0.999
  const window = { kind: 'rolling' as const, days }
  const tracker = new Tracker(
    {
      id: newId('slo'),
      workspaceId: 'bench',
      workspaceNumber: 1,
      name: 'Bench',
      version: 1,
      versionCreatedAt: now,
      sli: {
        kind: 'ratio',
        bad: { ...SELECTOR, matchers: [{ label: 'status', op: '=', value: '500' }] },
        total: SELECTOR,
      },
      target,
      window,
      furtherObjectives: [],
      corrections: [],
      checkCadence: [],
      rules: defaultAlertRules({ target, window }).map((rule) => ({ id: newId('rule'), ...rule })),
    },
    now,
  )
  const random = new RandomBits(seed + 1)
  const total = Float64Array.from(
    { length: (days * DAY_MS) / MINUTE_MS },
    () => REQUESTS_PER_MINUTE + random.below(200),
  )
  const good = total.map((count) => count - Number(random.below(BAD_ODDS) === 0))
  tracker.accumulator.restore(minuteOf(now) - days * DAY_MS, good, total)
  tracker.isReady = true
  return tracker
}
