import type { AlertCondition, Temporality } from '@nines/contracts'
import { seededRandom } from '@nines/kernel'
import { MINUTE_MS } from './minute.ts'
import type { OraclePoint } from './slo-oracle.fixture.ts'

/** One meaning of an SLO, in force from an instant on. */
export interface StreamVersion {
  from: number
  byBad: boolean
  target: number
  rules: { id: string; condition: AlertCondition }[]
}

/** What a service sent, when it was received, how the SLO was changed meanwhile, and when to look. */
export interface RandomStream {
  temporality: Temporality
  /** By the instant of receipt; a repeated point is the same point again. */
  arrivals: { at: number; point: OraclePoint }[]
  versions: StreamVersion[]
  looks: number[]
}

const SPAN_MINUTES = 200

/**
 * A stream over some three hours: counters that are reset and restarted with and without a known start, that fall silent
 * and come back, troubles of different depth, points that come at once, late by up to two hours or twice, and up to
 * three versions of the SLO.
 */
export function randomStream(seed: number): RandomStream {
  const random = seededRandom(seed)
  const chance = (share: number) => random() < share
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1))
  const pick = <T>(items: readonly T[]): T => items[whole(0, items.length - 1)] as T
  const base = Date.UTC(2026, whole(0, 11), whole(1, 28), whole(0, 23)) + whole(0, 59) * 1000
  const temporality: Temporality = pick(['cumulative', 'delta'])
  const everySeconds = pick([20, 60, 150, 400])
  const perPush = pick([1, 3, 40, 5000])
  const trouble = { from: whole(0, SPAN_MINUTES), minutes: whole(1, 40), share: pick([0.002, 0.02, 0.3, 1]) }
  const gap = { from: whole(0, SPAN_MINUTES), minutes: pick([0, 0, 5, 30]) }
  const lateShare = pick([0, 0.05, 0.5])
  const arrivals: RandomStream['arrivals'] = []
  for (const name of ['good1', 'good2', 'bad1', 'total1', 'total2']) {
    let start = chance(0.5) ? base - 1000 : 0
    let sum = whole(0, 1000)
    for (let second = whole(0, 60); second < SPAN_MINUTES * 60; second += everySeconds) {
      const minute = second / 60
      if (minute >= gap.from && minute < gap.from + gap.minutes) continue
      const at = base + second * 1000 + whole(0, 999)
      const isTroubled = minute >= trouble.from && minute < trouble.from + trouble.minutes
      const badShare = isTroubled ? trouble.share : 0.0005
      const share = name.startsWith('bad') ? badShare : name.startsWith('good') ? (1 - badShare) / 2 : 1 / 2
      const count = Math.floor(perPush * share * (0.5 + random()) + random())
      if (temporality === 'cumulative' && chance(0.02)) {
        sum = 0
        if (start > 0 && chance(0.7)) start = at - 500
      }
      sum += count
      const value = temporality === 'delta' ? count : sum
      const receivedAt = at + whole(0, 5000) + (chance(lateShare) ? whole(0, 7_200_000) : 0)
      const point = { series: name, at, start, value }
      arrivals.push({ at: receivedAt, point })
      if (chance(0.02)) arrivals.push({ at: receivedAt + whole(0, 600_000), point })
    }
  }
  arrivals.sort((a, b) => a.at - b.at)
  const versions = Array.from({ length: whole(1, 3) }, (_, i) => ({
    from: i === 0 ? -Infinity : base + whole(0, SPAN_MINUTES) * MINUTE_MS,
    byBad: chance(0.5),
    target: pick([0.5, 0.9, 0.99, 0.999, 0.9999]),
    rules: [
      { id: 'burn', condition: randomCondition(pick, whole) },
      { id: 'silence', condition: { kind: 'absence' as const, unmeasuredSeconds: 300, resolveAfterSeconds: 0 } },
    ],
  })).sort((a, b) => a.from - b.from)
  const looks = Array.from({ length: 4 }, () => base + Math.floor(random() * (SPAN_MINUTES + 30) * MINUTE_MS))
  // Half of them on a minute, where windows hold whole minutes.
  const sorted = looks.map((at, i) => (i % 2 ? at - (at % MINUTE_MS) : at)).sort((a, b) => a - b)
  return { temporality, arrivals, versions, looks: sorted }
}

function randomCondition(
  pick: <T>(items: readonly T[]) => T,
  whole: (from: number, to: number) => number,
): AlertCondition {
  const pairs = Array.from({ length: whole(1, 3) }, () => {
    const longSeconds = pick([300, 900, 3600, 7200])
    return { longSeconds, shortSeconds: pick([60, longSeconds / 5, longSeconds]), factor: pick([1, 1.5, 6, 14.4]) }
  })
  return {
    kind: 'burn_rate',
    pairs,
    match: pick(['any', 'all']),
    forSeconds: 0,
    resolveAfterSeconds: 0,
    clearBelow: pick([1, 0.9, 0.5]),
    minBadEvents: pick([1, 1, 3]),
    significance: pick([null, 1e-5, 1e-3, 0.05]),
  }
}
