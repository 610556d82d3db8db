import type { RunFigures } from '../report/figure-table.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { cpuBetween, totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { createBackfilled } from './create-backfilled.ts'
import type { SloApi } from './slo-api.ts'

/**
 * From the request that creates an SLO over stored telemetry until its whole window is computed and the slices are in the
 * store. CPU is of all processes, and of evaluate alone.
 */
export async function measureBackfill(
  target: NinesTarget,
  api: SloApi,
  slo: string,
  terms: { days: number; serviceId: string },
): Promise<RunFigures> {
  const meter = new UsageMeter(target.processes, 100)
  const before = meter.cpu()
  const startedAt = performance.now()
  const shown = new Set<number>()
  const { backfill } = await createBackfilled(api, slo, terms, ({ minutesDone }) => shown.add(minutesDone))
  const readyAt = performance.now()
  await target.drain()
  const storedAt = performance.now()
  const cpu = cpuBetween(before, meter.cpu())
  meter.stop()
  return {
    ready_ms: readyAt - startedAt,
    counted_ms: backfill.finishedAt - backfill.startedAt,
    stored_ms: storedAt - startedAt,
    cpu_ms: totalOf(cpu) * 1000,
    evaluate_cpu_ms: (cpu.evaluate ?? 0) * 1000,
    clickhouse_cpu_ms: (cpu.clickhouse ?? 0) * 1000,
    minutes: backfill.minutesAll,
    progress_steps: shown.size,
    peak_evaluate_mb: (meter.peakResident.of.evaluate ?? 0) / 1e6,
  }
}
