import type { BenchOptions } from '../bench-options.ts'
import type { CaseRuns, RunFigures } from '../report/figure-table.ts'
import { progress } from '../report/progress.ts'
import { startNines, type NinesTarget } from '../targets/nines.ts'
import { withTarget } from '../targets/with-target.ts'
import { measureBackfill } from './measure-backfill.ts'
import { measureBacktest } from './measure-backtest.ts'
import { measureQuestions } from './measure-questions.ts'
import { SloApi } from './slo-api.ts'
import { SERVICE, storeHistory, type HistoryShape } from './slo-history.ts'

type Measure = (
  target: NinesTarget,
  api: SloApi,
  slo: string,
  terms: { days: number; serviceId: string },
) => Promise<RunFigures>

const measures = { backfill: measureBackfill, backtest: measureBacktest, questions: measureQuestions } satisfies Record<
  string,
  Measure
>

export const HISTORY_CASES = Object.keys(measures) as HistoryCase[]
export type HistoryCase = keyof typeof measures

/** An SLO over a stored history is created, or asked about. Answers the samples of one history, too. */
export async function runHistoryCases(
  cases: readonly (CaseRuns & { name: HistoryCase })[],
  common: BenchOptions,
  shape: HistoryShape,
): Promise<number> {
  const { days } = shape
  return withTarget(
    (folder) => startNines(folder, { api: true, evaluate: true }),
    common,
    async (target) => {
      const api = new SloApi(target)
      const service = await api.ask<{ id: string }>('POST', '/api/v1/services', { slug: SERVICE, name: 'Bench' })
      let stored = 0
      for (let run = 0; run < common.runs; run++) {
        for (const { name, runs } of cases) {
          const slo = `${name}-${run}`
          stored = await storeHistory(target, slo, shape)
          progress(`${slo}: ${stored} samples of ${days} days are stored`)
          runs.push(await measures[name](target, api, slo, { days, serviceId: service.id }))
        }
      }
      await api.close()
      return stored
    },
  )
}
