import {
  acknowledgeAlert,
  createActionItem,
  getAlert,
  getIncident,
  getReview,
  getSlo,
  listIncidents,
  publishReview,
  updateReview,
  webhookBody,
  type WebhookBody,
} from '@nines/contracts'
import { Webhook } from 'standardwebhooks'
import type { ReceivedRequest } from '@nines/testkit'
import { eventually } from '../stack/eventually.ts'
import { startStack, type NinesStack } from '../stack/nines-stack.ts'
import {
  createOnCall,
  createShopService,
  PAST_LAST_HOUR,
  TARGET,
  type OnCallFixture,
  type Responder,
} from './on-call-fixture.ts'
import { runScenario } from './run-scenario.ts'
import type { Report, Scenario } from './report.ts'
import { ShopTraffic } from './shop-traffic.ts'

const STEP_DELAY_SECONDS = 12

/** From nothing to a published review, and the second path: nobody acknowledges, so step two is paged. */
const mainJob: Scenario = {
  name: 'main-job',
  about:
    'failing requests page within 5 s, acknowledge stops the escalation, recovery resolves, the review is published',
  async run(report) {
    const stack = await report.step('a stack starts from nothing', () => startStack())
    let fixture: OnCallFixture | undefined
    try {
      fixture = await report.step('the first admin sets up two responders, a schedule and a two-step policy', () =>
        createOnCall(stack, STEP_DELAY_SECONDS),
      )
      await acknowledgedPath(report, stack, fixture)
      await unacknowledgedPath(report, stack, fixture)
    } finally {
      await fixture?.stop()
      await stack.stop()
    }
  },
}

async function acknowledgedPath(report: Report, stack: NinesStack, fixture: OnCallFixture): Promise<void> {
  const { admin, first, second } = fixture
  const traffic = await breakService(report, stack, fixture, 'checkout')
  try {
    const page = await report.step('a webhook arrives within 5 s of the burn being due, and its signature holds', () =>
      expectPage(report, first, 'checkout', traffic),
    )
    const alertId = page.data.alert?.id ?? ''
    await report.step('acknowledge stops the escalation: step two is not paged', async () => {
      await admin.call(acknowledgeAlert, { params: { id: alertId } })
      await new Promise((resolve) => setTimeout(resolve, (STEP_DELAY_SECONDS + 4) * 1000))
      const stray = second.sink.requests.length
      if (stray > 0) throw new Error(`the second responder got ${stray} requests`)
      const alert = await admin.call(getAlert, { params: { id: alertId } })
      if (alert.state !== 'acknowledged') throw new Error(`the alert is ${alert.state}`)
      if (alert.escalation?.state !== 'stopped') throw new Error(`the escalation is ${alert.escalation?.state}`)
    })
    await report.step('recovery resolves the alert and the incident', async () => {
      traffic.run(10, 0)
      traffic.add(300_000, 0)
      await eventually(
        'alert resolved',
        async () => (await admin.call(getAlert, { params: { id: alertId } })).state === 'resolved',
        { timeoutMs: 150_000, everyMs: 500 },
      )
      await eventually('incident resolved', async () =>
        (await admin.call(listIncidents, { query: { state: 'resolved' } })).items.some(
          (i) => i.service.slug === 'checkout',
        ),
      )
    })
    await report.step('the responder hears that it is over', async () => {
      await first.sink.waitFor((r) => (JSON.parse(r.body) as WebhookBody).type === 'alert.resolved', 10_000)
    })
    await reviewIncident(report, fixture)
  } finally {
    await traffic.stop()
  }
}

async function unacknowledgedPath(report: Report, stack: NinesStack, fixture: OnCallFixture): Promise<void> {
  const traffic = await breakService(report, stack, fixture, 'payments')
  try {
    await report.step('the first responder is paged', () => expectPage(report, fixture.first, 'payments', traffic))
    await report.step(`nobody acknowledges for ${STEP_DELAY_SECONDS} s: the second responder is paged`, async () => {
      const request = await fixture.second.sink.waitFor(
        (r) => r.body.includes('payments'),
        (STEP_DELAY_SECONDS + 10) * 1000,
      )
      verify(fixture.second, request)
    })
  } finally {
    await traffic.stop()
  }
}

async function breakService(
  report: Report,
  stack: NinesStack,
  fixture: OnCallFixture,
  slug: string,
): Promise<ShopTraffic> {
  await report.step(`${slug} has a healthy past and an SLO whose budget is whole`, async () => {
    const sloId = await createShopService(stack, fixture, slug)
    await eventually('SLO status', async () => {
      const { status } = await fixture.admin.call(getSlo, { params: { id: sloId } })
      return status !== null && status.total > PAST_LAST_HOUR && status.budgetRemaining === 1
    })
  })
  const traffic = new ShopTraffic({
    service: slug,
    ingestUrl: stack.ingestUrl,
    key: stack.ingestKey,
    target: TARGET,
    historyLastHour: PAST_LAST_HOUR,
  })
  traffic.run(10, 100)
  return traffic
}

async function expectPage(
  report: Report,
  responder: Responder,
  slug: string,
  traffic: ShopTraffic,
): Promise<WebhookBody> {
  const request = await responder.sink.waitFor(
    (r) => r.body.includes(`"page.created"`) && r.body.includes(slug),
    60_000,
  )
  const dueAt = traffic.dueAt
  if (dueAt === undefined) throw new Error('a page came before the burn was due')
  const delayMs = request.receivedAtMs - dueAt
  report.note(`page for ${slug}: ${delayMs} ms after the burn was due`)
  if (delayMs > 5000) throw new Error(`the page came ${delayMs} ms after the burn was due`)
  return verify(responder, request)
}

function verify(responder: Responder, request: ReceivedRequest): WebhookBody {
  new Webhook(responder.secret).verify(request.body, request.headers as Record<string, string>)
  return webhookBody.parse(JSON.parse(request.body))
}

async function reviewIncident(report: Report, { admin }: OnCallFixture): Promise<void> {
  const reviewId = await report.step('the review is drafted from the evidence', async () => {
    const { items } = await admin.call(listIncidents, { query: { state: 'resolved' } })
    const incident = items.find((i) => i.service.slug === 'checkout')
    if (incident === undefined) throw new Error('no resolved incident of checkout')
    return eventually(
      'review drafted',
      async () => (await admin.call(getIncident, { params: { id: incident.id } })).reviewId ?? undefined,
    )
  })
  await report.step('it is edited, gets an action item, and is published', async () => {
    const draft = await admin.call(getReview, { params: { id: reviewId } })
    const { times } = draft.sections.detection
    for (const [name, value] of Object.entries(times)) {
      if (value === null && name !== 'mitigatedAt') throw new Error(`the draft does not know ${name}`)
    }
    const filled = draft.sections
    filled.factors.items.push({
      id: 'f1',
      description: 'A new payment client had no timeout.',
      classes: ['change', 'dependency'],
      role: 'trigger',
      evidence: [],
    })
    filled.factors.narrative ||= 'The new client waited for ever on a slow dependency.'
    filled.restoration.items.push({
      id: 'r1',
      description: 'Rolled back the client.',
      effect: 'helped',
      at: null,
      evidence: [],
    })
    filled.restoration.narrative ||= 'Rolling back restored service.'
    filled.prevention.narrative ||= 'Timeouts are set by the shared client.'
    filled.detection.narrative ||= 'The fast burn-rate pair fired at once.'
    const edited = await admin.call(updateReview, {
      params: { id: reviewId },
      body: {
        title: draft.title,
        summary: draft.summary || 'Checkout failed.',
        impact: draft.impact || 'Orders were lost.',
        sections: filled,
        revision: draft.revision,
      },
    })
    await admin.call(createActionItem, {
      params: { id: reviewId },
      body: { title: 'Set a timeout in the shared client', type: 'prevent', dueOn: '2027-01-15' },
    })
    const published = await admin.call(publishReview, { params: { id: edited.id } })
    if (published.state !== 'published' || published.actions.length !== 1)
      throw new Error(`state ${published.state}, ${published.actions.length} actions`)
  })
}

if (import.meta.main) await runScenario(mainJob)
