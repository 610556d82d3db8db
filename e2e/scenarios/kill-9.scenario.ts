import { getSlo, querySamples } from '@nines/contracts'
import { eventually } from '../stack/eventually.ts'
import { startStack, type NinesStack } from '../stack/nines-stack.ts'
import { createOnCall, createShopService, PAST_LAST_HOUR, TARGET, type OnCallFixture } from './on-call-fixture.ts'
import { runScenario } from './run-scenario.ts'
import type { Report, Scenario } from './report.ts'
import { ShopTraffic } from './shop-traffic.ts'
import { SteadySender } from './steady-sender.ts'

const VICTIMS = ['ingest', 'store', 'evaluate', 'worker', 'api', 'clickhouse', 'redis'] as const
/** From the start of an outage to its page, kills, restarts and rebuilding included. */
const PAGE_DEADLINE_MS = 60_000

/** Kill -9 of every process that data or a page passes through, one after the other, under steady input. */
const killNine: Scenario = {
  name: 'kill-9',
  about: 'every sample answered 2xx is queryable once and every page due is sent, whatever is killed',
  async run(report) {
    const stack = await report.step('a stack starts from nothing', () => startStack())
    let fixture: OnCallFixture | undefined
    try {
      fixture = await report.step('responders, schedule and policy exist', () => createOnCall(stack, 600))
      const sender = new SteadySender(stack.ingestUrl, stack.ingestKey)
      sender.start(20, 10)
      for (const victim of VICTIMS) await killDuringOutage(report, stack, fixture, victim)
      await report.step('the steady sender ends with every request answered 2xx', async () => {
        await sender.finish()
        if (sender.refusals.length > 0)
          throw new Error(`${sender.refusals.length} refusals, first: ${sender.refusals[0]}`)
        report.note(`${sender.acknowledged.size} points acknowledged, ${sender.retries} retries`)
      })
      await report.step('every acknowledged sample is queryable, once', () =>
        compareSamples(report, fixture as OnCallFixture, sender),
      )
    } finally {
      await fixture?.stop()
      await stack.stop()
    }
  },
}

/** An outage begins, the victim is killed at once, and the page still comes. */
async function killDuringOutage(
  report: Report,
  stack: NinesStack,
  fixture: OnCallFixture,
  victim: string,
): Promise<void> {
  await report.step(`kill -9 ${victim} as an outage begins: it comes back and the page is sent`, async () => {
    const service = `shop-${victim}`
    await eventually('the API answers', async () => (await fetch(`${stack.apiUrl}/readyz`)).ok)
    const sloId = await createShopService(stack, fixture, service)
    await eventually('the SLO knows its history', async () => {
      const { status } = await fixture.admin.call(getSlo, { params: { id: sloId } })
      return status !== null && status.total > PAST_LAST_HOUR
    })
    const traffic = new ShopTraffic({
      service,
      ingestUrl: stack.ingestUrl,
      key: stack.ingestKey,
      target: TARGET,
      historyLastHour: PAST_LAST_HOUR,
    })
    try {
      traffic.run(10, 100)
      const before = stack.pidOf(victim)
      // Near the moment the burn becomes due, so that the fault falls into detection, escalation or delivery.
      await eventually('burn nearly due', async () => traffic.dueAt !== undefined, { timeoutMs: 20_000, everyMs: 10 })
      process.kill(before, 'SIGKILL')
      await eventually(`${victim} restarted`, async () => stack.pidOf(victim) !== before, { timeoutMs: 30_000 })
      const page = await fixture.first.sink.waitFor(
        (r) => r.body.includes('page.created') && r.body.includes(service),
        PAGE_DEADLINE_MS,
      )
      const early = (traffic.dueAt ?? Infinity) - page.receivedAtMs
      if (early > 0) throw new Error(`a page came ${early} ms before the burn was due`)
      report.note(`page ${page.receivedAtMs - (traffic.dueAt ?? 0)} ms after the burn was due`)
    } finally {
      await traffic.stop()
    }
    const pages = fixture.first.sink.requests.filter((r) => r.body.includes('page.created') && r.body.includes(service))
    const ids = new Set(pages.map((r) => r.headers['webhook-id']))
    if (ids.size !== 1)
      throw new Error(`${pages.length} page requests carry ${ids.size} webhook-ids: a receiver could not tell repeats`)
  })
}

async function compareSamples(report: Report, { admin }: OnCallFixture, sender: SteadySender): Promise<void> {
  const expected = [...sender.acknowledged].sort((a, b) => a - b)
  const stored = await eventually(
    'all samples stored',
    async () => {
      const rows = await storedPoints(admin, sender.metric, expected[0] ?? 0, (expected.at(-1) ?? 0) + 1)
      return rows.length >= expected.length ? rows : undefined
    },
    { timeoutMs: 60_000, everyMs: 1000 },
  )
  const distinct = new Set(stored)
  const lost = expected.filter((at) => !distinct.has(at))
  report.note(
    `${expected.length} acknowledged, ${stored.length} stored, ${stored.length - distinct.size} doubled, ${lost.length} lost`,
  )
  if (lost.length > 0) throw new Error(`${lost.length} acknowledged samples are lost, first at ${lost[0]}`)
  if (stored.length !== distinct.size) throw new Error(`${stored.length - distinct.size} samples are stored twice`)
}

async function storedPoints(
  admin: OnCallFixture['admin'],
  metric: string,
  from: number,
  to: number,
): Promise<number[]> {
  const answer = await admin.call(querySamples, {
    body: { metric, matchers: [], from: new Date(from).toISOString(), to: new Date(to).toISOString() },
  })
  if (answer.truncated) throw new Error('the answer was truncated: the comparison would prove nothing')
  return answer.series.flatMap((s) => s.samples.map(([at]) => at))
}

if (import.meta.main) await runScenario(killNine)
