import { burnRateCondition, type BurnRateCondition, type BurnRatePair, type SloWindow } from '@nines/contracts'
import { defaultBurnRateRules, MINUTE_MS } from '@nines/slo'
import type { Report, Scenario } from './report.ts'
import { runScenario } from './run-scenario.ts'
import { AlertSimulation, type SimulatedEvent } from './simulation/alert-simulation.ts'

const TARGET = 0.999
const WINDOW: SloWindow = { kind: 'rolling', days: 30 }
/** The longest pause between two evaluations of evaluate: what one may add to an analytic instant. */
const TICK_MS = 1000
/** So many that no count is a fraction of an event worth speaking of, and chance is none. */
const EVENTS_PER_SECOND = 50_000
const START = Date.UTC(2026, 4, 4)
const BEGIN = START + 73 * 60 * MINUTE_MS
const OUTAGE_MINUTES = 10

interface Row {
  name: string
  condition: BurnRateCondition
  /** Analytic instants in seconds after the outage began and after it ended. */
  firesAfter: number
  clearsAfter: number
}

/**
 * SRE workbook, chapter 5, with uniform traffic: a pair fires f (1-T) L after a total outage began and clears
 * S (1 - c f (1-T)) after it ended, c being the share of its factor below which it clears.
 */
function rowOf(name: string, pair: BurnRatePair, guards: Partial<BurnRateCondition> = {}): Row {
  const condition = burnRateCondition.parse({ ...guards, kind: 'burn_rate', pairs: [pair] })
  const badShare = pair.factor * (1 - TARGET)
  return {
    name,
    condition,
    firesAfter: badShare * pair.longSeconds,
    clearsAfter: pair.shortSeconds * (1 - condition.clearBelow * badShare),
  }
}

const outageTable: Scenario = {
  name: 'outage-table',
  about: `a total outage at 99.9 %, simulated through evaluate and the alerts' state machine, an evaluation every ${TICK_MS} ms`,
  async run(report) {
    const rules = defaultBurnRateRules({ target: TARGET, window: WINDOW })
    const pairs = rules.flatMap(({ condition }) => condition.pairs.map((pair) => ({ pair, condition })))
    const plain = pairs.map(({ pair }) =>
      rowOf(`${pair.factor} over ${spanText(pair.longSeconds)} and ${spanText(pair.shortSeconds)}`, pair),
    )
    const guarded = pairs.map(({ pair, condition }, i) => rowOf(`${plain[i]?.name}, default guards`, pair, condition))
    const [fast] = pairs
    if (!fast) throw new Error('there are no default pairs')
    const long = { ...fast.pair, shortSeconds: fast.pair.longSeconds }
    const alone = rowOf(`${fast.pair.factor} over ${spanText(long.longSeconds)} alone`, long)
    const rows = [...plain, ...guarded, alone]
    const seen = await simulate(rows)
    for (const row of rows) await judge(report, row, seen)
    await judgeWords(report, plain, alone)
    for (const second of [7, 17, 30, 43, 59]) await judgeWithinMinute(report, plain, second)
  },
}

/** What happened to each row's rule, and to its alert. */
async function simulate(rows: readonly Row[], { second = 0, until = Infinity } = {}): Promise<SimulatedEvent[]> {
  const rules = Object.fromEntries(rows.map(({ name, condition }) => [name, condition]))
  const simulation = new AlertSimulation({ target: TARGET, window: WINDOW, rules }, START)
  const begin = BEGIN + second * 1000
  for (let at = START; at < BEGIN; at += MINUTE_MS) simulation.push(at + MINUTE_MS - 1, 0, 60 * EVENTS_PER_SECOND)
  for (let at = BEGIN; at < begin; at += TICK_MS) simulation.push(at + TICK_MS - 1, 0, EVENTS_PER_SECOND)
  const end = begin + OUTAGE_MINUTES * MINUTE_MS
  const last = end + Math.max(...rows.map((row) => row.clearsAfter)) * 1000 + 3 * MINUTE_MS
  const events: SimulatedEvent[] = []
  for (let at = begin; at <= Math.min(last, until); at += TICK_MS) {
    // The events of (at - tick, at], pushed at their end.
    if (at > begin) simulation.push(at - 1, at <= end ? EVENTS_PER_SECOND : 0, EVENTS_PER_SECOND)
    events.push(...(await simulation.tick(at)))
  }
  return events
}

async function judge(report: Report, { name, condition, firesAfter, clearsAfter }: Row, seen: SimulatedEvent[]) {
  const end = BEGIN + OUTAGE_MINUTES * MINUTE_MS
  const at = (kind: SimulatedEvent['kind'], from: number) => secondsUntil(seen, name, kind, from)
  const fired = at('fired', BEGIN)
  await report.step(`${name}: fires after ${secondsText(firesAfter)} (simulated ${secondsText(fired)})`, async () =>
    requireWithinTick(fired, firesAfter),
  )
  const cleared = at('false', end)
  const resolved = at('resolved', end)
  await report.step(
    `${name}: clears after ${secondsText(clearsAfter)} (simulated ${secondsText(cleared)}), resolves ${condition.resolveAfterSeconds} s later`,
    async () => {
      requireWithinTick(cleared, clearsAfter)
      requireWithinTick(resolved, cleared + condition.resolveAfterSeconds)
    },
  )
  await report.step(`${name}: one alert, and nothing of it before`, async () => {
    const kinds = seen.filter((event) => event.rule === name && ['fired', 'resolved'].includes(event.kind))
    if (kinds.map((event) => event.kind).join() !== 'fired,resolved') throw new Error(JSON.stringify(kinds))
  })
}

/**
 * An outage that begins and ends within a minute: it fires at the same instant. Slices hold whole minutes, so the minute
 * in which it ends counts as if its bad events were spread over all of it: it clears some half a minute later at most.
 */
async function judgeWithinMinute(report: Report, plain: readonly Row[], second: number): Promise<void> {
  const fast = plain.slice(0, 1)
  const until = BEGIN + (OUTAGE_MINUTES + 7) * MINUTE_MS
  await report.step(`an outage from second ${second} of a minute: every pair fires within one evaluation`, async () => {
    const begin = BEGIN + second * 1000
    const seen = await simulate(plain, { second, until })
    for (const { name, firesAfter } of plain) requireWithinTick(secondsUntil(seen, name, 'fired', begin), firesAfter)
    for (const { name, clearsAfter } of fast) {
      const late = secondsUntil(seen, name, 'false', begin + OUTAGE_MINUTES * MINUTE_MS) - clearsAfter
      report.note(`the fast pair clears ${secondsText(late)} after the analytic instant`)
      if (!(late >= 0 && late <= 40)) throw new Error(`the fast pair clears ${late} s after the analytic instant`)
    }
  })
}

/** The figures that the workbook's table is quoted with. */
async function judgeWords(report: Report, plain: readonly Row[], alone: Row): Promise<void> {
  await report.step(
    'the analytic table reads 52 s, 2 min 10 s, 4 min 19 s, 4 min 19 s; 4 min 56 s, and 59 min 8 s',
    async () => {
      const said = [...plain.map((row) => row.firesAfter), plain[0]?.clearsAfter ?? NaN, alone.clearsAfter].map(
        wholeSecondsText,
      )
      const expected = ['52 s', '2 min 10 s', '4 min 19 s', '4 min 19 s', '4 min 56 s', '59 min 8 s']
      if (said.join() !== expected.join()) throw new Error(said.join(', '))
    },
  )
}

/** Seconds from an instant to the first event of the kind; NaN where there is none. */
function secondsUntil(
  seen: readonly SimulatedEvent[],
  rule: string,
  kind: SimulatedEvent['kind'],
  from: number,
): number {
  const found = seen.find((event) => event.rule === rule && event.kind === kind && event.at >= from)
  return found ? (found.at - from) / 1000 : NaN
}

/** Not before the analytic instant, and within one evaluation after it. */
function requireWithinTick(seconds: number, analytic: number): void {
  // Counts are whole events and their sums doubles: a billionth of an evaluation is none.
  const late = seconds - analytic
  if (!(late >= -1e-6 && late <= TICK_MS / 1000 + 1e-6)) throw new Error(`${seconds} s instead of ${analytic} s`)
}

const secondsText = (seconds: number) => `${Number(seconds.toFixed(2))} s`

function wholeSecondsText(seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

function spanText(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${seconds / 60} min`
}

if (import.meta.main) await runScenario(outageTable)
