import type { RunFigures } from '../report/figure-table.ts'
import { quantile } from '../report/spread.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { cpuBetween, totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { sliOf, type SloApi } from './slo-api.ts'

interface Report {
  pages: number
  tickets: number
  coverage: { minutes: number; measured: number }
}

/** So far back a backtest looks. */
const MOST_DAYS = 90
/** Targets that an editor tries one after the other on the same SLI. */
const TRIED = [0.9, 0.95, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999]

/** A backtest of an SLI that nobody asked about before, and then others of the same SLI. CPU is of all processes. */
export async function measureBacktest(
  target: NinesTarget,
  api: SloApi,
  slo: string,
  terms: { days: number },
): Promise<RunFigures> {
  const days = Math.min(terms.days, MOST_DAYS)
  const meter = new UsageMeter(target.processes, 100)
  const ask = async (goal: number) => {
    const [before, startedAt] = [meter.cpu(), performance.now()]
    const report = await api.ask<Report>('POST', '/api/v1/slos/backtest', { sli: sliOf(slo), target: goal, days })
    return { report, ms: performance.now() - startedAt, cpu: cpuBetween(before, meter.cpu()) }
  }
  const first = await ask(0.999)
  const others = []
  for (const goal of TRIED) others.push(await ask(goal))
  meter.stop()
  const times = others.map(({ ms }) => ms).sort((a, b) => a - b)
  return {
    first_ms: first.ms,
    first_cpu_ms: totalOf(first.cpu) * 1000,
    first_api_cpu_ms: (first.cpu.api ?? 0) * 1000,
    first_clickhouse_cpu_ms: (first.cpu.clickhouse ?? 0) * 1000,
    next_p50_ms: quantile(times, 0.5),
    next_max_ms: times.at(-1) ?? NaN,
    next_cpu_ms: others.reduce((sum, { cpu }) => sum + totalOf(cpu) * 1000, 0) / others.length,
    minutes: first.report.coverage.minutes,
    measured_minutes: first.report.coverage.measured,
    pages: first.report.pages,
    tickets: first.report.tickets,
  }
}
