import { burnRateCondition, type BurnRateCondition, type SloWindow } from '@nines/contracts'
import { DAY_MS, defaultBurnRateRules, HOUR_MS, MINUTE_MS } from '@nines/slo'
import type { Report, Scenario } from './report.ts'
import { runScenario } from './run-scenario.ts'
import { AlertSimulation, type SimulatedRules } from './simulation/alert-simulation.ts'
import { SeededRandom } from './simulation/seeded-random.ts'

const TARGET = 0.999
const WINDOW: SloWindow = { kind: 'rolling', days: 30 }
const MEAN_GAP_MS = HOUR_MS / 10
const TRUE_BAD_SHARE = 0.0005
const START = Date.UTC(2026, 0, 1)
const YEAR_MS = 365.25 * DAY_MS
/** No pair that pages can be true without a bad event in its short window of at most half an hour. */
const HOT_MS = 35 * MINUTE_MS
const COLD_TICK_MS = HOUR_MS
/** History that covers the longest window of a pair that pages, and some more. */
const HISTORY_MS = 7 * HOUR_MS
const PUSH_MS = 15_000
const GIVEN_UP_MS = 6 * HOUR_MS

const PLANS = { short: { years: 2, outages: 100 }, long: { years: 20, outages: 1000 } }

const page = pageRule()
const bare = { ...page, minBadEvents: 1, significance: null, clearBelow: 1 }
const DEFAULT = 'default guards'
const PLAIN = 'plain pairs'
const RULES: SimulatedRules = {
  [PLAIN]: bare,
  'two bad events': { ...bare, minBadEvents: 2 },
  'three bad events': { ...bare, minBadEvents: 3 },
  'binomial test alone': { ...bare, significance: page.significance },
  [DEFAULT]: page,
}

function pageRule(): BurnRateCondition {
  const rule = defaultBurnRateRules({ target: TARGET, window: WINDOW }).find((r) => r.severity === 'critical')
  if (!rule) throw new Error('there is no default rule that pages')
  return burnRateCondition.parse(rule.condition)
}

/**
 * Ten requests an hour at 99.9 % with true errors of half the budget: nobody should be paged, and a total outage should
 * page all the same. `--plan short` simulates two years instead of twenty; `--seeds A..B` repeats with other chances.
 */
const lowTraffic: Scenario = {
  name: 'low-traffic',
  about:
    '10 requests an hour at 99.9 %, true errors 0.05 %: false pages a year, and minutes to the page of a total outage',
  async run(report, { seeds, values }) {
    const plan = values.plan === 'short' ? PLANS.short : PLANS.long
    const [first, last] = seeds ?? [1, 1]
    for (let seed = first; seed <= last; seed++) {
      const pages = await falsePages(seed, plan.years)
      const waits = await outageWaits(seed, plan.outages)
      for (const name of Object.keys(RULES))
        report.note(describe(name, pages.get(name) ?? 0, plan.years, waits.get(name) ?? []))
      await judge(report, `seed ${seed}: `, pages, waits, plan.years)
    }
  },
}

async function judge(
  report: Report,
  of: string,
  pages: Map<string, number>,
  waits: Map<string, number[]>,
  years: number,
) {
  const yearly = (name: string) => (pages.get(name) ?? 0) / years
  await report.step(
    `${of}the default guards page for chance at most once a year (${yearly(DEFAULT)} a year over ${years} years)`,
    async () => {
      if (yearly(DEFAULT) > 1) throw new Error(`${pages.get(DEFAULT)} false pages in ${years} years`)
    },
  )
  await report.step(`${of}plain pairs page for chance some 43 times a year (${yearly(PLAIN)})`, async () => {
    // 43.8 bad events a year, of which those close together are one page; three deviations of a Poisson count.
    const spread = 3 * Math.sqrt(43 / years)
    if (Math.abs(yearly(PLAIN) - 43) > spread) throw new Error(`${yearly(PLAIN)} a year`)
  })
  const median = quantile(waits.get(DEFAULT) ?? [], 0.5)
  await report.step(`${of}a total outage is paged within 20 minutes, median (${minutesText(median)})`, async () => {
    if (!(median <= 20 * MINUTE_MS)) throw new Error(minutesText(median))
  })
  await report.step(`${of}every total outage is paged`, async () => {
    const unpaged = (waits.get(DEFAULT) ?? [NaN]).filter((wait) => !Number.isFinite(wait)).length
    if (unpaged > 0) throw new Error(`${unpaged} were not paged within ${minutesText(GIVEN_UP_MS)}`)
  })
}

/** Pages of each rule over so many years in which the SLO is met all the time. */
async function falsePages(seed: number, years: number): Promise<Map<string, number>> {
  const random = new SeededRandom(seed)
  const simulation = new AlertSimulation({ target: TARGET, window: WINDOW, rules: RULES }, START)
  const pages = new Map<string, number>()
  const count = async (at: number) => {
    for (const { rule, kind } of await simulation.tick(at))
      if (kind === 'fired') pages.set(rule, (pages.get(rule) ?? 0) + 1)
  }
  const end = START + years * YEAR_MS
  let nextRequest = START + random.exponential(MEAN_GAP_MS)
  let hotUntil = -Infinity
  let at = START
  while (at < end) {
    // Nothing can become true for half an hour after the last bad event: there one look an hour does.
    const isHot = at < hotUntil || simulation.isAnyOpen
    const nextTick = at + (isHot ? MINUTE_MS : COLD_TICK_MS - (at % COLD_TICK_MS))
    at = Math.min(nextTick, Math.ceil(nextRequest))
    if (at < nextRequest) {
      // A counter that stands still is measured too.
      simulation.push(at, 0, 0)
      await count(at)
      continue
    }
    const isBad = random.next() < TRUE_BAD_SHARE
    simulation.push(at, isBad ? 1 : 0, 1)
    if (isBad) hotUntil = at + HOT_MS
    if (isBad || isHot) await count(at)
    nextRequest = at + random.exponential(MEAN_GAP_MS)
  }
  return pages
}

/** Milliseconds from the beginning of total outages to the page of each rule, Infinity where none came. */
async function outageWaits(seed: number, outages: number): Promise<Map<string, number[]>> {
  const random = new SeededRandom(seed + 1_000_000)
  const waits = new Map(Object.keys(RULES).map((name): [string, number[]] => [name, []]))
  for (let i = 0; i < outages; i++) {
    const firedAfter = await oneOutage(random)
    for (const [name, found] of waits) found.push(firedAfter.get(name) ?? Infinity)
  }
  return waits
}

async function oneOutage(random: SeededRandom): Promise<Map<string, number>> {
  const simulation = new AlertSimulation({ target: TARGET, window: WINDOW, rules: RULES }, START)
  const begin = START + HISTORY_MS + Math.floor(random.next() * MINUTE_MS)
  const firedAfter = new Map<string, number>()
  let nextRequest = START + random.exponential(MEAN_GAP_MS)
  for (let at = START; at < begin + GIVEN_UP_MS && firedAfter.size < Object.keys(RULES).length;) {
    at += at < begin - PUSH_MS ? MINUTE_MS : PUSH_MS
    let [bad, total] = [0, 0]
    for (; nextRequest <= at; nextRequest += random.exponential(MEAN_GAP_MS)) {
      total++
      if (nextRequest >= begin || random.next() < TRUE_BAD_SHARE) bad++
    }
    simulation.push(at, bad, total)
    // What fired for a chance before the outage pages for the outage as well: it is paged already.
    for (const { rule, kind } of await simulation.tick(at)) {
      if (kind === 'fired' && !firedAfter.has(rule)) firedAfter.set(rule, Math.max(0, at - begin))
    }
  }
  return firedAfter
}

function describe(name: string, pages: number, years: number, waits: number[]): string {
  const yearly = (pages / years).toFixed(2).padStart(6)
  const [median, slow] = [quantile(waits, 0.5), quantile(waits, 0.95)].map(minutesText)
  return `${name.padEnd(20)} ${yearly} false pages a year; a total outage is paged after ${median} (median), ${slow} (95 %)`
}

function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

const minutesText = (ms: number) => `${(ms / MINUTE_MS).toFixed(1)} min`

if (import.meta.main) await runScenario(lowTraffic, ['plan'])
