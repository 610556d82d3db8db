import { setTimeout as sleep } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'
import { remoteWriteLoad } from '../load/remote-write-load.ts'
import { LoadSender } from '../load/load-sender.ts'
import { RandomBits } from '../load/random-bits.ts'
import { sendPaced } from '../load/send-paced.ts'
import type { RunFigures } from '../report/figure-table.ts'
import { SloApi } from '../slo/slo-api.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { cpuBetween, UsageMeter } from '../usage/usage-meter.ts'
import { alertFigures, type SeenAlert } from './alert-figures.ts'
import { AlertSender } from './alert-sender.ts'
import { livePast, type BenchService } from './bench-service.ts'
import { breakDownServices } from './break-down-services.ts'
import { listenToFiring, type FiringAlert } from './firing-alerts.ts'
import { PAGE_TERMS, requirePageTerms } from './page-terms.ts'
import { REQUESTS_METRIC } from './requests-body.ts'

const KNOWN_DEADLINE_MS = 120_000
const SEEN_DEADLINE_MS = 30_000
const SERVICES = 12
const SAMPLES_PER_REQUEST = 2_000

export interface AlertPlan {
  /** Over how many seconds the outages are spread, and how much of the past is sent before. */
  seconds: number
  pastHours: number
  seed: number
  /** Samples a second of other series. */
  otherSamplesPerSecond: number
}

/** From the push that makes each alert due to its committed row. */
export async function measureNinesAlerts(
  target: NinesTarget,
  services: readonly BenchService[],
  plan: AlertPlan,
): Promise<RunFigures> {
  const sender = new AlertSender(target)
  const api = new SloApi(target)
  const firing: FiringAlert[] = []
  const listener = await listenToFiring(target.evaluation.databaseUrl, (alert) => firing.push(alert))
  const meter = new UsageMeter(target.processes, 500)
  try {
    await livePast(services, { hours: plan.pastHours, until: Date.now() }, (at) => sender.push(services, at))
    await target.drain()
    const rules = await createSlos(api, services)
    await untilKnown(api, services)
    const other = sendOther(target, plan)
    const before = meter.cpu()
    const startedAt = performance.now()
    await breakDownServices(services, sender, { seconds: plan.seconds, random: new RandomBits(plan.seed) })
    const pages = () => firing.filter(({ severity }) => severity === 'critical')
    for (const deadline = Date.now() + SEEN_DEADLINE_MS; pages().length < services.length && Date.now() < deadline;)
      await sleep(20)
    const cpu = cpuBetween(before, meter.cpu())
    const perSecond = 1000 / (performance.now() - startedAt)
    await other
    requireOnce(pages())
    const seen = new Map<string, SeenAlert>()
    for (const { rule, committedAt, evaluatedAt, writtenAt } of pages()) {
      const stations = { verdict: evaluatedAt, row: writtenAt, commit: committedAt }
      seen.set(rules.get(rule) ?? '', { at: committedAt, stations })
    }
    return {
      ...alertFigures(services, seen),
      retries: sender.retries,
      ...Object.fromEntries(
        Object.entries(cpu).map(([name, seconds]) => [`${name}_percent_of_core`, seconds * 100 * perSecond]),
      ),
    }
  } finally {
    meter.stop()
    await listener.close()
    await api.close()
    await sender.close()
  }
}

/** An SLO for each service, with the rules that a new SLO gets; answers whose page rule is whose. */
async function createSlos(api: SloApi, services: readonly BenchService[]): Promise<Map<string, string>> {
  const rules = new Map<string, string>()
  const serviceIds: string[] = []
  for (let i = 0; i < SERVICES; i++) {
    const body = { slug: `bench-${i}`, name: `Bench ${i}` }
    serviceIds.push((await api.ask<{ id: string }>('POST', '/api/v1/services', body)).id)
  }
  for (const [i, { slo }] of services.entries()) {
    const matchers = [{ label: 'slo', op: '=', value: slo }]
    const created = await api.ask<SloAnswer>('POST', '/api/v1/slos', {
      slug: slo,
      name: slo,
      serviceId: serviceIds[i % SERVICES],
      target: PAGE_TERMS.target,
      window: { kind: 'rolling', days: 30 },
      sli: {
        kind: 'ratio',
        bad: { metric: REQUESTS_METRIC, matchers: [...matchers, { label: 'status', op: '=', value: '500' }] },
        total: { metric: REQUESTS_METRIC, matchers },
      },
    })
    const page = created.rules.find(({ severity }) => severity === 'critical')
    if (page === undefined) throw new NinesError('internal', 'a new SLO has no rule that pages')
    requirePageTerms(page.condition)
    rules.set(page.id, slo)
  }
  return rules
}

interface SloAnswer {
  rules: { id: string; severity: string; condition: Record<string, unknown> }[]
}

/** Every SLO has counted the whole past. */
async function untilKnown(api: SloApi, services: readonly BenchService[]): Promise<void> {
  const totals = new Map(services.map(({ slo, totals: { good, bad } }) => [slo, good + bad]))
  for (const deadline = Date.now() + KNOWN_DEADLINE_MS; ; await sleep(250)) {
    const { items } = await api.ask<{ items: { slug: string; status: { total: number } | null }[] }>(
      'GET',
      '/api/v1/slos',
    )
    const known = items.filter(({ slug, status }) => status?.total === totals.get(slug))
    if (known.length === totals.size) return
    if (Date.now() > deadline)
      throw new NinesError('unavailable', `${totals.size - known.length} SLOs do not know their past`)
  }
}

/** Other telemetry all the while, as evenly as it comes from many senders. */
async function sendOther(target: NinesTarget, { otherSamplesPerSecond: rate, seconds }: AlertPlan): Promise<void> {
  if (rate === 0) return
  const load = remoteWriteLoad(rate, SAMPLES_PER_REQUEST)
  const sender = new LoadSender(target.url, target.headers, load, 4)
  const startedAt = Date.now()
  try {
    const times = Array.from({ length: seconds + 15 }, (_, i) => startedAt + i * 1000)
    await sendPaced(sender, load.batches, { rate, times })
  } finally {
    await sender.close()
  }
}

function requireOnce(pages: readonly FiringAlert[]): void {
  const rules = new Set(pages.map(({ rule }) => rule))
  if (rules.size !== pages.length)
    throw new NinesError('internal', `${pages.length} alerts fired for ${rules.size} outages`)
}
