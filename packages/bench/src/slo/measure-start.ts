import { createTelemetry } from '@nines/telemetry'
import type { RunFigures } from '../report/figure-table.ts'
import { progress } from '../report/progress.ts'
import { storeSlices } from '../slo-report/store-slices.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { untilQuiet } from '../usage/until-quiet.ts'
import { cpuBetween, totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { EvaluatedSlos } from './evaluated-slos.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const SETTLE = { min: 5_000, max: 60_000 }

/**
 * What it takes to bring so many SLOs into memory whose windows are full of persisted slices: a start, or the part of a replica
 * that died. Their telemetry is left out; of it the last hours are read.
 */
export async function measureStart(
  target: NinesTarget,
  { slos, windowDays }: { slos: number; windowDays: number },
): Promise<RunFigures> {
  const evaluated = new EvaluatedSlos(target)
  await evaluated.create(slos, windowDays)
  const to = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const { telemetry: address } = target
  const range = { from: to - (windowDays + 1) * DAY_MS, to }
  const slices = await storeSlices({ telemetry: address, workspace: evaluated.workspaceNumber }, evaluated.ids, range)
  const telemetry = createTelemetry({ ...address, requestTimeoutMs: 600_000 })
  await telemetry.command('OPTIMIZE TABLE slices FINAL')
  await telemetry.close()
  progress(`${slices} slices are stored`)
  const idle = new UsageMeter(target.processes, 1_000)
  await untilQuiet(idle, SETTLE.min, SETTLE.max)
  const before = idle.cpu()
  idle.stop()
  const startedAt = performance.now()
  const evaluate = await target.startEvaluate()
  const meter = new UsageMeter([...target.processes, evaluate], 1_000)
  try {
    const readyAt = await evaluated.untilEvaluated()
    const cpu = cpuBetween(before, meter.cpu())
    const { resident } = meter.memory()
    return {
      ready_s: (readyAt - startedAt) / 1000,
      ready_cpu_s: totalOf(cpu),
      ready_evaluate_cpu_s: cpu.evaluate ?? 0,
      ready_clickhouse_cpu_s: cpu.clickhouse ?? 0,
      ready_postgres_cpu_s: cpu.postgres ?? 0,
      ready_redis_cpu_s: cpu.redis ?? 0,
      cpu_ms_per_slo: (totalOf(cpu) * 1000) / slos,
      evaluate_rss_mb: (resident.of.evaluate ?? 0) / 1e6,
      slices,
    }
  } finally {
    meter.stop()
  }
}
