import type { AlertCondition, PairVerdict, RuleVerdict } from '@nines/contracts'
import { oracleWindow } from './slo-oracle.fixture.ts'

export interface OraclePair {
  long: number | null
  short: number | null
  chance: number | null
  verdict: PairVerdict
  /** It lies so near to a limit that rounding may decide it. */
  isClose: boolean
}

/**
 * Test oracle of verdicts, written apart from the engine: from minutes [good, total] by plain loops over all of them,
 * the tail of the binomial distribution as an integral.
 */
export function oracleVerdict(
  minutes: Map<number, [number, number]>,
  slo: { target: number; condition: AlertCondition },
  now: number,
  silenceSeconds: number,
): { verdict: RuleVerdict; pairs: OraclePair[]; isClose: boolean } {
  const past = [...minutes.keys()].filter((minute) => minute <= now)
  const last = past.length > 0 ? Math.max(...past) + 60_000 : null
  const end = last === null ? now : Math.min(last, now)
  const { condition, target } = slo
  if (condition.kind === 'absence') {
    const silentFor = last === null ? null : now - end
    const verdict = silentFor === null ? 'no_data' : silentFor >= condition.unmeasuredSeconds * 1000 ? 'true' : 'false'
    return { verdict, pairs: [], isClose: false }
  }
  const first = minutes.size > 0 ? Math.min(...minutes.keys()) : Infinity
  const pairs = condition.pairs.map((pair): OraclePair => {
    const burn = (seconds: number) => {
      const [good, total] = oracleWindow(minutes, end, seconds)
      return total > 0 ? (1 - good / total) / (1 - target) : null
    }
    const [long, short] = [burn(pair.longSeconds), burn(pair.shortSeconds)]
    const found = { long, short, chance: null, isClose: false }
    if (end - pair.longSeconds * 1000 < first) return { ...found, verdict: 'young' }
    if (long === null || short === null) return { ...found, verdict: 'no_data' }
    const clears = pair.factor * condition.clearBelow
    const isClose = [long, short].some((b) => near(b, pair.factor) || near(b, clears))
    if (long < pair.factor || short < pair.factor) {
      return { ...found, isClose, verdict: long < clears || short < clears ? 'false' : 'holding' }
    }
    const [counted, total] = oracleWindow(minutes, end, pair.longSeconds)
    const good = counted < 0 ? 0 : counted
    const limit = condition.significance
    const chance = limit === null ? null : tailByIntegral(total - good, total, 1 - target)
    const guarded = total - good < condition.minBadEvents || (chance !== null && limit !== null && chance >= limit)
    const isNearGuard = near(total - good, condition.minBadEvents) || (chance !== null && near(chance, limit ?? 0))
    return { ...found, chance, isClose: isClose || isNearGuard, verdict: guarded ? 'holding' : 'true' }
  })
  const isFrozen = last !== null && now - end >= silenceSeconds * 1000
  const verdict = isFrozen ? 'no_data' : condition.match === 'all' ? every(pairs) : some(pairs)
  return { verdict, pairs, isClose: pairs.some((pair) => pair.isClose) }
}

function some(pairs: OraclePair[]): RuleVerdict {
  const has = (verdict: PairVerdict) => pairs.some((pair) => pair.verdict === verdict)
  if (has('true')) return 'true'
  if (has('holding')) return 'holding'
  if (has('no_data') || pairs.every((pair) => pair.verdict === 'young')) return 'no_data'
  return 'false'
}

function every(pairs: OraclePair[]): RuleVerdict {
  const has = (verdict: PairVerdict) => pairs.some((pair) => pair.verdict === verdict)
  if (has('false')) return 'false'
  if (has('no_data') || has('young')) return 'no_data'
  return has('holding') ? 'holding' : 'true'
}

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.abs(b)

/** P(X >= bad) = integral of t^(a-1) (1-t)^(b-1) over 0..ratio over that over 0..1, a = bad, b = total - bad + 1. */
export function tailByIntegral(bad: number, total: number, ratio: number): number {
  if (bad <= 0) return 1
  // Less than one event: the integrand has a pole at 0. One step of the recurrence DLMF 8.17.20 takes it away:
  // I_x(a, b) = I_x(a+1, b) + x^a (1-x)^b / (a B(a, b)).
  if (bad < 1) {
    const [a, b] = [bad, total - bad + 1]
    const whole = tailByIntegral(bad + 1, total + 1, ratio)
    const beta = integral(a + 1, b, 0, 1)
    // B(a, b) = B(a+1, b) (a+b) / a.
    return whole + Math.exp(a * Math.log(ratio) + b * Math.log1p(-ratio) - beta.log) / (beta.value * (a + b))
  }
  const [a, b] = [bad, total - bad + 1]
  const [below, above] = [integral(a, b, 0, ratio), integral(a, b, ratio, 1)]
  // Of the form below / (below + above), each as exp(log) to be kept from underflow.
  const larger = Math.max(below.log, above.log)
  const [x, y] = [below.value * Math.exp(below.log - larger), above.value * Math.exp(above.log - larger)]
  return x / (x + y)
}

/** Nodes of the tanh-sinh quadrature (Takahasi and Mori, 1974) over 0..1: distance from either end, and weight. */
const NODES = Array.from({ length: 4097 }, (_, i) => {
  const step = 1 / 512
  const t = (i - 2048) * step
  const u = (Math.PI / 2) * Math.sinh(t)
  const fromLeft = Math.exp(u) / (2 * Math.cosh(u))
  const fromRight = Math.exp(-u) / (2 * Math.cosh(u))
  return { fromLeft, fromRight, weight: (step * (Math.PI / 2) * Math.cosh(t)) / (2 * Math.cosh(u) ** 2) }
})

/** Scaled by the integrand's largest value. */
function integral(a: number, b: number, from: number, to: number): { value: number; log: number } {
  const span = to - from
  const logs = NODES.map(({ fromLeft, fromRight }) => {
    const [x, rest] = [from + span * fromLeft, 1 - to + span * fromRight]
    return (a - 1) * Math.log(x) + (b - 1) * (x < 0.5 ? Math.log1p(-x) : Math.log(rest))
  })
  let log = -Infinity
  for (const l of logs) log = Math.max(log, l)
  let value = 0
  for (const [i, l] of logs.entries()) if (l > log - 50) value += Math.exp(l - log) * span * (NODES[i]?.weight ?? 0)
  return { value, log }
}
