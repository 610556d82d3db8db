import { burnRateCondition, type OwnSli, type RuleVerdict } from '@nines/contracts'
import { seededRandom } from '@nines/kernel'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@nines/slo'
import { expect, test } from 'vitest'
import { ratioSlo } from './ratio-slo.fixture.ts'
import { SloTracker } from './slo-tracker.ts'

const NOW = Date.UTC(2026, 10, 27, 9, 30)
const HEARD = { since: 0, until: NOW }
const SELECTOR = { metric: 'requests', matchers: [] }
const RATIO: OwnSli = { kind: 'ratio', good: SELECTOR, total: SELECTOR }
const SLIS: OwnSli[] = [
  RATIO,
  { kind: 'time_slices', of: RATIO, sliceMinutes: 7, sliceTarget: 0.95 },
  { kind: 'ratio_time_slices', of: RATIO, sliceMinutes: 1440 },
]
const pair = (hours: number, factor: number) => ({ longSeconds: hours * 3600, shortSeconds: hours * 300, factor })
const rule = (id: string, pairs: object[], match = 'any') => ({
  id,
  name: id,
  severity: 'critical' as const,
  condition: burnRateCondition.parse({ kind: 'burn_rate', pairs, match, clearBelow: 0.8 }),
})
const RULES = [
  rule('page', [pair(1, 14.4), pair(6, 6)]),
  rule('ticket', [pair(24, 3), pair(72, 1)]),
  rule('mixed', [pair(1, 2), pair(24, 3)]),
  rule('all', [pair(1, 2), pair(24, 1)], 'all'),
  {
    id: 'silence',
    name: 'silence',
    severity: 'warning' as const,
    condition: { kind: 'absence' as const, unmeasuredSeconds: 900, resolveAfterSeconds: 60 },
  },
]

/** Five days of minutes, with outages and gaps; at times it ends minutes or hours ago. */
function historyOf(random: () => number) {
  const minutes = (5 * DAY_MS) / MINUTE_MS
  const total = new Float64Array(minutes)
  const good = new Float64Array(minutes)
  const endsAgo = random() < 0.3 ? Math.floor(random() * 600) : 0
  let [left, share, isMeasured] = [0, 0, true]
  for (let i = 0; i < minutes; i++) {
    if (left-- === 0) {
      left = Math.floor(random() * 600)
      share = random() < 0.5 ? 0 : 10 ** (-4 * random())
      isMeasured = random() < 0.9
    }
    const count = isMeasured && i < minutes - endsAgo ? 1 + Math.floor(random() * 500) : NaN
    total[i] = count
    good[i] = count - Math.round(count * share * random())
  }
  return { good, total }
}

/** Takes the minutes of [from, to), in minutes before now, as what was persisted. */
function restore(tracker: SloTracker, history: ReturnType<typeof historyOf>, from: number, to: number): void {
  const start = NOW - history.total.length * MINUTE_MS
  const [first, last] = [from, to].map((at) => Math.max(0, (at - start) / MINUTE_MS)) as [number, number]
  const [good, total] = [history.good.subarray(first, last), history.total.subarray(first, last)]
  tracker.accumulator.restore(start + first * MINUTE_MS, good, total)
}

function trackerOf(sli: OwnSli): SloTracker {
  // Nothing is in the tail: what is persisted reaches to now.
  const definition = { ...ratioSlo('slo', NOW, SELECTOR), sli, target: 0.99, rules: RULES }
  return new SloTracker(definition, NOW + HOUR_MS)
}

test('with the recent past alone it says what the whole says or nothing, and with the rest behind it the same as the whole', () => {
  const decided = new Map<string, number>()
  for (let seed = 1; seed <= 90; seed++) {
    const random = seededRandom(seed)
    const history = historyOf(random)
    const sli = SLIS[seed % SLIS.length] as OwnSli
    const [whole, parted] = [trackerOf(sli), trackerOf(sli)]
    restore(whole, history, -Infinity, NOW)
    whole.isReady = true
    const all = whole.evaluate(NOW, HEARD)

    const from = parted.recentFrom(NOW)
    restore(parted, history, from, NOW)
    parted.becomeRecent(from)
    const recent = parted.evaluate(NOW, HEARD)
    expect(recent.status).toBeNull()
    for (const { ruleId, verdict } of recent.results) {
      expect(verdict, `seed ${seed}, ${ruleId}`).toBe(all.results.find((one) => one.ruleId === ruleId)?.verdict)
      decided.set(`${ruleId} ${verdict}`, (decided.get(`${ruleId} ${verdict}`) ?? 0) + 1)
    }
    restore(parted, history, -Infinity, from)
    parted.becomeWhole()
    expect(parted.counted).toBeNull()
    expect(parted.evaluate(NOW, HEARD)).toEqual(all)
  }
  for (const said of ['page true', 'page false', 'mixed true', 'all false', 'silence true', 'silence false'])
    expect(decided.get(said) ?? 0, said).toBeGreaterThan(0)
  // Over days nothing is known, but that nothing has been measured for long.
  expect([...decided.keys()].filter((said) => said.startsWith('ticket'))).toEqual(['ticket no_data'])
})

test('of a rule that was decided and is not any more nobody can tell: neither may a timer fire its alert nor resolve it', () => {
  const tracker = trackerOf(RATIO)
  const from = tracker.recentFrom(NOW)
  const length = (NOW - from) / MINUTE_MS
  const total = new Float64Array(length).fill(100)
  const isDown = (i: number) => i >= length - 30
  tracker.accumulator.restore(
    from,
    total.map((count, i) => (isDown(i) ? 0 : count)),
    total,
  )
  tracker.becomeRecent(from)
  const verdictOf = (at: number): RuleVerdict | undefined =>
    tracker.evaluate(at, HEARD).results.find(({ ruleId }) => ruleId === 'mixed')?.verdict
  expect(verdictOf(NOW)).toBe('true')
  tracker.accumulator.restore(NOW, new Float64Array(20).fill(100), new Float64Array(20).fill(100))
  // Nothing of it had been said.
  expect(verdictOf(NOW + 20 * MINUTE_MS)).toBeUndefined()
  tracker.saidVerdicts.set('mixed', { verdict: 'true', at: NOW, repeatsLeft: 0, mayBeOpen: true })
  expect(verdictOf(NOW + 20 * MINUTE_MS)).toBe('no_data')
})
