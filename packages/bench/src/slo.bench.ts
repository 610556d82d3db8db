import { list, positive, readBenchOptions } from './bench-options.ts'
import { formatTable, summarise, type CaseRuns, type RunFigures } from './report/figure-table.ts'
import { meetsGoal } from './report/meets-goal.ts'
import { runBench } from './report/run-bench.ts'
import { evaluationCases, runEvaluationCases } from './slo/evaluation-cases.ts'
import { HISTORY_CASES, runHistoryCases } from './slo/history-cases.ts'

/**
 * What the issue asks for: a window of 90 days backfilled within 10 s, and backtested within 5 s; 0.25 ms of CPU an SLO and
 * evaluation, persistence included, whatever the number of SLOs.
 */
const GOALS = [
  { case: /^backfill$/, figure: 'counted_ms', most: 10_000 },
  { case: /^backtest$/, figure: 'first_ms', most: 5_000 },
  { case: /^evaluation_/, figure: 'added_ms_per_slo_15s', most: 0.25 },
  { case: /^persistence_/, figure: 'all_ms_per_slo_15s', most: 0.25 },
]

/**
 * npm run bench -- slo [--days 90] [--instances 4] [--step 15] [--slos 100,1000,10000] [--seconds 60] [--runs 3]
 *   [--only backfill,backtest,questions,evaluation,evaluation_1000,persistence,prometheus,lists,start,window] [--json] [--no-pin]
 */
async function main(): Promise<boolean> {
  const { common, own } = readBenchOptions(['days', 'instances', 'step', 'slos', 'seconds'])
  const isWanted = (name: string) =>
    common.only.length === 0 || common.only.some((only) => name === only || name.startsWith(`${only}_`))
  const shape = {
    days: positive('days', own.days ?? '90'),
    instances: positive('instances', own.instances ?? '4'),
    stepSeconds: positive('step', own.step ?? '15'),
  }
  const slos = list(own.slos ?? '100,1000,10000').map((count) => positive('slos', count))
  const seconds = positive('seconds', own.seconds ?? '60')
  const history = HISTORY_CASES.filter(isWanted).map((name) => ({ name, runs: [] as RunFigures[] }))
  const samples = history.length > 0 ? await runHistoryCases(history, common, shape) : 0
  const wanted = evaluationCases({ slos, seconds }).filter(({ name }) => isWanted(name))
  const evaluation = await runEvaluationCases(wanted, common)
  if (history.length > 0) console.log(`\n${formatTable(`${shape.days} days, ${samples} samples`, history)}`)
  for (const kind of ['evaluation', 'persistence', 'prometheus', 'lists', 'start', 'window']) {
    const cases = evaluation.filter(({ name }) => name.startsWith(`${kind}_`))
    if (cases.length > 0) console.log(`\n${formatTable(kind, cases)}`)
  }
  const all = [...history, ...evaluation]
  const figures = Object.fromEntries(all.map(({ name, runs }) => [name, summarise(runs)]))
  if (common.json)
    console.log(JSON.stringify({ bench: 'slo', runs: common.runs, ...shape, seconds, samples, ...figures }))
  return all.every(meetsItsGoal)
}

function meetsItsGoal(one: CaseRuns): boolean {
  const goal = GOALS.find(({ case: cases }) => cases.test(one.name))
  return goal === undefined || meetsGoal(one, goal.figure, goal.most)
}

await runBench(main)
