import { alertLinkToken } from '@nines/delivery'
import { createJobQueue } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { sloBody } from '../../test-fixtures/populate.ts'

const services = await useServices()
const queue = createJobQueue({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
const secretKey = services.env.NINES_SECRET_KEY ?? ''
let api: ApiUnderTest
let admin: Sender
let adminId: string
let workspaceId: string
let serviceId: string
let ruleIds: string[]

const send = (method: string, path: string, body?: unknown, as: Sender = admin) => api.send(method, path, { as, body })

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  adminId = (await api.prisma.user.findFirstOrThrow()).id
  workspaceId = (await api.prisma.workspace.findFirstOrThrow()).id
  serviceId = (await send('POST', '/api/v1/services', { slug: 'shop', name: 'Shop' })).json.id
  ruleIds = []
  for (let i = 0; i < 6; i++)
    ruleIds.push((await send('POST', '/api/v1/slos', sloBody(serviceId, `slo-${i}`))).json.rules[0].id)
})
afterAll(async () => {
  await queue.close()
  await api.stop()
})

/** A firing alert of the rule, in an incident of its own number. */
const burn = { longSeconds: 3600, shortSeconds: 300, factor: 14.4, longBurn: 20, shortBurn: 40, budgetRemaining: 0.5 }

function evidenceAt(at: number) {
  const { longSeconds, shortSeconds, factor } = burn
  const window = (windowSeconds: number, burnRate: number) => ({ windowSeconds, good: 980, total: 1000, burnRate })
  const [long, short] = [window(longSeconds, burn.longBurn), window(shortSeconds, burn.shortBurn)]
  const pairs = [{ longSeconds, shortSeconds, factor, long, short, verdict: 'true' }]
  return { sloId: 'slo_shop', sloVersion: 1, target: 0.999, at, budgetRemaining: burn.budgetRemaining, pairs }
}

async function fire(id: string, rule: number): Promise<string> {
  const ruleId = ruleIds[rule] ?? ''
  const at = new Date(Date.now() - 60_000)
  await api.prisma.incident.create({
    data: {
      id: `inc_${id}`,
      workspaceId,
      number: 100 + rule,
      title: 'Shop is down',
      severity: 'sev2',
      serviceId,
      openedAt: at,
    },
  })
  await api.prisma.alert.create({
    data: {
      id: `alt_${id}`,
      workspaceId,
      ruleId,
      incidentId: `inc_${id}`,
      state: 'firing',
      severity: 'critical',
      summary: 'Shop answers burns its budget',
      openKey: ruleId,
      verdictAt: BigInt(at.getTime()),
      lastVerdict: 'true',
      startedAt: at,
      firedAt: at,
      firedEvidence: evidenceAt(at.getTime()),
    },
  })
  return `alt_${id}`
}

describe('acknowledging and resolving', () => {
  test('twenty people at once: one acknowledgement, one timeline entry, the same answer for all', async () => {
    const id = await fire('ack', 0)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send('POST', `/api/v1/alerts/${id}/acknowledge`)),
    )
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200))
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1)
    expect(answers[0]?.json).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'Ada' })
    const { json } = await send('GET', '/api/v1/incidents/inc_ack')
    const kinds = json.timeline.map((entry: { kind: string }) => entry.kind)
    expect(kinds.filter((kind: string) => kind === 'alert_acknowledged')).toHaveLength(1)
  })

  test('a key resolves under its own name, and a resolved alert stays resolved', async () => {
    const id = await fire('key', 1)
    const { secret } = (await send('POST', '/api/v1/keys', { name: 'ci', scopes: ['write'] })).json
    const resolved = await send('POST', `/api/v1/alerts/${id}/resolve`, undefined, { key: secret })
    expect(resolved.json).toMatchObject({ state: 'resolved', resolvedBy: 'api' })
    const late = await send('POST', `/api/v1/alerts/${id}/acknowledge`)
    expect(late).toMatchObject({ status: 200, json: { state: 'resolved', acknowledgedAt: null } })
  })

  test('lists by state and SLO', async () => {
    const open = await send('GET', '/api/v1/alerts')
    const resolved = await send('GET', '/api/v1/alerts?state=resolved')
    expect(open.json.items.map((item: { id: string }) => item.id)).toEqual(['alt_ack'])
    expect(resolved.json.items.map((item: { id: string }) => item.id)).toEqual(['alt_key'])
    const sloId = open.json.items[0].slo.id
    expect((await send('GET', `/api/v1/alerts?state=all&sloId=${sloId}`)).json.items).toHaveLength(1)
    expect((await send('GET', '/api/v1/alerts?limit=0')).status).toBe(422)
    expect([open.json.total, open.json.firing]).toEqual([1, 0])
    const second = await send('GET', '/api/v1/alerts?state=all&limit=1&page=2')
    const all = await send('GET', '/api/v1/alerts?state=all')
    expect(all.json).toMatchObject({ total: 2, firing: 0 })
    expect(second.json).toMatchObject({ items: [all.json.items[1]], total: 2 })
  })
})

describe('the link in a page', () => {
  const act = (token: string, action: string) => send('POST', '/api/v1/alert-links/act', { token, action }, {})
  const lookup = (token: string) => send('POST', '/api/v1/alert-links/lookup', { token }, {})

  test('shows the alert, acknowledges without a session, and knows when there was nothing left to do', async () => {
    const alertId = await fire('link', 2)
    const token = alertLinkToken({ alertId, workspaceId, responderId: adminId }, Date.now(), secretKey)
    expect((await lookup(token)).json).toMatchObject({
      alertId,
      workspaceSlug: 'main',
      state: 'firing',
      serviceName: 'Shop',
      responder: 'Ada',
    })
    expect((await lookup(token)).json.state).toBe('firing')
    expect((await act(token, 'acknowledge')).json).toEqual({ state: 'acknowledged', changed: true })
    expect((await act(token, 'acknowledge')).json).toEqual({ state: 'acknowledged', changed: false })
    expect((await act(token, 'resolve')).json).toEqual({ state: 'resolved', changed: true })
    const { json } = await send('GET', `/api/v1/alerts/${alertId}`)
    expect(json).toMatchObject({ acknowledgedBy: 'Ada', resolvedBy: 'Ada', burn })
  })

  test('wrong, expired, of another key, of a foreign workspace: gone, and nothing happens', async () => {
    const alertId = await fire('wrong', 3)
    const link = { alertId, workspaceId, responderId: null }
    const now = Date.now()
    const good = alertLinkToken(link, now, secretKey)
    const tokens = [
      'x.y',
      `${good}x`,
      alertLinkToken(link, now - 8 * 86_400_000, secretKey),
      alertLinkToken(link, now, Buffer.alloc(32, 1).toString('base64')),
      alertLinkToken({ ...link, workspaceId: 'wsp_other' }, now, secretKey),
    ]
    for (const token of tokens) {
      expect(await lookup(token)).toMatchObject({ status: 410, json: { code: 'gone' } })
      expect((await act(token, 'resolve')).status).toBe(410)
    }
    expect((await send('GET', `/api/v1/alerts/${alertId}`)).json.state).toBe('firing')
  })
})

describe('incidents', () => {
  test('a note and a mitigation stand in the order in which things happened', async () => {
    await fire('inc', 4)
    const add = (body: object) => send('POST', '/api/v1/incidents/inc_inc/timeline', body)
    await add({ kind: 'note', summary: 'Second' })
    await add({ kind: 'mitigation', summary: 'First', at: '2026-01-01T00:00:00+01:00' })
    const { json } = await send('GET', '/api/v1/incidents/inc_inc')
    expect(
      json.timeline.map((entry: { summary: string; actorName: string }) => [entry.summary, entry.actorName]),
    ).toEqual([
      ['First', 'Ada'],
      ['Second', 'Ada'],
    ])
    expect(json.timeline[0].at).toBe(Date.parse('2025-12-31T23:00:00Z'))
  })

  test('resolving asks for the review and stays resolved', async () => {
    const before = (await queue.counts()).draftReview.waiting
    const resolved = await send('PATCH', '/api/v1/incidents/inc_inc', { state: 'resolved', title: 'Shop was down' })
    expect(resolved.json).toMatchObject({ state: 'resolved', title: 'Shop was down' })
    expect((await queue.counts()).draftReview.waiting).toBe(before + 1)
    expect((await send('PATCH', '/api/v1/incidents/inc_inc', { state: 'open' })).status).toBe(409)
    expect((await send('PATCH', '/api/v1/incidents/inc_inc', { commanderId: 'usr_none' })).status).toBe(422)
  })
})

describe('reviews', () => {
  const times = {
    impactAt: null,
    detectedAt: null,
    pagedAt: null,
    acknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
  }
  const sections = {
    factors: { narrative: '', items: [] as object[] },
    defences: { narrative: '', items: [] },
    restoration: { narrative: '', items: [] },
    prevention: { narrative: '' },
    detection: { narrative: '', times },
  }
  const written = {
    factors: { narrative: '', items: [{ id: 'f1', description: 'A full disk', role: 'trigger' }] },
    defences: { narrative: 'The alert saw it', items: [] },
    restoration: { narrative: 'Space was made', items: [] },
    prevention: { narrative: 'Watch the disk' },
    detection: { narrative: 'By the SLO', times },
  }
  const path = '/api/v1/reviews/rev_1'
  const edit = (change: object) =>
    send('PUT', path, { title: 'Review', summary: 'S', impact: 'I', sections, revision: 1, ...change })

  test('of two editors of one revision the second is told', async () => {
    await fire('rev', 5)
    await api.prisma.review.create({ data: { id: 'rev_1', workspaceId, incidentId: 'inc_rev', title: 'R', sections } })
    const answers = await Promise.all([edit({ summary: 'one' }), edit({ summary: 'two' })])
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    expect(answers.find((answer) => answer.status !== 200)).toMatchObject({ status: 409, json: { code: 'conflict' } })
    expect((await send('GET', path)).json.revision).toBe(2)
  })

  test('empty sections are named and keep it from being published', async () => {
    const refused = await send('POST', `${path}/publish`)
    expect(refused.status).toBe(422)
    expect(refused.json.issues.map((issue: { path: string }) => issue.path)).toContain('sections/factors/items')
    expect((await edit({ sections: written, revision: 2 })).status).toBe(200)
    const published = await send('POST', `${path}/publish`)
    expect(published.json).toMatchObject({ state: 'published', publishedAt: expect.any(String) })
    expect((await send('POST', `${path}/publish`)).json.publishedAt).toBe(published.json.publishedAt)
  })

  test('action items are finished with their time, and stay once the review is published', async () => {
    const body = { title: 'Alert on disk', ownerId: adminId, dueOn: '2026-12-24' }
    const { json } = await send('POST', `${path}/actions`, body)
    const { title, dueOn } = body
    expect(json).toMatchObject({ title, dueOn, owner: { name: 'Ada' }, state: 'open', completedAt: null })
    const item = `/api/v1/actions/${json.id}`
    const done = await send('PUT', item, { ...body, state: 'done' })
    expect(Date.parse(done.json.completedAt)).toBeGreaterThan(Date.parse(json.createdAt))
    expect((await send('GET', '/api/v1/reviews')).json.items[0].openActions).toBe(0)
    expect((await send('DELETE', item)).status).toBe(409)
  })
})

describe('silences', () => {
  test('active and upcoming first; ending one ends it now', async () => {
    const make = async (startsAt: string | undefined, endsAt: string) =>
      (await send('POST', '/api/v1/silences', { serviceId, startsAt, endsAt, comment: 'upgrade' })).json
    const active = await make(undefined, '2099-01-01T00:00:00Z')
    const upcoming = await make('2098-01-01T00:00:00Z', '2098-01-02T00:00:00Z')
    expect([active.active, upcoming.active, active.createdBy]).toEqual([true, false, 'Ada'])
    expect((await send('DELETE', `/api/v1/silences/${active.id}`)).status).toBe(200)
    const { items } = (await send('GET', '/api/v1/silences')).json
    expect(items.map((item: { id: string }) => item.id)).toEqual([upcoming.id, active.id])
    expect(items[1].active).toBe(false)
    expect(Date.parse(items[1].endsAt)).toBeLessThanOrEqual(Date.now() + 1000)
  })

  test('one that ends before it begins, or has ended: 422', async () => {
    const attempt = (body: object) => send('POST', '/api/v1/silences', { comment: 'x', ...body })
    expect((await attempt({ endsAt: '2020-01-01T00:00:00Z' })).json.issues[0].path).toBe('body/endsAt')
    expect((await attempt({ startsAt: '2099-01-02T00:00:00Z', endsAt: '2099-01-01T00:00:00Z' })).status).toBe(422)
  })
})
