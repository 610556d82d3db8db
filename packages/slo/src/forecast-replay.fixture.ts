import type { BudgetForecast, Objective } from '@nines/contracts'
import type { ForecastProcess, HourOfEvents } from './forecast-processes.fixture.ts'
import type { MinuteCounts } from './minute-counts.ts'
import { DAY_MS, HOUR_MS, type EventCounts } from './minute.ts'
import { seededRandom } from '@nines/kernel'

/** What a forecast is. */
export type Forecaster = (
  minutes: MinuteCounts,
  objective: Objective,
  now: number,
  seed: number,
) => BudgetForecast | null

/** How the intervals of many replays of one process fared. */
export interface Calibration {
  name: string
  replays: number
  /** Share of replays in which what came lay in the interval. */
  covered: number
  /**
   * The same where a share of the futures is "not within the horizon": such an outcome counts as covered by the chance that
   * it lies below the 90 % point (the randomised probability integral transform; Czado, Gneiting and Held, Biometrics 65,
   * 2009). An interval that says what it means covers 80 % by this count whatever the share; plain coverage would be more.
   */
  expected: number
  /** Shares of replays in which it came sooner than the interval, or later. */
  sooner: number
  later: number
  /** Share in which the budget lasted beyond the horizon, and median width of the intervals in days (of closed ones). */
  lasted: number
  widthDays: number
}

const PAST_HOURS = 40 * 24
const MONDAY = Date.UTC(2026, 5, 1)
const HIGHEST = 0.9

/** Runs replays until so many left something of the budget at the instant of the forecast. */
export function calibrate(process: ForecastProcess, forecast: Forecaster, replays: number, seed: number): Calibration {
  const random = seededRandom(seed)
  const counts = { replays: 0, covered: 0, expected: 0, sooner: 0, later: 0, lasted: 0 }
  const widths: number[] = []
  for (let tries = 0; counts.replays < replays && tries < 6 * replays; tries++) {
    // Any hour of any of four weeks, so that no season is looked at from one side only.
    const now = MONDAY + 28 * DAY_MS + Math.floor(random() * 28 * 24) * HOUR_MS
    const hourOfWeek = ((now - MONDAY) / HOUR_MS) % 168
    const lengthHours = 31 * 24
    const hours = process.hours(random, { first: -PAST_HOURS, last: lengthHours, hourOfWeek })
    const known = new HourlyCounts(hours.slice(0, PAST_HOURS), now - PAST_HOURS * HOUR_MS)
    const said = forecast(known, process.objective, now, tries)
    if (said === null || said.medianSeconds === 0) continue
    counts.replays++
    const came = spentAfter(process.objective, hours, now, said.horizonSeconds)
    const [low, high] = [said.lowSeconds ?? Infinity, said.highSeconds ?? Infinity]
    const isCovered = came >= low && came <= high
    if (isCovered) counts.covered++
    else if (came < low) counts.sooner++
    else counts.later++
    if (came < Infinity) counts.expected += isCovered ? 1 : 0
    else counts.expected += lastingShare(said.chance)
    if (came === Infinity) counts.lasted++
    if (high < Infinity) widths.push((high - low) / 86_400)
  }
  const share = (count: number) => count / counts.replays
  return {
    name: process.name,
    replays: counts.replays,
    covered: share(counts.covered),
    expected: share(counts.expected),
    sooner: share(counts.sooner),
    later: share(counts.later),
    lasted: share(counts.lasted),
    widthDays: widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)] ?? NaN,
  }
}

/** How much of the futures that last beyond the horizon lies between the 10 % and the 90 % point. */
function lastingShare(chance: number): number {
  if (chance >= 1) return 0
  const lowest = 1 - HIGHEST
  return Math.max(0, HIGHEST - Math.max(chance, lowest)) / (1 - chance)
}

/** Hours as minutes: all events of an hour in its first one. */
class HourlyCounts implements MinuteCounts {
  readonly #hours: readonly HourOfEvents[]
  readonly #start: number
  readonly #good: Float64Array
  readonly #total: Float64Array

  constructor(hours: readonly HourOfEvents[], start: number) {
    this.#hours = hours
    this.#start = start
    this.#good = new Float64Array(hours.length + 1)
    this.#total = new Float64Array(hours.length + 1)
    for (const [i, { bad, total }] of hours.entries()) {
      this.#good[i + 1] = (this.#good[i] ?? 0) + total - bad
      this.#total[i + 1] = (this.#total[i] ?? 0) + total
    }
  }

  get(minute: number): EventCounts | null {
    const hour = this.#hours[(minute - this.#start) / HOUR_MS]
    return hour === undefined ? null : { good: hour.total - hour.bad, total: hour.total }
  }

  sum(first: number, last: number): EventCounts {
    const from = this.#clamp(Math.ceil((first - this.#start) / HOUR_MS))
    const to = Math.max(from, this.#clamp(Math.floor((last - this.#start) / HOUR_MS) + 1))
    return {
      good: (this.#good[to] ?? 0) - (this.#good[from] ?? 0),
      total: (this.#total[to] ?? 0) - (this.#total[from] ?? 0),
    }
  }

  firstMinute(): number | null {
    return this.#start
  }

  newestMinute(): number | null {
    return this.#start + (this.#hours.length - 1) * HOUR_MS
  }

  #clamp(index: number): number {
    return Math.min(this.#hours.length, Math.max(0, index))
  }
}

/** Seconds until the budget is truly spent, by the line between the hours around; Infinity beyond the horizon. Plain sums. */
function spentAfter(
  { target, window }: Objective,
  hours: readonly HourOfEvents[],
  now: number,
  horizonSeconds: number,
): number {
  const start = now - PAST_HOURS * HOUR_MS
  const { from, to } = periodAt(window.kind === 'calendar' ? window.unit : 'month', now)
  // Sums of all hours before each one.
  const [bads, totals] = [[0], [0]]
  for (const [i, { bad, total }] of hours.entries()) {
    bads.push((bads[i] ?? 0) + bad)
    totals.push((totals[i] ?? 0) + total)
  }
  const leftAfter = (hour: number) => {
    const at = now + hour * HOUR_MS
    const first = window.kind === 'rolling' ? at - window.days * DAY_MS : from
    const sumOf = (sums: number[]) => (sums[(at - start) / HOUR_MS] ?? NaN) - (sums[(first - start) / HOUR_MS] ?? NaN)
    const [bad, total] = [sumOf(bads), sumOf(totals)]
    const burn = total === 0 ? 0 : bad / total / (1 - target)
    return 1 - (window.kind === 'rolling' ? burn : (burn * (at - from)) / (to - from))
  }
  let before = leftAfter(0)
  for (let hour = 1; hour * 3600 <= horizonSeconds; hour++) {
    const left = leftAfter(hour)
    if (left <= 0) return (hour - 1 + before / (before - left)) * 3600
    before = left
  }
  return Infinity
}

/** The week or month by UTC that holds the instant. */
function periodAt(unit: string, now: number): { from: number; to: number } {
  if (unit === 'week') {
    const from = MONDAY + Math.floor((now - MONDAY) / (7 * DAY_MS)) * 7 * DAY_MS
    return { from, to: from + 7 * DAY_MS }
  }
  const date = new Date(now)
  const monthStart = (add: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + add)
  return { from: monthStart(0), to: monthStart(1) }
}
