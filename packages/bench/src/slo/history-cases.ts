import type { BenchOptions } from '../bench-options.ts'
import type { CaseRuns } from '../report/figure-table.ts'
import { progress } from '../report/progress.ts'
import { startNines } from '../targets/nines.ts'
import { withTarget } from '../targets/with-target.ts'
import { measureBackfill } from './measure-backfill.ts'
import { measureBacktest } from './measure-backtest.ts'
import { SloApi } from './slo-api.ts'
import { storeHistory, type HistoryShape } from './slo-history.ts'

/** An SLO over a stored history is created, or asked about. Answers the samples of one history, too. */
export async function runHistoryCases(
  cases: readonly CaseRuns[],
  common: BenchOptions,
  shape: HistoryShape,
): Promise<number> {
  const { days } = shape
  return withTarget(
    (folder) => startNines(folder, { api: true, evaluate: true }),
    common,
    async (target) => {
      const api = new SloApi(target)
      const service = await api.ask<{ id: string }>('POST', '/api/v1/services', { slug: 'bench', name: 'Bench' })
      let stored = 0
      for (let run = 0; run < common.runs; run++) {
        for (const { name, runs } of cases) {
          const slo = `${name}-${run}`
          stored = await storeHistory(target, slo, shape)
          progress(`${slo}: ${stored} samples of ${days} days are stored`)
          runs.push(
            name === 'backfill'
              ? await measureBackfill(target, api, slo, { days, serviceId: service.id })
              : await measureBacktest(target, api, slo, { days: Math.min(days, 90) }),
          )
        }
      }
      await api.close()
      return stored
    },
  )
}
