import type { MeasuredSli, Slice, Temporality } from '@nines/contracts'
import { expect, test } from 'vitest'
import { evaluateRules, SILENCE_SECONDS, type RuleResult } from './evaluate-rules.ts'
import { minutesOfSlices } from './history-points.ts'
import { DAY_MS, minuteOf } from './minute.ts'
import type { MinuteSeries } from './minute-series.ts'
import { randomStream, type RandomStream, type StreamVersion } from './random-stream.fixture.ts'
import { SliceAccumulator } from './slice-accumulator.ts'
import { slicesFromPoints } from './slices-from-points.ts'
import { compileSli, type SeriesReduction } from './sli-reduction.ts'
import { asCounterPoint, oracleMinutes, type OraclePoint } from './slo-oracle.fixture.ts'
import { oracleVerdict } from './verdict-oracle.fixture.ts'

const STREAMS = 10_000
const TAIL_MS = 15 * 60_000
const selector = (metric: string) => ({ metric, matchers: [] })
const BY_GOOD: MeasuredSli = { kind: 'ratio', good: selector('good'), total: selector('total') }
const BY_BAD: MeasuredSli = { kind: 'ratio', bad: selector('bad'), total: selector('total') }

/** The engine as evaluate uses it: points as they come, late ones counted anew, a new version from what is stored. */
class Engine {
  /** By series and instant. */
  readonly #stored = new Map<string, Map<number, OraclePoint>>()
  readonly #temporality: Temporality
  readonly #reductions = new Map<string, SeriesReduction>()
  #accumulator = new SliceAccumulator(0)
  #byBad = false

  constructor(temporality: Temporality) {
    this.#temporality = temporality
  }

  /** Begins a version: counts settled minutes from the store, brings the tail's points into memory. */
  become(version: StreamVersion, now: number): void {
    this.#byBad = version.byBad
    this.#reductions.clear()
    this.#accumulator = new SliceAccumulator(now - TAIL_MS)
    this.#recount()
    const { tailStart } = this.#accumulator
    for (const [series, reduction, points] of this.#bySeries()) {
      const before = points.findLast((point) => point.at < tailStart)
      const tail = points.filter((point) => point.at >= tailStart)
      this.#accumulator.absorb(series, reduction, (before ? [before, ...tail] : tail).map(asCounterPoint))
    }
  }

  take(point: OraclePoint): void {
    const points = this.#stored.get(point.series) ?? new Map<number, OraclePoint>()
    this.#stored.set(point.series, points.set(point.at, point))
    const reduction = this.#reductionOf(point.series)
    if (!reduction) return
    if (this.#accumulator.add(point.series, reduction, asCounterPoint(point)) === 'late') this.#isLate = true
  }
  #isLate = false

  minutesAt(now: number): MinuteSeries {
    this.#accumulator.advance(now - TAIL_MS)
    if (this.#isLate) this.#recount()
    this.#accumulator.refresh()
    return this.#accumulator.minutes
  }

  #recount(): void {
    this.#isLate = false
    const to = this.#accumulator.tailStart
    const from = minuteOf(to - DAY_MS / 4)
    const series = [...this.#bySeries()].map(([, reduction, points]) => ({
      reduction,
      points: points.map(asCounterPoint),
    }))
    this.#accumulator.settle(from, to, slicesFromPoints(series, from, to))
  }

  /** Stored points of the series that the SLI is made of, ascending. */
  *#bySeries(): Generator<[series: string, reduction: SeriesReduction, points: OraclePoint[]]> {
    for (const [series, points] of this.#stored) {
      const reduction = this.#reductionOf(series)
      if (reduction) yield [series, reduction, [...points.values()].sort((a, b) => a.at - b.at)]
    }
  }

  #reductionOf(series: string): SeriesReduction | null {
    const known = this.#reductions.get(series)
    if (known) return known
    const found = compileSli(this.#byBad ? BY_BAD : BY_GOOD)({
      id: series,
      metric: series.replace(/\d+$/, ''),
      kind: 'sum',
      temporality: this.#temporality,
      monotonic: true,
      unit: '',
      description: '',
      labels: {},
    })
    if (found) this.#reductions.set(series, found)
    return found
  }
}

const seen = { verdicts: new Map<string, number>(), close: 0, chances: 0 }

function judge(stream: RandomStream): void {
  const engine = new Engine(stream.temporality)
  const received: OraclePoint[] = []
  let next = 0
  let version: StreamVersion | undefined
  for (const now of stream.looks) {
    for (let arrival = stream.arrivals[next]; arrival && arrival.at <= now; arrival = stream.arrivals[++next]) {
      received.push(arrival.point)
      engine.take(arrival.point)
    }
    const current = stream.versions.findLast((candidate) => candidate.from <= now)
    if (!current) throw new Error('the first version holds always')
    if (current !== version) engine.become(current, now)
    version = current
    const used = received.filter(({ series }) => !series.startsWith(current.byBad ? 'good' : 'bad'))
    const truth = oracleMinutes(used, stream.temporality, current.byBad)
    const slo = {
      sloId: 'slo_1',
      version: 1,
      target: current.target,
      window: { kind: 'rolling' as const, days: 1 },
      furtherObjectives: [],
      rules: current.rules,
    }
    const minutes = engine.minutesAt(now)
    // What is persisted says the same: status and verdicts are a function of slices alone.
    const said = current.rules.map(({ condition }) =>
      oracleVerdict(truth, { ...current, condition }, now, SILENCE_SECONDS),
    )
    for (const source of [minutes, minutesOfSlices(slicesOf(minutes), BY_GOOD, Infinity)]) {
      for (const [i, result] of evaluateRules(source, slo, now).entries()) {
        compare(result, said[i]!)
      }
    }
  }
}

function compare({ verdict, evidence }: RuleResult, oracle: ReturnType<typeof oracleVerdict>): void {
  if (evidence.kind === 'burn_rate') {
    for (const [i, pair] of evidence.pairs.entries()) {
      const expected = oracle.pairs[i]!
      expectNear(pair.long.burnRate, expected.long)
      expectNear(pair.short.burnRate, expected.short)
      if (expected.isClose) continue
      requireSame(pair.verdict, expected.verdict)
      if (pair.verdict === 'true' || expected.chance !== null) expectNear(pair.chance ?? null, expected.chance)
      if (expected.chance !== null) seen.chances++
    }
  }
  if (oracle.isClose) {
    seen.close++
    return
  }
  requireSame(verdict, oracle.verdict)
  const key = `${evidence.kind} ${verdict}`
  seen.verdicts.set(key, (seen.verdicts.get(key) ?? 0) + 1)
}

function expectNear(value: number | null, expected: number | null): void {
  if (value === null || expected === null) requireSame(value, expected)
  else if (!(Math.abs(value - expected) <= 1e-9 * Math.max(1, Math.abs(expected)))) requireSame(value, expected)
}

/** expect() a few million times would take most of the test's time. */
function requireSame(value: unknown, expected: unknown): void {
  if (!Object.is(value, expected)) throw new Error(`${String(value)} instead of ${String(expected)}`)
}

function slicesOf(minutes: MinuteSeries): Slice[] {
  const base = { sloId: 'slo_1', version: 1, expected: 0 }
  return [...minutes.minutes()].flatMap(([minute, { good, total }]) => [
    { ...base, minute, good: -1, total: 1, revision: 1 },
    { ...base, minute, good, total, revision: 2 },
  ])
}

test(`burns, chances and verdicts of ${STREAMS} random streams are those of an oracle, to 1e-9`, () => {
  for (let seed = 1; seed <= STREAMS; seed++) {
    try {
      judge(randomStream(seed))
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
  // The streams do reach what they are meant to reach.
  for (const verdict of ['true', 'holding', 'false', 'no_data'])
    expect(seen.verdicts.get(`burn_rate ${verdict}`) ?? 0).toBeGreaterThan(STREAMS / 50)
  expect(seen.verdicts.get('absence true') ?? 0).toBeGreaterThan(STREAMS / 50)
  expect(seen.chances).toBeGreaterThan(STREAMS / 10)
}, 300_000)
