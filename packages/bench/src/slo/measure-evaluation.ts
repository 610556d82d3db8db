import { setTimeout as sleep } from 'node:timers/promises'
import type { RunFigures } from '../report/figure-table.ts'
import { progress } from '../report/progress.ts'
import { quantile } from '../report/spread.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { cpuBetween, cpuOver, totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { EvaluatedSlos } from './evaluated-slos.ts'
import { evaluationLoad, STEP_MS } from './evaluation-load.ts'
import { SteadySending } from './steady-sending.ts'

const WARM_MS = 15_000
const SETTLE_MS = 15_000

export interface EvaluationShape {
  slos: number
  /** How long each of the two measurements takes. */
  seconds: number
  windowDays: number
}

/**
 * CPU with so many SLOs less CPU without any, while the same samples come in every 15 s: what evaluation costs in its own
 * process and in all others. Throws unless in the end every SLO has counted exactly the events that were sent.
 */
export async function measureEvaluation(target: NinesTarget, shape: EvaluationShape): Promise<RunFigures> {
  const { slos, seconds } = shape
  const load = evaluationLoad(slos)
  const sending = new SteadySending(target, load)
  const meter = new UsageMeter(target.processes, 1_000)
  try {
    await sleep(WARM_MS)
    const without = await cpuOver(meter, seconds)
    const residentWithout = meter.memory().resident
    const evaluated = new EvaluatedSlos(target)
    const createdAt = performance.now()
    await evaluated.create(slos, shape.windowDays)
    const announcedAt = performance.now()
    const [before, readyAt] = [meter.cpu(), await evaluated.untilEvaluated()]
    const starting = cpuBetween(before, meter.cpu())
    progress(`${slos} SLOs are evaluated ${((readyAt - announcedAt) / 1000).toFixed(1)} s after they were made known`)
    await sleep(SETTLE_MS)
    const withSlos = await cpuOver(meter, seconds)
    const { resident } = meter.memory()
    const ages = (await evaluated.statuses()).map((status) => Date.now() - (status?.at ?? 0)).sort((a, b) => a - b)
    await sending.stop()
    await evaluated.untilExact(load.totals())
    const cycles = (seconds * 1000) / STEP_MS
    const perSlo = (cpu: number) => (cpu * 1000) / slos / cycles
    const added = cpuBetween(without, withSlos)
    const memory = (resident.of.evaluate ?? 0) - (residentWithout.of.evaluate ?? 0)
    return {
      added_ms_per_slo_15s: perSlo(totalOf(added)),
      added_ms_per_slo_60s: 4 * perSlo(totalOf(added)),
      ...Object.fromEntries(Object.entries(added).map(([name, cpu]) => [`${name}_added_ms_per_slo_15s`, perSlo(cpu)])),
      evaluate_ms_per_slo_15s: perSlo(withSlos.evaluate ?? 0),
      evaluate_core_percent: (100 * (withSlos.evaluate ?? 0)) / seconds,
      evaluate_idle_core_percent: (100 * (without.evaluate ?? 0)) / seconds,
      evaluate_rss_mb: (resident.of.evaluate ?? 0) / 1e6,
      evaluate_kb_per_slo: memory / slos / 1000,
      status_age_p99_s: quantile(ages, 0.99) / 1000,
      create_s: (announcedAt - createdAt) / 1000,
      ready_s: (readyAt - announcedAt) / 1000,
      ready_evaluate_cpu_s: starting.evaluate ?? 0,
      ready_clickhouse_cpu_s: starting.clickhouse ?? 0,
      series: load.series,
    }
  } finally {
    meter.stop()
    await sending.stop().catch(() => {})
  }
}
