import { createTelemetry } from '@nines/telemetry'
import type { RunFigures } from '../report/figure-table.ts'
import { progress } from '../report/progress.ts'
import { storeSlices } from '../slo-report/store-slices.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { untilQuiet } from '../usage/until-quiet.ts'
import { cpuBetween, totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { EvaluatedSlos } from './evaluated-slos.ts'
import { PagesHeard } from './pages-heard.ts'
import { storeBreakdown } from './store-breakdown.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const SETTLE = { min: 5_000, max: 60_000 }
/** Of each SLO's requests so much is there. */
const TELEMETRY_MS = 2 * 3_600_000
/** So long before the start every service broke down: long enough for a page, and not yet for silence to freeze it. */
const BROKEN_MS = 6 * MINUTE_MS

/**
 * What it takes to bring so many SLOs into memory whose windows are full of persisted slices: a start, or the part of a replica
 * that died. All their services are down: how long until each pages is measured too. Of their telemetry the last hours are there.
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
  const now = Date.now()
  const breakdown = { from: now - TELEMETRY_MS, to: now, brokenFrom: now - BROKEN_MS }
  await storeBreakdown(target, evaluated.workspaceNumber, slos, breakdown)
  const idle = new UsageMeter(target.processes, 1_000)
  await untilQuiet(idle, SETTLE.min, SETTLE.max)
  const before = idle.cpu()
  idle.stop()
  const pages = new PagesHeard(target.evaluation, evaluated.pageRules)
  const startedAt = performance.now()
  const evaluate = await target.startEvaluate()
  const meter = new UsageMeter([...target.processes, evaluate], 1_000)
  try {
    const [pagingAt, readyAt] = await Promise.all([pages.untilAll(), evaluated.untilEvaluated()])
    const cpu = cpuBetween(before, meter.cpu())
    const { resident } = meter.memory()
    return {
      paging_s: (pagingAt - startedAt) / 1000,
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
    await pages.stop()
  }
}
