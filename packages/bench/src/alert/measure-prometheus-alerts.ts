import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { RandomBits } from '../load/random-bits.ts'
import type { RunFigures } from '../report/figure-table.ts'
import type { PrometheusTarget } from '../targets/prometheus.ts'
import { cpuBetween, totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { alertFigures, type SeenAlert } from './alert-figures.ts'
import { AlertSender } from './alert-sender.ts'
import { livePast, type BenchService } from './bench-service.ts'
import { breakDownServices } from './break-down-services.ts'
import type { AlertPlan } from './measure-nines-alerts.ts'
import { pagePromql } from './page-terms.ts'
import { REQUESTS_METRIC } from './requests-body.ts'

/** How often rules are evaluated, seconds: as short as anybody sets it, and as the default scrape interval suggests. */
export const PROMETHEUS_INTERVALS = [1, 15] as const
const POLL_MS = 20
const SEEN_DEADLINE_MS = 45_000

interface PrometheusAlert {
  labels: { alertname: string; slo?: string; interval?: string }
  state: string
}

/** A rule file: the page rule of each service, in a group of its own for each interval. */
function prometheusRules(slos: readonly string[]): string {
  const groups = PROMETHEUS_INTERVALS.flatMap((interval) =>
    slos.map((slo) => ({
      name: `${slo}-${interval}s`,
      interval: `${interval}s`,
      rules: [{ alert: 'page', expr: pagePromql(REQUESTS_METRIC, slo), labels: { slo, interval: String(interval) } }],
    })),
  )
  // JSON is YAML.
  return JSON.stringify({ groups })
}

/** From the push that makes each alert due until the API says that it fires, by interval. */
export async function measurePrometheusAlerts(
  target: PrometheusTarget,
  services: readonly BenchService[],
  plan: AlertPlan,
): Promise<Map<number, RunFigures>> {
  const sender = new AlertSender(target)
  const seen = new Map(PROMETHEUS_INTERVALS.map((interval) => [interval as number, new Map<string, SeenAlert>()]))
  const meter = new UsageMeter(target.processes, 500)
  const ended = new AbortController()
  try {
    await livePast(services, { hours: plan.pastHours, until: Date.now() }, (at) => sender.push(services, at))
    await target.useRules(prometheusRules(services.map(({ slo }) => slo)))
    const watching = watch(target.url, seen, ended.signal)
    const before = meter.cpu()
    const startedAt = performance.now()
    await breakDownServices(services, sender, { seconds: plan.seconds, random: new RandomBits(plan.seed) })
    const isOver = () => [...seen.values()].every((alerts) => alerts.size === services.length)
    for (const deadline = Date.now() + SEEN_DEADLINE_MS; !isOver() && Date.now() < deadline;) await sleep(POLL_MS)
    const share = (totalOf(cpuBetween(before, meter.cpu())) * 1e5) / (performance.now() - startedAt)
    ended.abort()
    await watching
    return new Map(
      [...seen].map(([interval, alerts]) => [
        interval,
        { ...alertFigures(services, alerts), prometheus_percent_of_core: share },
      ]),
    )
  } finally {
    ended.abort()
    meter.stop()
    await sender.close()
  }
}

async function watch(
  url: string,
  seen: ReadonlyMap<number, Map<string, SeenAlert>>,
  ended: AbortSignal,
): Promise<void> {
  const pool = new Pool(url, { connections: 1 })
  try {
    while (!ended.aborted) {
      const answer = await pool.request({ method: 'GET', path: '/api/v1/alerts' })
      const { data } = (await answer.body.json()) as { data: { alerts: PrometheusAlert[] } }
      const at = Date.now()
      for (const { labels, state } of data.alerts) {
        const alerts = seen.get(Number(labels.interval))
        if (state !== 'firing' || labels.slo === undefined || alerts === undefined || alerts.has(labels.slo)) continue
        alerts.set(labels.slo, { at })
      }
      await sleep(POLL_MS)
    }
  } finally {
    await pool.close()
  }
}
