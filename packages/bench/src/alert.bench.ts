import { findOnPath } from '@nines/embedded'
import { NinesError } from '@nines/kernel'
import { BenchService } from './alert/bench-service.ts'
import { measureNinesAlerts, type AlertPlan } from './alert/measure-nines-alerts.ts'
import { measurePrometheusAlerts, PROMETHEUS_INTERVALS } from './alert/measure-prometheus-alerts.ts'
import { PAGE_TERMS } from './alert/page-terms.ts'
import { positive, readBenchOptions } from './bench-options.ts'
import { RandomBits } from './load/random-bits.ts'
import { formatTable, ratios, summarise, type CaseRuns } from './report/figure-table.ts'
import { meetsGoal } from './report/meets-goal.ts'
import { progress } from './report/progress.ts'
import { runBench } from './report/run-bench.ts'
import { formatSpread, type Spread } from './report/spread.ts'
import { startNines } from './targets/nines.ts'
import { startPrometheus } from './targets/prometheus.ts'
import { withTarget } from './targets/with-target.ts'

/** What the issue asks for, ms. */
const GOALS = { due_to_alert_p50_ms: 250, due_to_alert_p99_ms: 1_000 }
/** The longest window of a pair that pages, and an hour of room. */
const PAST_HOURS = 7
const CASES = ['nines', 'nines_loaded', 'prometheus']
const COMPARED = Object.keys(GOALS)

/**
 * npm run bench -- alert [--outages 120] [--seconds 60] [--load 20000] [--seed 1] [--runs 3]
 *   [--only nines,nines_loaded,prometheus] [--json] [--no-pin]
 */
async function main(): Promise<boolean> {
  const { common, own } = readBenchOptions(['outages', 'seconds', 'load', 'seed'])
  const unknown = common.only.find((name) => !CASES.includes(name))
  if (unknown !== undefined) throw new NinesError('invalid', `--only knows ${CASES.join(', ')}, not ${unknown}`)
  const outages = positive('outages', own.outages ?? '120')
  const load = positive('load', own.load ?? '20000')
  const seconds = positive('seconds', own.seconds ?? '60')
  const firstSeed = positive('seed', own.seed ?? '1')
  const results = new Map<string, CaseRuns>()
  const add = (name: string, figures: CaseRuns['runs'][number]) => {
    const known = results.get(name) ?? { name, runs: [] }
    results.set(name, { name, runs: [...known.runs, figures] })
    progress(
      `${name}: p50 ${figures.due_to_alert_p50_ms?.toFixed(0)} ms, p99 ${figures.due_to_alert_p99_ms?.toFixed(0)} ms`,
    )
  }
  for (let run = 0; run < common.runs; run++) {
    const seed = firstSeed + run
    const plan = (otherSamplesPerSecond: number): AlertPlan => ({
      seconds,
      pastHours: PAST_HOURS,
      seed,
      otherSamplesPerSecond,
    })
    for (const name of CASES.filter((one) => common.only.length === 0 || common.only.includes(one))) {
      const services = benchServices(outages, seed)
      if (name !== 'prometheus') {
        const start = (folder: string) => startNines(folder, { api: true, evaluate: true, worker: true })
        const figures = await withTarget(start, common, (target) =>
          measureNinesAlerts(target, services, plan(name === 'nines' ? 0 : load)),
        )
        add(name, figures)
      } else if (findOnPath(['prometheus']) === undefined) {
        progress('prometheus is left out: it is not installed')
      } else {
        const byInterval = await withTarget(startPrometheus, common, (target) =>
          measurePrometheusAlerts(target, services, plan(0)),
        )
        for (const [interval, figures] of byInterval) add(`prometheus_${interval}s`, figures)
      }
    }
  }
  const cases = [...results.values()]
  console.log(`\n${formatTable(`${outages} outages in ${seconds} s`, cases)}`)
  const compared = compare(results)
  const figures = Object.fromEntries(cases.map(({ name, runs }) => [name, summarise(runs)]))
  if (common.json)
    console.log(
      JSON.stringify({ bench: 'alert', runs: common.runs, outages, seconds, load, ...figures, ratios: compared }),
    )
  return cases.every(meetsGoals)
}

function benchServices(count: number, seed: number): BenchService[] {
  const random = new RandomBits(seed)
  return Array.from({ length: count }, (_, i) => new BenchService(`slo-${i}`, PAGE_TERMS, random))
}

/** How many times longer the peer takes. */
function compare(results: ReadonlyMap<string, CaseRuns>): Record<string, Spread> {
  const ours = results.get('nines')
  const compared: Record<string, Spread> = {}
  for (const interval of ours ? PROMETHEUS_INTERVALS : []) {
    const peer = results.get(`prometheus_${interval}s`)
    if (peer === undefined || ours === undefined) continue
    for (const figure of COMPARED) {
      const ratio = ratios(peer, ours, figure)
      compared[`${figure}_of_prometheus_${interval}s_ratio_to_nines`] = ratio
      console.log(`${figure} of Prometheus at ${interval} s, ratio to Nines: ${formatSpread(ratio)}`)
    }
  }
  return compared
}

function meetsGoals(one: CaseRuns): boolean {
  if (one.name.startsWith('prometheus')) return true
  return Object.entries(GOALS).every(([figure, most]) => meetsGoal(one, figure, most))
}

await runBench(main)
