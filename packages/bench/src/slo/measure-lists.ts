import { NinesError } from '@nines/kernel'
import { generateClient } from '@nines/schema'
import { MINUTE_MS } from '@nines/slo'
import { RandomBits } from '../load/random-bits.ts'
import type { RunFigures } from '../report/figure-table.ts'
import { progress } from '../report/progress.ts'
import { quantile } from '../report/spread.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { cpuBetween, totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { EvaluatedSlos } from './evaluated-slos.ts'
import { fullTracker } from './full-tracker.ts'
import { SloApi } from './slo-api.ts'

const WINDOW_DAYS = 30
const PER_PAGE = 100
/** One SLO in so many pages somebody. */
const FIRING_ODDS = 10
const WARM_REQUESTS = 3
const REQUESTS = 20

/** What the dashboard asks for and what it costs all processes, with so many SLOs in one workspace that each have a status. */
export async function measureLists(target: NinesTarget, slos: number): Promise<RunFigures> {
  await generateClient()
  const { SloTracker } = await import('@nines/app-evaluate')
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const evaluated = new EvaluatedSlos(target)
  await evaluated.create(slos, WINDOW_DAYS)
  const tracker = fullTracker(SloTracker, { days: WINDOW_DAYS, now, seed: 1 })
  const { status, results } = tracker.evaluate(now, { since: 0, until: now })
  if (!status) throw new NinesError('internal', 'the SLO has no status')
  const random = new RandomBits(20_261_127)
  await evaluated.pretend(
    (sloId) => {
      const budgetRemaining = 1 - random.below(2_000) / 1_000
      const state = budgetRemaining < 0 ? ('bad' as const) : ('good' as const)
      return { ...status, sloId, state, budgetRemaining, budgetRemainingToDate: budgetRemaining }
    },
    { count: Math.ceil(slos / FIRING_ODDS), evidence: results[0]?.evidence },
  )
  progress(`${slos} SLOs are there`)
  const asked = {
    slos_by_budget: `/api/v1/slos?limit=${PER_PAGE}&sort=budget`,
    slos_last_page: `/api/v1/slos?limit=${PER_PAGE}&sort=budget&page=${Math.ceil(slos / PER_PAGE)}`,
    slos_search: `/api/v1/slos?limit=${PER_PAGE}&sort=budget&search=slo-000`,
    slos_page: `/api/v1/slos?limit=${PER_PAGE}`,
    slo_names: '/api/v1/slo-names',
    overview: '/api/v1/overview',
    alerts: '/api/v1/alerts',
    slo: `/api/v1/slos/${evaluated.ids[0]}`,
    slos_all: '/api/v1/slos',
  }
  const api = new SloApi(target)
  const meter = new UsageMeter(target.processes, 1_000)
  try {
    const figures: RunFigures = {}
    for (const [name, path] of Object.entries(asked))
      Object.assign(figures, await measureRequest(api, meter, name, path))
    return figures
  } finally {
    meter.stop()
    await api.close()
  }
}

async function measureRequest(api: SloApi, meter: UsageMeter, name: string, path: string): Promise<RunFigures> {
  for (let i = 0; i < WARM_REQUESTS; i++) await api.text('GET', path)
  const before = meter.cpu()
  const times: number[] = []
  let bytes = 0
  for (let i = 0; i < REQUESTS; i++) {
    const startedAt = performance.now()
    bytes = Buffer.byteLength(await api.text('GET', path))
    times.push(performance.now() - startedAt)
  }
  const cpu = cpuBetween(before, meter.cpu())
  times.sort((a, b) => a - b)
  return {
    [`${name}_ms`]: quantile(times, 0.5),
    [`${name}_cpu_ms`]: (totalOf(cpu) * 1000) / REQUESTS,
    [`${name}_kb`]: bytes / 1000,
  }
}
