import { seededRandom } from '@nines/kernel'
import { expect, test } from 'vitest'
import { evaluateRules, type SloTerms } from '../evaluate-rules.ts'
import { MinuteSeries } from '../minute-series.ts'
import { MINUTE_MS } from '../minute.ts'

import { RuleReplay } from '../rule-replay.ts'
import { silenceAfter } from '../silence.ts'
import { sloStatusAt } from '../slo-status.ts'
import { burnRate, windowCounts } from '../window-burn.ts'
import { budgetContributions, CONTRIBUTION_UNITS } from './budget-contributions.ts'
import { Composite, type MemberOfComposite } from './composite.ts'
import { oracleWindow, type OracleTime, type OracleWindow } from './composite-oracle.fixture.ts'
import { randomComposite, randomCounts, SPAN_MINUTES, START, type RandomComposite } from './random-composite.fixture.ts'
import { spreadMinutes } from './spread-minutes.ts'

const SEEDS = Array.from({ length: 200 }, (_, i) => i)
const MINUTES = Array.from({ length: SPAN_MINUTES + 20 }, (_, i) => START + i * MINUTE_MS)

const close = (value: number, to: number) =>
  expect(Math.abs(value - to)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(to)))

function expectLike(counts: { good: number; total: number }, { bad, total }: ReturnType<typeof oracleWindow>): void {
  close(counts.total, bad === null ? 0 : total)
  if (bad !== null) close((counts.total - counts.good) / counts.total, bad)
}

/** Compares every kind of question at one instant. */
function compare({ composite, oracle }: RandomComposite, random: () => number, now: number): void {
  composite.advance(now)
  const minutes = MINUTES.filter((minute) => minute <= now)
  const time: OracleTime = { minutes, endedBy: now, since: new Map() }
  const windowOf = (weigh: (minute: number) => number): OracleWindow =>
    minutes.map((minute) => [minute, weigh(minute)] as const).filter(([, weight]) => weight > 0)
  for (let i = 0; i < 3; i++) {
    const first = Math.floor(random() * SPAN_MINUTES)
    const from = START + first * MINUTE_MS
    const to = Math.min(from + Math.floor(random() * 40) * MINUTE_MS, Math.floor(now / MINUTE_MS) * MINUTE_MS)
    expectLike(
      composite.counts.sum(from, to),
      oracleWindow(
        oracle,
        time,
        windowOf((minute) => (minute >= from && minute <= to ? 1 : 0)),
      ),
    )
    const seconds = 60 + Math.floor(random() * 4000)
    const start = now - seconds * 1000
    expectLike(
      windowCounts(composite.counts, now, seconds),
      oracleWindow(
        oracle,
        time,
        windowOf((minute) => Math.max(0, Math.min(1, (minute + MINUTE_MS - start) / MINUTE_MS))),
      ),
    )
  }
}

test('trees of composites with gaps, idle times, corrections and every no-data rule are what brute force says', () => {
  for (const seed of SEEDS) {
    const random = seededRandom(seed)
    const made = randomComposite(random)
    compare(made, random, START + 70 * MINUTE_MS + 30_500)
    // Later, after late data changed, added and took away minutes anywhere.
    for (const leaf of made.leaves) {
      for (let i = 0; i < 10; i++) {
        const counts = random() < 0.2 ? null : randomCounts(random)
        leaf.put(START + Math.floor(random() * SPAN_MINUTES) * MINUTE_MS, counts)
      }
    }
    compare(made, random, START + 95 * MINUTE_MS + Math.floor(random() * 60_000))
  }
}, 120_000)

function leaf(counts: readonly ([number, number] | null)[]): MinuteSeries {
  const series = new MinuteSeries()
  for (const [i, one] of counts.entries()) {
    if (one) series.set(START + i * MINUTE_MS, { good: one[0], total: one[1] })
  }
  return series
}
const member = (minutes: MinuteSeries | Composite, change: Partial<MemberOfComposite> = {}): MemberOfComposite => ({
  minutes,
  target: 0.99,
  weight: 1,
  noData: 'ignore',
  silence: silenceAfter(600),
  covered: [],
  ...change,
})
const hour = (one: [number, number] | null) => Array.from({ length: 60 }, () => one)

test('the burn is that of the combined SLI, never a mean of the burns of the members', () => {
  // 98.95 % at 99.9 % burns 10.5 times, 100 % not at all: the mean of the burns would be 5.25.
  const strict = member(leaf(hour([9895, 10_000])), { target: 0.999 })
  const calm = member(leaf(hour([10_000, 10_000])), { target: 0.9 })
  const composite = new Composite('weighted', [strict, calm])
  const end = START + 60 * MINUTE_MS
  composite.advance(end)
  const burn = burnRate(windowCounts(composite.counts, end, 3600), 0.99125)
  expect(burn).toBeCloseTo(0.6, 9)
})

test('the SLI lies where its kind puts it: worst at or below weighted, critical path at or below worst', () => {
  for (const seed of SEEDS) {
    const random = seededRandom(seed)
    const leaves = Array.from({ length: 4 }, () => leaf(Array.from({ length: 60 }, () => randomCounts(random))))
    const sliOf = (combine: 'weighted' | 'worst_of' | 'critical_path', scale = 1) => {
      const composite = new Composite(
        combine,
        leaves.map((one, i) => member(one, { weight: scale * (i + 1) })),
      )
      const { good, total } = composite.counts.sum(START, START + 59 * MINUTE_MS)
      return good / total
    }
    const slis = leaves.map((one) => one.sum(START, START + 59 * MINUTE_MS)).map(({ good, total }) => good / total)
    const [weighted, worst, path] = [sliOf('weighted'), sliOf('worst_of'), sliOf('critical_path')]
    close(worst, Math.min(...slis))
    expect(weighted).toBeGreaterThanOrEqual(worst - 1e-12)
    expect(weighted).toBeLessThanOrEqual(Math.max(...slis) + 1e-12)
    expect(path).toBeLessThanOrEqual(worst + 1e-12)
    // Weights are relative.
    close(sliOf('weighted', 1000), weighted)
  }
}, 60_000)

test('events: their sum where weights follow traffic, as few as are known where they do not, journeys on a path', () => {
  const [many, few] = [leaf(hour([990, 1000])), leaf(hour([10, 10]))]
  const totalOf = (combine: 'weighted' | 'critical_path', weights: [number, number]) =>
    new Composite(combine, [member(many, { weight: weights[0] }), member(few, { weight: weights[1] })]).counts.sum(
      START,
      START + 59 * MINUTE_MS,
    ).total
  close(totalOf('weighted', [100, 1]), 60 * 1010)
  expect(totalOf('weighted', [1, 1])).toBeCloseTo(4 / (1 / 60_000 + 1 / 600), 6)
  const alike = new Composite('critical_path', [member(many), member(leaf(hour([1000, 1000])))])
  close(alike.counts.sum(START, START + 59 * MINUTE_MS).total, 60_000)
})

test.each([
  ['ignore', 0],
  ['good', 0],
  ['bad', 0.25],
] as const)('a member that fell silent counts by its rule %s once its silence has lasted', (noData, bad) => {
  const quiet = member(leaf([...hour([10, 10]).slice(0, 20), ...hour(null).slice(0, 40)]), { noData })
  const composite = new Composite('weighted', [member(leaf(hour([10, 10]))), quiet])
  const end = START + 60 * MINUTE_MS
  composite.advance(end)
  const { good, total } = windowCounts(composite.counts, end, 3600)
  // Ten minutes pass before anybody calls it silence: 20 minutes were measured, 31 count as silent (the tenth is the first).
  close((total - good) / total, bad === 0 ? 0 : (31 / 51) * 0.5)
})

test.each([['ignore'], ['good'], ['bad']] as const)('all_of by minute with a silent member, rule %s', (noData) => {
  const first: [number, number][] = hour([10, 10]).map((one, i) => (i === 30 ? [9, 10] : (one as [number, number])))
  const quiet = member(leaf([...hour([1, 1]).slice(0, 20), ...hour(null).slice(0, 40)]), { noData })
  const composite = new Composite('all_of', [member(leaf(first)), quiet])
  composite.advance(START + 60 * MINUTE_MS)
  const { good, total } = composite.counts.sum(START, START + 59 * MINUTE_MS)
  expect([total, total - good]).toEqual([60, noData === 'bad' ? 31 : 1])
})

test('silence of all members is no data, whatever their rules', () => {
  const composite = new Composite('weighted', [
    member(leaf([[1, 1]]), { noData: 'bad' }),
    member(leaf([[1, 1]]), { noData: 'good' }),
  ])
  composite.advance(START + 60 * MINUTE_MS)
  expect(windowCounts(composite.counts, START + 60 * MINUTE_MS, 1800)).toEqual({ good: 0, total: 0 })
})

test('contributions are integers that sum to the whole exactly, and nobody pays for what was good', () => {
  for (const seed of SEEDS) {
    const random = seededRandom(seed)
    const { composite } = randomComposite(random)
    composite.advance(START + SPAN_MINUTES * MINUTE_MS)
    const span = { from: START, to: START + SPAN_MINUTES * MINUTE_MS }
    const units = budgetContributions(composite, span)
    const { good, total } = composite.counts.sum(span.from, span.to - MINUTE_MS)
    if (total - good <= 1e-9) continue
    expect(units.reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(CONTRIBUTION_UNITS)
    expect(units.every((one) => Number.isInteger(one) && (one ?? -1) >= 0)).toBe(true)
  }
}, 60_000)

test('contributions by kind', () => {
  const bads = [3, 1, 0].map((bad) => leaf(hour([100 - bad, 100])))
  const of = (combine: MemberOfCombine, change: Partial<MemberOfComposite>[] = []) => {
    const composite = new Composite(
      combine,
      bads.map((one, i) => member(one, change[i])),
    )
    const end = START + 60 * MINUTE_MS
    composite.advance(end)
    return budgetContributions(composite, { from: START, to: end })
  }
  expect(of('weighted')).toEqual([750_000, 250_000, 0])
  expect(of('weighted', [{ weight: 1 }, { weight: 6 }])).toEqual([333_333, 666_667, 0])
  expect(of('worst_of')).toEqual([1_000_000, 0, 0])
  expect(of('critical_path')).toEqual([750_000, 250_000, 0])
  expect(of('all_of')).toEqual([1_000_000, 0, 0])
  expect(of('all_of', [{}, { target: 0.999 }])).toEqual([500_000, 500_000, 0])
  expect(of('all_of', [{ target: 0.9 }])).toEqual([null, null, null])
})
type MemberOfCombine = ConstructorParameters<typeof Composite>[0]

test('spread over a window, the minutes sum to what the composite says of it', () => {
  for (const seed of SEEDS) {
    const { composite } = randomComposite(seededRandom(seed))
    composite.advance(START + SPAN_MINUTES * MINUTE_MS)
    const spread = spreadMinutes(composite, { from: START + 5 * MINUTE_MS, to: START + 80 * MINUTE_MS })
    const [first, last] = [START + 5 * MINUTE_MS, START + 79 * MINUTE_MS]
    const [sum, whole] = [spread.sum(first, last), composite.counts.sum(first, last)]
    close(sum.total, whole.total)
    close(sum.good, whole.good)
  }
}, 60_000)

const terms = (windows: [long: number, short: number]): SloTerms => ({
  sloId: 'slo_1',
  version: 1,
  target: 0.9,
  window: { kind: 'rolling', days: 1 },
  furtherObjectives: [],
  rules: [
    {
      id: 'page',
      condition: {
        kind: 'burn_rate',
        pairs: [{ longSeconds: windows[0], shortSeconds: windows[1], factor: 1.5 }],
        match: 'any',
        forSeconds: 0,
        resolveAfterSeconds: 0,
        clearBelow: 0.9,
        minBadEvents: 1,
        significance: null,
      },
    },
  ],
})

test('a replay says at every step what evaluation said then', () => {
  for (const seed of SEEDS.slice(0, 20)) {
    const random = seededRandom(seed)
    const { composite, leaves } = randomComposite(random)
    const end = START + SPAN_MINUTES * MINUTE_MS
    composite.advance(end)
    const [from, slo] = [START + 20 * MINUTE_MS, terms([900, 120])]
    const measured = leaves.map((one) => one.measured)
    const replay = new RuleReplay(composite, slo, { from, to: end, stepMs: MINUTE_MS, measured })
    replay.runTo(end)
    // The same minutes, arriving one after the other.
    const live = randomComposite(seededRandom(seed))
    const said: { at: number; verdict: string }[] = []
    const queues = live.leaves.map((one) => [...one.measured.minutes()])
    for (const one of live.leaves) for (const [minute] of one.measured.minutes()) one.put(minute, null)
    for (let at = START + MINUTE_MS; at <= end; at += MINUTE_MS) {
      for (const [i, queue] of queues.entries()) {
        const due = queue.find(([minute]) => minute === at - MINUTE_MS)
        if (due) live.leaves[i]?.put(due[0], [due[1].good, due[1].total])
      }
      live.composite.advance(at)
      if (at <= from) continue
      const newestMinute = (now: number, withEvents: boolean) => {
        const newest = live.leaves.flatMap((one) => one.measured.newestMinute(now, withEvents) ?? [])
        return newest.length === 0 ? null : Math.max(...newest)
      }
      const [result] = evaluateRules(live.composite.counts, slo, at, { measured: { newestMinute } })
      if (result && result.verdict !== said.at(-1)?.verdict) said.push({ at, verdict: result.verdict })
    }
    expect(replay.changes.get('page')?.map(({ at, verdict }) => ({ at, verdict }))).toEqual(said)
  }
}, 120_000)

test('bad minutes of a member do not age out while it pauses; and a new member makes no window old', () => {
  const failing = leaf([...hour([10, 10]), ...hour([0, 10]).slice(0, 8), ...hour(null).slice(0, 6)])
  const calm = leaf(Array.from({ length: 74 }, (): [number, number] => [10, 10]))
  const composite = new Composite('weighted', [member(failing), member(calm)])
  const now = START + 74 * MINUTE_MS
  composite.advance(now)
  const slo = terms([900, 300])
  const [result] = evaluateRules(composite.counts, slo, now, {})
  // Half of the journey was down when it paused six minutes ago: over the last five minutes nothing is known of it.
  expect(result?.evidence).toMatchObject({ pairs: [{ short: { burnRate: expect.closeTo(5, 9) } }] })
  expect(result?.verdict).toBe('true')
  expect(sloStatusAt(composite.counts, slo, result ? [result] : [], now)).toMatchObject({ state: 'bad' })

  const young = new Composite('weighted', [
    member(calm),
    member(leaf(Array.from({ length: 74 }, (_, i): [number, number] | null => (i < 72 ? null : [0, 10])))),
  ])
  young.advance(now)
  const [early] = evaluateRules(young.counts, slo, now, {})
  expect(early?.evidence).toMatchObject({ pairs: [{ verdict: 'young' }] })
})
