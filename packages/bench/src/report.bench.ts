import { positive, readBenchOptions } from './bench-options.ts'
import { formatTable, summarise, type CaseRuns } from './report/figure-table.ts'
import { meetsGoal } from './report/meets-goal.ts'
import { progress } from './report/progress.ts'
import { runBench } from './report/run-bench.ts'
import { SloApi } from './slo/slo-api.ts'
import { makeComposites } from './slo-report/make-composites.ts'
import { makeSlos } from './slo-report/make-slos.ts'
import { measureReport } from './slo-report/measure-report.ts'
import { storeSlices } from './slo-report/store-slices.ts'
import { startNines } from './targets/nines.ts'
import { withTarget } from './targets/with-target.ts'

/** A report over 500 SLOs and a quarter is to come in seconds. */
const MOST_MS = 30_000

/** npm run bench -- report [--slos 500] [--composites 0] [--runs 3] [--json] [--no-pin] */
async function main(): Promise<boolean> {
  const { common, own } = readBenchOptions(['slos', 'composites'])
  const slos = positive('slos', own.slos ?? '500')
  const composites = own.composites === undefined ? 0 : positive('composites', own.composites)
  const quarters = quartersBefore(new Date())
  const cases: CaseRuns[] = [{ name: 'quarter', runs: [] }]
  const slices = await withTarget(
    (folder) => startNines(folder, { api: true }),
    common,
    async (target) => {
      const api = new SloApi(target)
      const ids = await makeSlos(api, slos, quarters.last)
      await makeComposites(api, ids, composites)
      progress(`${slos} SLOs and ${composites} composites are there`)
      const stored = await storeSlices(target, ids, { from: quarters.first, to: quarters.last.to })
      progress(`${stored} slices are stored`)
      for (let run = 0; run < common.runs; run++)
        cases[0]?.runs.push(await measureReport(target, api, { day: quarters.day, slos: slos + composites }))
      await api.close()
      return stored
    },
  )
  console.log(`\n${formatTable(`${slos} SLOs, ${composites} composites, ${slices} slices`, cases)}`)
  const quarter = summarise(cases[0]?.runs ?? [])
  if (common.json)
    console.log(JSON.stringify({ bench: 'report', runs: common.runs, slos, composites, slices, quarter }))
  return cases.every((one) => meetsGoal(one, 'report_ms', MOST_MS))
}

/** The last whole quarter by UTC, a day of it, and where the one before it begins. */
function quartersBefore(now: Date) {
  const month = Math.floor(now.getUTCMonth() / 3) * 3
  const startOf = (monthsBack: number) => Date.UTC(now.getUTCFullYear(), month - monthsBack)
  const last = { from: startOf(3), to: startOf(0) }
  return { first: startOf(6), last, day: new Date(last.from).toISOString().slice(0, 10) }
}

await runBench(main)
