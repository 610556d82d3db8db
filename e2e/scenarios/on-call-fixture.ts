import {
  acceptInvitation,
  completeSetup,
  createChannel,
  createPolicy,
  createSchedule,
  createService,
  createSlo,
  getMe,
  inviteMember,
  listMembers,
} from '@nines/contracts'
import { startWebhookSink, type WebhookSink } from '@nines/testkit'
import { ApiClient } from '../stack/api-client.ts'
import type { NinesStack } from '../stack/nines-stack.ts'
import { sendHistory } from '../stack/otlp-history.ts'

export const TARGET = 0.999
/** Requests a second of the healthy past, and how far it reaches back. */
const PAST_PER_SECOND = 10
const PAST_MINUTES = 150
export const PAST_LAST_HOUR = PAST_PER_SECOND * 3600

export interface Responder {
  userId: string
  name: string
  sink: WebhookSink
  secret: string
}

export interface OnCallFixture {
  admin: ApiClient
  workspace: string
  first: Responder
  second: Responder
  policyId: string
  stop(): Promise<void>
}

/** The first admin, made through the API with the one-time token. */
export async function createFirstAdmin(stack: NinesStack): Promise<ApiClient> {
  const admin = new ApiClient(stack.apiUrl)
  const password = `first admin ${crypto.randomUUID()}`
  await admin.call(completeSetup, {
    body: { token: stack.setupToken, name: 'Ada Admin', email: 'ada@example.test', password },
  })
  return admin
}

/** Two responders with a webhook each, a schedule with the admin, and a policy: the schedule, then the second. */
export async function createOnCall(
  stack: NinesStack,
  stepDelaySeconds: number,
  firstAdmin?: ApiClient,
): Promise<OnCallFixture> {
  const admin = firstAdmin ?? (await createFirstAdmin(stack))
  const me = await admin.call(getMe)
  const workspace = me.workspaces[0]
  if (workspace === undefined) throw new Error('the first admin has no workspace')
  admin.workspace = workspace.slug

  const invitation = await admin.call(inviteMember, { body: { email: 'bo@example.test', role: 'responder' } })
  const token = new URL(invitation.url).hash.slice(1)
  await new ApiClient(stack.apiUrl).call(acceptInvitation, {
    body: { token, name: 'Bo Backup', password: `second ${crypto.randomUUID()}` },
  })
  const { members } = await admin.call(listMembers)
  const bo = members.find((m) => m.user.email === 'bo@example.test')
  if (bo === undefined) throw new Error('the invited responder is not a member')

  const first = await responder(admin, me.user.id, me.user.name)
  const second = await responder(admin, bo.user.id, bo.user.name)
  const schedule = await admin.call(createSchedule, {
    body: {
      name: 'Shop primary',
      rotation: {
        timeZone: 'Europe/Berlin',
        handoffWeekday: 1,
        handoffTime: '09:00',
        startsOn: '2026-01-05',
        participants: [me.user.id],
      },
    },
  })
  const policy = await admin.call(createPolicy, {
    body: {
      name: 'Shop on call',
      repeatCount: 0,
      steps: [
        { delaySeconds: stepDelaySeconds, targets: [{ kind: 'schedule', scheduleId: schedule.id }] },
        { delaySeconds: stepDelaySeconds, targets: [{ kind: 'user', userId: bo.user.id }] },
      ],
    },
  })
  const stop = async () => {
    await Promise.all([first.sink.stop(), second.sink.stop()])
  }
  return { admin, workspace: workspace.slug, first, second, policyId: policy.id, stop }
}

async function responder(admin: ApiClient, userId: string, name: string): Promise<Responder> {
  const sink = await startWebhookSink()
  const created = await admin.call(createChannel, {
    body: { name: `${name}'s phone`, url: sink.url, userId, allowPrivate: true },
  })
  return { userId, name, sink, secret: created.secret }
}

/** A service with two and a half hours of healthy past and an availability SLO on it; gives the SLO's id. */
export async function createShopService(stack: NinesStack, fixture: OnCallFixture, slug: string): Promise<string> {
  const service = await fixture.admin.call(createService, {
    body: {
      slug,
      name: slug,
      tier: 1,
      escalationPolicyId: fixture.policyId,
      runbookUrl: 'https://example.test/runbook',
    },
  })
  const now = Math.floor(Date.now() / 60_000) * 60_000
  const startMs = now - PAST_MINUTES * 60_000
  await sendHistory(stack.ingestUrl, stack.ingestKey, [
    {
      metric: 'shop.requests',
      attributes: { outcome: 'ok' },
      service: slug,
      startMs,
      points: Array.from({ length: PAST_MINUTES + 1 }, (_, i) => [startMs + i * 60_000, i * 60 * PAST_PER_SECOND]),
    },
  ])
  const only = (matchers: [string, string][]) => ({
    metric: 'shop.requests',
    matchers: matchers.map(([label, value]) => ({ label, op: '=' as const, value })),
  })
  const slo = await fixture.admin.call(createSlo, {
    body: {
      slug: `${slug}-availability`,
      name: `${slug} availability`,
      serviceId: service.id,
      target: TARGET,
      window: { kind: 'rolling', days: 30 },
      sli: {
        kind: 'ratio',
        bad: only([
          ['service.name', slug],
          ['outcome', 'error'],
        ]),
        total: only([['service.name', slug]]),
      },
    },
  })
  return slo.id
}
