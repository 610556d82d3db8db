import { setTimeout as sleep } from 'node:timers/promises'
import type { RunFigures } from '../report/figure-table.ts'
import { scrapeSum } from '../targets/peer-process.ts'
import type { PrometheusTarget } from '../targets/prometheus.ts'
import { cpuOver, totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { evaluationLoad } from './evaluation-load.ts'
import { slothRules } from './sloth-rules.ts'
import { SteadySending } from './steady-sending.ts'

const WARM_MS = 20_000
/** Rules are evaluated once in so many seconds, each group at its own moment of them. */
const CYCLE_SECONDS = 60

/**
 * CPU of Prometheus with Sloth's rules for so many SLOs less that without rules, while the same samples come in. Its ranges
 * hold the minutes of this run alone: with days in them it would do more.
 */
export async function measurePeerRules(
  target: PrometheusTarget,
  { slos, seconds }: { slos: number; seconds: number },
): Promise<RunFigures> {
  const sending = new SteadySending(target, evaluationLoad(slos))
  const meter = new UsageMeter(target.processes, 1_000)
  try {
    await sleep(WARM_MS)
    const without = totalOf(await cpuOver(meter, seconds)) / seconds
    await target.useRules(slothRules(slos))
    // Every group has been evaluated once.
    await sleep(CYCLE_SECONDS * 1000)
    const cycles = Math.max(1, Math.round(seconds / CYCLE_SECONDS))
    const metrics = `${target.url}/metrics`
    const missedBefore = await scrapeSum(metrics, 'prometheus_rule_group_iterations_missed_total')
    const withRules = totalOf(await cpuOver(meter, cycles * CYCLE_SECONDS)) / (cycles * CYCLE_SECONDS)
    const missed = (await scrapeSum(metrics, 'prometheus_rule_group_iterations_missed_total')) - missedBefore
    const failed = await scrapeSum(metrics, 'prometheus_rule_evaluation_failures_total')
    const { resident } = meter.memory()
    return {
      added_ms_per_slo_60s: ((withRules - without) * CYCLE_SECONDS * 1000) / slos,
      ms_per_slo_60s: (withRules * CYCLE_SECONDS * 1000) / slos,
      core_percent: 100 * withRules,
      idle_core_percent: 100 * without,
      rss_mb: resident.total / 1e6,
      missed_groups: missed,
      failed_rules: failed,
    }
  } finally {
    meter.stop()
    await sending.stop().catch(() => {})
  }
}
