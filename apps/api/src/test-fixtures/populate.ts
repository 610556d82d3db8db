import { createDeadLetters } from '@nines/pipeline'
import type { PrismaClient } from '@nines/records'
import { createTelemetry } from '@nines/telemetry'
import { emptyBlock, encodeBlock } from '@nines/wire'
import type { ApiUnderTest, Sender } from './api-under-test.ts'

/** Ids of one thing of every kind, by the first word of the path under which the API serves it. */
export type KnownIds = Record<
  | 'alerts'
  | 'messages'
  | 'silences'
  | 'corrections'
  | 'services'
  | 'checks'
  | 'members'
  | 'keys'
  | 'incidents'
  | 'schedules'
  | 'overrides'
  | 'policies'
  | 'budget-policies'
  | 'channels'
  | 'reviews'
  | 'actions'
  | 'slos'
  | 'gate-exceptions'
  | 'rules'
  | 'dead-letters'
  | 'traces'
  | 'code'
  | 'changes',
  string
>

/** The id that belongs into a path such as /api/v1/alerts/:id. */
export function pathWithId(path: string, ids: KnownIds): string {
  const word = path.split('/')[3] as keyof KnownIds
  return path.replace(':id', ids[word])
}

const at = new Date('2026-01-05T10:00:00Z')

/** Fills the workspace of `admin` with one thing of every kind: through the API where it makes them, else as rows. */
export async function populate(api: ApiUnderTest, admin: Sender, viewerId: string): Promise<KnownIds> {
  const post = async (path: string, body: unknown) => {
    const answer = await api.send('POST', path, { as: admin, body })
    if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`)
    return answer.json
  }
  const rotation = {
    timeZone: 'Europe/Berlin',
    handoffWeekday: 1,
    handoffTime: '09:00',
    startsOn: '2026-01-05',
    participants: [viewerId],
  }
  const service = await post('/api/v1/services', { slug: 'shop', name: 'Shop' })
  const check = await post('/api/v1/checks', { name: 'home', config: { kind: 'http', url: 'https://example.com/' } })
  const slo = await post('/api/v1/slos', sloBody(service.id))
  const schedule = await post('/api/v1/schedules', { name: 'Shop on call', rotation })
  const override = await post(`/api/v1/schedules/${schedule.id}/overrides`, overrideBody(viewerId))
  const policy = await post('/api/v1/policies', policyBody(schedule.id))
  const { channel } = await post('/api/v1/channels', { name: 'hook', url: 'https://example.com/hook' })
  const budgetPolicy = await post('/api/v1/budget-policies', budgetPolicyBody(slo.id, channel.id))
  const silence = await post('/api/v1/silences', { endsAt: '2099-01-01T00:00:00Z', comment: 'quiet' })
  const work = { effect: 'count', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T01:00:00Z', reason: 'work' }
  const correction = await post('/api/v1/corrections', work)
  const change = await post('/api/v1/changes', { externalId: 'run-0', service: 'nobody', version: '1.2.2' })
  const exception = await post(`/api/v1/slos/${slo.id}/gate/exceptions`, { reason: 'fix', hours: 1 })
  const { key } = await post('/api/v1/keys', { name: 'populated', scopes: ['read'] })
  const { json } = await api.send('GET', '/api/v1/members', { as: admin })
  const member = json.members.find((candidate: { role: string }) => candidate.role === 'viewer')
  await post('/api/v1/code/apply', codeBody())
  const [codeDocument] = (await api.send('GET', '/api/v1/code', { as: admin })).json.items
  const rows = await insertRows(api.prisma, { serviceId: service.id, ruleId: slo.rules[0].id, channelId: channel.id })
  return {
    ...rows,
    silences: silence.id,
    corrections: correction.id,
    changes: change.id,
    services: service.id,
    checks: check.id,
    members: member.id,
    keys: key.id,
    schedules: schedule.id,
    overrides: override.id,
    policies: policy.id,
    'budget-policies': budgetPolicy.id,
    channels: channel.id,
    slos: slo.id,
    'gate-exceptions': exception.id,
    rules: slo.rules[0].id,
    'dead-letters': await buryBlock(api),
    traces: await storeTrace(api),
    code: codeDocument.id,
  }
}

/** A trace of one span in the workspace `main`; answers its id. */
async function storeTrace({ services, prisma }: ApiUnderTest): Promise<string> {
  const { number } = await prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  const id = 'c0ffee'.padEnd(32, '1')
  const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
  await telemetry.command(
    `INSERT INTO spans (workspace, at, duration, trace_id, span_id, name, service)
     SELECT {number:UInt32}, now64(9), 1000, unhex({id:String}), unhex('1111111111111111'), 'known', 'shop'`,
    { number, id },
  )
  await telemetry.close()
  return id
}

export function sloBody(serviceId: string, slug = 'shop-success'): Record<string, unknown> {
  return {
    slug,
    name: 'Shop answers',
    serviceId,
    sli: {
      kind: 'ratio',
      bad: { metric: 'shop.requests', matchers: [{ label: 'status', op: '=~', value: '5..' }] },
      total: { metric: 'shop.requests', matchers: [] },
    },
    target: 0.999,
    window: { kind: 'rolling', days: 30 },
  }
}

export function codeBody(): Record<string, unknown> {
  const content = 'apiVersion: openslo/v1\nkind: Service\nmetadata: { name: from-code }\nspec: {}\n'
  return { files: [{ path: 'service.yaml', content }] }
}

export function overrideBody(userId: string): Record<string, unknown> {
  return { userId, startsAt: '2098-01-01T00:00:00Z', endsAt: '2098-01-02T00:00:00Z' }
}

export function policyBody(scheduleId: string, name = 'Shop policy'): Record<string, unknown> {
  return { name, steps: [{ delaySeconds: 300, targets: [{ kind: 'schedule', scheduleId }] }] }
}

export function budgetPolicyBody(sloId: string, channelId: string, name = 'Shop budget'): Record<string, unknown> {
  const actions = [{ kind: 'notify', channelId }, { kind: 'freeze' }]
  return { name, steps: [{ budgetLeftBelow: 0, actions }], slos: [{ id: sloId }] }
}

/** What only the store makes: a block of the workspace that was set aside. */
async function buryBlock({ prisma, services }: ApiUnderTest): Promise<string> {
  const { number } = await prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  const letters = createDeadLetters({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
  await letters.add({ shard: 0, entryId: '1-0', reason: 'refused', bytes: encodeBlock(emptyBlock(number, 1_000)) })
  const [letter] = await letters.list()
  letters.close()
  return `0.${letter?.id}`
}

/** What only the worker makes: an alert that paged, its message, incident, review and action item. */
async function insertRows(
  prisma: PrismaClient,
  { serviceId, ruleId, channelId }: { serviceId: string; ruleId: string; channelId: string },
) {
  const { workspaceId } = await prisma.service.findUniqueOrThrow({ where: { id: serviceId } })
  await prisma.incident.create({
    data: {
      id: 'inc_known',
      workspaceId,
      number: 41,
      title: 'Shop is down',
      severity: 'sev2',
      serviceId,
      openedAt: at,
    },
  })
  await prisma.alert.create({
    data: {
      id: 'alt_known',
      workspaceId,
      ruleId,
      state: 'firing',
      severity: 'critical',
      summary: 'Shop answers burns its budget',
      openKey: ruleId,
      verdictAt: BigInt(at.getTime()),
      lastVerdict: 'true',
      startedAt: at,
      firedAt: at,
      incidentId: 'inc_known',
    },
  })
  const step = { workspaceId, alertId: 'alt_known', escalationId: 'esc_known', step: 0, round: 0 }
  await prisma.page.create({
    data: { id: 'pag_known', ...step, channelId, reason: 'on call', dedupeKey: 'esc_known:0:0', responderName: 'Ada' },
  })
  await prisma.outboxMessage.create({
    data: { id: 'msg_known', workspaceId, channelId, pageId: 'pag_known', eventType: 'page.created', body: '{}' },
  })
  await prisma.timelineEvent.create({
    data: {
      id: 'tev_known',
      workspaceId,
      incidentId: 'inc_known',
      source: 'incident',
      sourceId: 'inc_known',
      kind: 'incident_opened',
      at,
      summary: 'Opened',
    },
  })
  await prisma.review.create({
    data: { id: 'rev_known', workspaceId, incidentId: 'inc_known', title: 'Review', sections: emptySections() },
  })
  await prisma.actionItem.create({ data: { id: 'act_known', workspaceId, reviewId: 'rev_known', title: 'Fix it' } })
  return {
    alerts: 'alt_known',
    messages: 'msg_known',
    incidents: 'inc_known',
    reviews: 'rev_known',
    actions: 'act_known',
  }
}

export function emptySections() {
  const times = {
    impactAt: null,
    detectedAt: null,
    pagedAt: null,
    acknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
  }
  return {
    factors: { narrative: '', items: [] },
    defences: { narrative: '', items: [] },
    restoration: { narrative: '', items: [] },
    prevention: { narrative: '' },
    detection: { narrative: '', times },
  }
}
