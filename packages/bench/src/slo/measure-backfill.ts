import { setTimeout as sleep } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'
import type { RunFigures } from '../report/figure-table.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { cpuBetween, totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { sliOf, type SloApi } from './slo-api.ts'

const DEADLINE_MS = 300_000
const POLL_MS = 20

interface Backfill {
  state: string
  minutesDone: number
  minutesAll: number
  startedAt: number
  finishedAt: number
}

/**
 * From the request that creates an SLO over stored telemetry until its whole window is computed and the slices are in the
 * store. CPU is of all processes, and of evaluate alone.
 */
export async function measureBackfill(
  target: NinesTarget,
  api: SloApi,
  slo: string,
  { days, serviceId }: { days: number; serviceId: string },
): Promise<RunFigures> {
  const meter = new UsageMeter(target.processes, 100)
  const before = meter.cpu()
  const startedAt = performance.now()
  const { id } = await api.ask<{ id: string }>('POST', '/api/v1/slos', {
    slug: slo,
    name: slo,
    serviceId,
    sli: sliOf(slo),
    target: 0.999,
    window: { kind: 'rolling', days },
  })
  const shown = new Set<number>()
  let backfill: Backfill
  do {
    if (performance.now() - startedAt > DEADLINE_MS) throw new NinesError('unavailable', 'the backfill did not end')
    await sleep(POLL_MS)
    backfill = await api.ask<Backfill>('GET', `/api/v1/slos/${id}/backfill`)
    shown.add(backfill.minutesDone)
  } while (backfill.state !== 'done')
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
