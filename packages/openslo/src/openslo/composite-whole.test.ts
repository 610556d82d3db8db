import { seededRandom } from '@nines/kernel'
import { burnRate, Composite, MINUTE_MS, MinuteSeries, silenceAfter, windowCounts } from '@nines/slo'
import { describe, expect, test } from 'vitest'
import { wholeOf, type WeighedObjective, type Whole } from './composite-whole.ts'

const START = Date.UTC(2026, 4, 1)
const MINUTES = 30
const END = START + MINUTES * MINUTE_MS

/** A member's minutes: events with some of them bad, or none at all. */
function minutesOf(counts: readonly (readonly [bad: number, total: number])[]): MinuteSeries {
  const series = new MinuteSeries()
  for (const [i, [bad, total]] of counts.entries()) series.set(START + i * MINUTE_MS, { good: total - bad, total })
  return series
}

/** What the engine says that the whole burns. */
function burnOfWhole(whole: Whole, objectives: readonly WeighedObjective[], members: readonly MinuteSeries[]): number {
  if ('missing' in whole) throw new Error(`${whole.missing} is missing`)
  const composite = new Composite(
    whole.combine,
    members.map((minutes, i) => ({
      minutes,
      target: objectives[i]?.target ?? 0,
      weight: whole.combine === 'weighted' ? (whole.weights[i] ?? 0) : 1,
      noData: 'ignore',
      silence: silenceAfter(600),
      covered: [],
    })),
  )
  composite.advance(END)
  return burnRate(windowCounts(composite.counts, END, MINUTES * 60), whole.target) ?? 0
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
const close = (value: number, to: number) =>
  expect(Math.abs(value - to)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(to)))

/** Random objectives with their minutes, and the share of their events that was bad. */
function randomMembers(seed: number, { idle = false, target }: { idle?: boolean; target?: number } = {}) {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  return Array.from({ length: 2 + Math.floor(random() * 5) }, (_, i) => {
    const hasEvents = !idle || i === 0 || random() < 0.5
    const counts = Array.from({ length: MINUTES }, () => {
      const total = hasEvents ? 1 + Math.floor(random() * 100) : 0
      return [random() < 0.5 ? 0 : Math.floor(random() * (total + 1)), total] as const
    })
    const [bad, total] = [sum(counts.map(([one]) => one)), sum(counts.map(([, one]) => one))]
    const objective = {
      target: target ?? pick([0.5, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999]),
      weight: pick([1, 1, 0.5, 3, 100]),
    }
    return { objective, minutes: minutesOf(counts), badShare: total === 0 ? 0 : bad / total }
  })
}
type Members = ReturnType<typeof randomMembers>
const burnBy = (members: Members, whole: Whole) =>
  burnOfWhole(
    whole,
    members.map(({ objective }) => objective),
    members.map(({ minutes }) => minutes),
  )

/** The specification: each SLO's burn rate, multiplied by its weight, burns the composite. */
const specified = (members: Members) =>
  sum(members.map(({ objective: { target, weight }, badShare }) => (weight * badShare) / (1 - target)))

describe('Occurrences', () => {
  test('the whole burns as its objectives do, added up by weight', () => {
    for (let seed = 0; seed < 300; seed++) {
      const members = randomMembers(seed)
      const whole = wholeOf(
        'Occurrences',
        members.map(({ objective }) => objective),
        undefined,
      )
      close(burnBy(members, whole), specified(members))
    }
  })

  test('while objectives have no events it burns no less than that', () => {
    for (let seed = 0; seed < 300; seed++) {
      const members = randomMembers(seed, { idle: true })
      const whole = wholeOf(
        'Occurrences',
        members.map(({ objective }) => objective),
        undefined,
      )
      expect(burnBy(members, whole)).toBeGreaterThanOrEqual(specified(members) * (1 - 1e-9))
    }
  })

  test.each<[WeighedObjective[], number[], number]>([
    [
      [
        { target: 0.99, weight: 1 },
        { target: 0.99, weight: 1 },
      ],
      [1, 1],
      0.995,
    ],
    [
      [
        { target: 0.999, weight: 1 },
        { target: 0.99, weight: 1 },
      ],
      [10, 1],
      1 - 0.01 / 11,
    ],
    [
      [
        { target: 0.95, weight: 4 },
        { target: 0.95, weight: 0.5 },
      ],
      [4, 0.5],
      1 - 0.05 / 4.5,
    ],
  ])('%j', (objectives, weights, target) => {
    const whole = wholeOf('Occurrences', objectives, undefined)
    expect(whole).toEqual({ combine: 'weighted', weights, target: expect.closeTo(target, 14) })
  })

  test('weights beyond those of Nines keep their proportion; too small ones leave a budget that cannot be spent', () => {
    const huge = [999_999_999_999, 1].map((weight) => ({ target: 0.99, weight }))
    const weights = [expect.closeTo(1_000_000, 3), expect.closeTo(1e-6, 12)]
    expect(wholeOf('Occurrences', huge, undefined)).toMatchObject({ combine: 'weighted', weights })
    const large = [4_000_000, 1_000_000].map((weight) => ({ target: 0.9, weight }))
    expect(wholeOf('Occurrences', large, undefined)).toMatchObject({ weights: [1_000_000, 250_000] })
    const small = [0.001, 0.001].map((weight) => ({ target: 0.9, weight }))
    expect(wholeOf('Occurrences', small, undefined)).toEqual({ missing: 'weights' })
  })
})

describe('RatioTimeslices', () => {
  test('what is missing of each is added up, against the target that all share or that is stated', () => {
    for (let seed = 0; seed < 300; seed++) {
      const stated = seed % 2 === 0
      const members = randomMembers(seed, stated ? {} : { target: 0.99 })
      const target = stated ? 0.98 : 0.99
      const whole = wholeOf(
        'RatioTimeslices',
        members.map(({ objective }) => objective),
        stated ? target : undefined,
      )
      const missing = sum(members.map(({ objective: { weight }, badShare }) => weight * badShare))
      close(burnBy(members, whole), missing / (1 - target))
    }
  })
})

describe('Timeslices', () => {
  test('a slice that was bad for any objective is bad for the whole', () => {
    for (let seed = 0; seed < 100; seed++) {
      const random = seededRandom(seed)
      const slices = Array.from({ length: 3 }, () =>
        Array.from({ length: MINUTES }, () => [random() < 0.2 ? 1 : 0, 1] as const),
      )
      const objectives = slices.map(() => ({ target: 0.9, weight: 1 }))
      const bad = Array.from({ length: MINUTES }, (_, i) => slices.some((one) => one[i]?.[0] === 1)).filter(Boolean)
      const whole = wholeOf('Timeslices', objectives, undefined)
      close(burnOfWhole(whole, objectives, slices.map(minutesOf)), bad.length / MINUTES / 0.1)
    }
  })
})

test.each(['Timeslices', 'RatioTimeslices'] as const)(
  '%s leave the target of the whole open where targets differ',
  (method) => {
    const objectives = [0.9, 0.99].map((target) => ({ target, weight: 1 }))
    expect(wholeOf(method, objectives, undefined)).toEqual({ missing: 'target' })
    expect(wholeOf(method, objectives, 0.95)).not.toHaveProperty('missing')
  },
)
