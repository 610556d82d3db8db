import { NinesError } from '@nines/kernel'
import type { RunFigures } from '../report/figure-table.ts'
import type { SloApi } from '../slo/slo-api.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { cpuBetween, totalOf, UsageMeter } from '../usage/usage-meter.ts'

interface Report {
  totals: { slos: number; undefined: number }
  previousTotals: { slos: number }
}

/** One report over the quarter that holds a day, and how late the API answers others meanwhile. CPU is of all processes. */
export async function measureReport(
  target: NinesTarget,
  api: SloApi,
  { day, slos }: { day: string; slos: number },
): Promise<RunFigures> {
  const meter = new UsageMeter(target.processes, 100)
  const [before, startedAt] = [meter.cpu(), performance.now()]
  const running = new Set(['report'])
  const asked = api
    .ask<Report>('GET', `/api/v1/reports/slo?period=quarter&date=${day}`)
    .finally(() => running.delete('report'))
  const others: number[] = []
  while (running.size > 0) {
    const at = performance.now()
    await api.ask('GET', '/api/v1/teams')
    others.push(performance.now() - at)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  const { totals, previousTotals } = await asked
  const ms = performance.now() - startedAt
  const cpu = cpuBetween(before, meter.cpu())
  meter.stop()
  if (totals.slos !== slos || totals.undefined > 0)
    throw new NinesError('internal', `the report is of ${totals.slos} SLOs, ${totals.undefined} without data`)
  others.sort((a, b) => a - b)
  return {
    report_ms: ms,
    cpu_ms: totalOf(cpu) * 1000,
    api_cpu_ms: (cpu.api ?? 0) * 1000,
    clickhouse_cpu_ms: (cpu.clickhouse ?? 0) * 1000,
    others_p50_ms: others[others.length >> 1] ?? NaN,
    others_max_ms: others.at(-1) ?? NaN,
    slos: totals.slos,
    slos_before: previousTotals.slos,
  }
}
