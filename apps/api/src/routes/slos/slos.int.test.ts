import { measuredOf, type OwnSli, type SeriesDefinition, type Slice, type SloStatus } from '@nines/contracts'
import { connectRedis, writeSloStatuses } from '@nines/pipeline'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { badStatus } from '../../test-fixtures/bad-status.ts'
import { sloBody } from '../../test-fixtures/populate.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const redis = connectRedis(services.redisUrl)
const MINUTE = 60_000
/** A minute that is long over. */
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE - MINUTE
let api: ApiUnderTest
let admin: Sender
let workspace: { id: string; number: number }
let serviceId: string

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  workspace = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  serviceId = (await send('POST', '/api/v1/services', { slug: 'shop', name: 'Shop' })).json.id
})
afterAll(async () => {
  redis.disconnect()
  await telemetry.close()
  await api.stop()
})

const send = (method: string, path: string, body?: unknown) => api.send(method, path, { as: admin, body })
const create = async (slug: string, change: object = {}) =>
  (await send('POST', '/api/v1/slos', { ...sloBody(serviceId, slug), ...change })).json

function definition(id: number, metric: string, change: Partial<SeriesDefinition> = {}): SeriesDefinition {
  const kind = { kind: 'sum', temporality: 'cumulative', monotonic: true } as const
  return { id: String(id), metric, ...kind, unit: '1', description: '', labels: {}, ...change }
}

describe('why a number is what it is', () => {
  const minutes = 120
  const slices = (sloId: string, revision: number, bad: number): Slice[] =>
    Array.from({ length: minutes }, (_, i) => ({
      sloId,
      version: 1,
      minute: NOW - (i + 1) * MINUTE,
      good: 100 - bad,
      total: 100,
      expected: 0,
      revision,
    }))
  const at = () => new Date(NOW).toISOString()

  test('every figure comes with formula, inputs, coverage and revisions, and what was known stays', async () => {
    const window = { kind: 'rolling', days: 1 }
    const slo = await create('explained', { target: 0.9, window })
    const known = Date.now() - 60_000
    await insertBlocks(telemetry, [{ ...emptyBlock(workspace.number), slices: slices(slo.id, known, 5) }], 'explain-1')
    const ask = async (query = '') => (await send('GET', `/api/v1/slos/${slo.id}/explain?at=${at()}${query}`)).json
    const first = await ask(`&asOf=${new Date(known).toISOString()}`)
    expect(first).toMatchObject({
      version: 1,
      at: NOW,
      asOf: known,
      objectives: [
        {
          good: 95 * minutes,
          total: 100 * minutes,
          coverage: { minutes: 1440, measured: minutes, withEvents: minutes },
          revisions: { revisedMinutes: 0, newest: known },
        },
      ],
    })
    const figures = Object.fromEntries(
      first.objectives[0].figures.map((f: { id: string; value: number }) => [f.id, f.value]),
    )
    expect(figures).toEqual({
      sli: 0.95,
      budget: expect.closeTo(0.1 * 100 * minutes, 9),
      budget_remaining: expect.closeTo(0.5, 12),
      burn: expect.closeTo(0.5, 12),
      exhaustion: expect.closeTo(86_400, 6),
    })

    await insertBlocks(
      telemetry,
      [{ ...emptyBlock(workspace.number), slices: slices(slo.id, known + 5, 50) }],
      'explain-2',
    )
    expect(await ask(`&asOf=${new Date(known).toISOString()}`)).toEqual(first)
    const later = await ask()
    expect(later.objectives[0]).toMatchObject({
      good: 50 * minutes,
      revisions: { revisedMinutes: minutes, newest: known + 5 },
    })

    const rows = await send(
      'GET',
      `/api/v1/slos/${slo.id}/slices?from=${new Date(NOW - 2 * MINUTE).toISOString()}&to=${at()}`,
    )
    expect(rows.json.slices).toEqual([
      { minute: NOW - 2 * MINUTE, good: 50, total: 100, expected: 0, revision: known + 5, revisions: 2 },
      { minute: NOW - MINUTE, good: 50, total: 100, expected: 0, revision: known + 5, revisions: 2 },
    ])
  })

  test('what cannot be asked is said', async () => {
    const slo = await create('unexplained')
    const future = new Date(Date.now() + 60_000).toISOString()
    const explain = `/api/v1/slos/${slo.id}/explain`
    expect(await send('GET', `${explain}?asOf=${future}`)).toMatchObject({
      status: 422,
      json: { issues: [{ path: 'query/asOf' }] },
    })
    expect((await send('GET', `${explain}?version=2`)).status).toBe(404)
    const long = `/api/v1/slos/${slo.id}/slices?from=2026-01-01T00:00:00Z&to=2026-01-09T00:00:00Z`
    expect(await send('GET', long)).toMatchObject({ status: 422, json: { issues: [{ path: 'query/from' }] } })
    expect((await send('GET', explain)).json.objectives[0]).toMatchObject({
      total: 0,
      sli: null,
      coverage: { measured: 0 },
    })
  })
})

describe('creating and changing', () => {
  test('a new SLO is version 1 with rules that page, that open tickets and for silence, and no status yet', async () => {
    const slo = await create('fresh')
    expect(slo).toMatchObject({ version: 1, status: null, versions: [{ version: 1, createdBy: 'Ada' }] })
    expect(slo.rules.map((rule: { severity: string }) => rule.severity)).toEqual(['critical', 'warning', 'warning'])
    expect(slo.rules[0].condition.pairs[0]).toEqual({ longSeconds: 3600, shortSeconds: 300, factor: 14.4 })
  })

  test('windows of the calendar and further objectives are kept; what is wrong with one is named', async () => {
    const window = { kind: 'calendar', unit: 'month', zone: 'Europe/Berlin' }
    const furtherObjectives = [{ target: 0.99, window: { kind: 'rolling', days: 366 } }]
    const slo = await create('calendar', { window, furtherObjectives })
    expect(slo).toMatchObject({ window, furtherObjectives, version: 1 })
    // A month is nearly as long as the 30 days that 14.4 belongs to.
    expect(slo.rules[0].condition.pairs[0].factor).toBe(14.4)
    const again = { ...sloBody(serviceId, 'calendar'), window, furtherObjectives: [] }
    expect((await send('PUT', `/api/v1/slos/${slo.id}`, again)).json).toMatchObject({
      version: 2,
      furtherObjectives: [],
    })

    for (const [wrong, path] of [
      [{ window: { ...window, zone: 'Berlin' } }, 'body/window/zone'],
      [{ window: { ...window, zone: '+02:00' } }, 'body/window/zone'],
      [{ window: { ...window, unit: 'fortnight' } }, 'body/window/unit'],
      [{ window: { kind: 'rolling', days: 367 } }, 'body/window/days'],
      [{ furtherObjectives: [{ target: 1, window }] }, 'body/furtherObjectives/0/target'],
    ] as const) {
      const refused = await send('POST', '/api/v1/slos', { ...sloBody(serviceId, 'wrong'), ...wrong })
      expect(refused).toMatchObject({ status: 422, json: { issues: [{ path }] } })
    }
  })

  test('a taken slug is a conflict that names the field; archiving frees it', async () => {
    const slo = await create('taken')
    const again = await send('POST', '/api/v1/slos', sloBody(serviceId, 'taken'))
    expect(again).toMatchObject({ status: 409, json: { code: 'conflict', issues: [{ path: 'body/slug' }] } })
    expect((await send('DELETE', `/api/v1/slos/${slo.id}`)).status).toBe(200)
    expect((await send('DELETE', `/api/v1/slos/${slo.id}`)).status).toBe(404)
    expect((await send('GET', `/api/v1/slos/${slo.id}`)).json.slug).toBe('taken')
    expect((await send('POST', '/api/v1/slos', sloBody(serviceId, 'taken'))).status).toBe(200)
  })

  test('a new name keeps the version; a new target makes one, and default rules follow it', async () => {
    const slo = await create('versions')
    const put = async (change: object) =>
      (await send('PUT', `/api/v1/slos/${slo.id}`, { ...sloBody(serviceId, 'versions'), ...change })).json
    expect(await put({ name: 'Renamed' })).toMatchObject({ version: 1, name: 'Renamed' })
    const [page, ticket] = slo.rules
    const condition = { ...ticket.condition, forSeconds: 120 }
    await send('PUT', `/api/v1/rules/${ticket.id}`, { ...ticket, condition })

    const changed = await put({ window: { kind: 'rolling', days: 7 } })
    expect(changed).toMatchObject({ version: 2, window: { kind: 'rolling', days: 7 }, target: 0.999 })
    expect(
      changed.versions.map((v: { version: number; window: { days: number } }) => [v.version, v.window.days]),
    ).toEqual([
      [2, 7],
      [1, 30],
    ])
    const ruleOf = (id: string) => changed.rules.find((rule: { id: string }) => rule.id === id)
    expect(ruleOf(page.id).condition.pairs[0].factor).toBeLessThan(14.4)
    expect(ruleOf(ticket.id).condition).toEqual(condition)
  })

  test('ten changes at once make ten versions, none twice', async () => {
    const slo = await create('race')
    const targets = Array.from({ length: 10 }, (_, i) => 0.9 + i / 1000)
    const answers = await Promise.all(
      targets.map((target) => send('PUT', `/api/v1/slos/${slo.id}`, { ...sloBody(serviceId, 'race'), target })),
    )
    expect(answers.map((answer) => answer.status)).toEqual(targets.map(() => 200))
    const { json } = await send('GET', `/api/v1/slos/${slo.id}`)
    expect(json.versions.map((v: { version: number }) => v.version)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  })
})

describe('rules', () => {
  const condition = {
    kind: 'burn_rate',
    match: 'all',
    pairs: [{ longSeconds: 7200, shortSeconds: 600, factor: 3 }],
    forSeconds: 30,
    resolveAfterSeconds: 120,
    clearBelow: 0.8,
    minBadEvents: 5,
    significance: 0.001,
  }
  const rule = { name: 'slow', severity: 'warning', enabled: true, condition, escalationPolicyId: null }
  const add = (sloId: string, change: object = {}) =>
    send('POST', `/api/v1/slos/${sloId}/rules`, { ...rule, ...change })

  test('are added, read back whole and changed', async () => {
    const slo = await create('rules')
    const added = await add(slo.id)
    expect(added.json).toEqual({ ...rule, id: expect.stringMatching(/^rule_/) })
    const silence = { kind: 'absence', unmeasuredSeconds: 1800, resolveAfterSeconds: 0 }
    const second = await add(slo.id, { name: 'quiet', severity: 'critical', condition: silence })
    const { rules } = (await send('GET', `/api/v1/slos/${slo.id}`)).json
    expect(rules).toContainEqual(added.json)
    expect(rules).toContainEqual(second.json)
    const changed = { ...second.json, condition: { ...silence, unmeasuredSeconds: 3600 } }
    expect((await send('PUT', `/api/v1/rules/${second.json.id}`, changed)).json).toEqual(changed)
  })

  test('that could never be true are refused, naming the field', async () => {
    const slo = await create('unfirable', { window: { kind: 'rolling', days: 7 } })
    const with1 = (pair: object) => ({ condition: { ...condition, pairs: [{ ...condition.pairs[0], ...pair }] } })
    for (const [pair, field] of [
      [{ factor: 1001 }, 'factor'],
      [{ longSeconds: 8 * 86_400 }, 'longSeconds'],
      [{ shortSeconds: 9000 }, 'shortSeconds'],
    ] as const) {
      const answer = await add(slo.id, with1(pair))
      expect(answer.status, answer.text).toBe(422)
      expect(answer.json.issues).toMatchObject([{ path: `body/condition/pairs/0/${field}` }])
    }
    const [page] = slo.rules
    const silence = { kind: 'absence', unmeasuredSeconds: 900 }
    const answer = await send('PUT', `/api/v1/rules/${page.id}`, { ...page, condition: silence })
    expect(answer.json.issues).toMatchObject([{ path: 'body/condition/kind' }])
    expect((await add(slo.id, { escalationPolicyId: 'pol_none' })).json.issues).toMatchObject([
      { path: 'body/escalationPolicyId' },
    ])
  })
})

describe('kinds of SLI', () => {
  test.each<[string, object]>([
    ['gauge', { kind: 'gauge', gauge: { metric: 'memory', matchers: [] }, op: '<', threshold: 0.9 }],
    ['spans', { kind: 'spans', service: 'shop', spanKinds: ['server'], attributes: [], good: { withoutError: true } }],
    [
      'logs',
      {
        kind: 'logs',
        total: { service: 'shop', minSeverity: 0, attributes: [] },
        bad: { minSeverity: 0, body: { op: 'contains', value: 'refused' }, attributes: [] },
      },
    ],
    [
      'slices',
      {
        kind: 'time_slices',
        of: { kind: 'latency', histogram: { metric: 'duration', matchers: [] }, threshold: 0.3 },
        sliceMinutes: 5,
        sliceTarget: 0.95,
      },
    ],
  ])('%s: comes back as it was written; the same again makes no version, another one does', async (slug, sli) => {
    const slo = await create(`kind-${slug}`, { sli })
    expect(slo.sli).toEqual(sli)
    const put = async (change: object) =>
      (await send('PUT', `/api/v1/slos/${slo.id}`, { ...sloBody(serviceId, `kind-${slug}`), ...change })).json
    expect(await put({ sli })).toMatchObject({ version: 1, sli })
    expect(await put({ sli: { kind: 'ratio_time_slices', of: measuredOf(sli as OwnSli) } })).toMatchObject({
      version: 2,
    })
  })
})

describe('an SLI that cannot work', () => {
  beforeAll(async () => {
    const series = [
      definition(1, 'memory.used', { kind: 'gauge', monotonic: false, temporality: 'unspecified' }),
      definition(2, 'queue.length', { monotonic: false }),
      definition(3, 'good.requests'),
    ]
    await insertBlocks(telemetry, [{ ...emptyBlock(workspace.number, Date.now()), series }], 'definitions')
  })
  const ratio = (metric: string, matchers: object[] = []) => ({
    kind: 'ratio',
    good: { metric: 'good.requests', matchers: [] },
    total: { metric, matchers },
  })

  test.each([
    ['a gauge as counter', ratio('memory.used'), 'body/sli/total/metric', 'is a gauge'],
    [
      'a counter as a level',
      { kind: 'gauge', gauge: { metric: 'good.requests', matchers: [] }, op: '<', threshold: 1 },
      'body/sli/gauge/metric',
      'is a counter',
    ],
    [
      'slices of time over the wrong kind',
      { kind: 'time_slices', of: ratio('memory.used'), sliceTarget: 0.9 },
      'body/sli/of/total/metric',
      'is a gauge',
    ],
    ['a sum that may fall', ratio('queue.length'), 'body/sli/total/metric', 'may also fall'],
    [
      'a counter as histogram',
      { kind: 'latency', histogram: { metric: 'good.requests', matchers: [] }, threshold: 1 },
      'body/sli/histogram/metric',
      'needs a histogram',
    ],
    [
      'a broken expression',
      ratio('good.requests', [{ label: 'a', op: '=~', value: '(' }]),
      'body/sli/total/matchers/0/value',
      'regular expression',
    ],
    ['a check that is not there', { kind: 'availability', checkId: 'chk_none' }, 'body/sli/checkId', 'no such check'],
    ['good and bad at once', { ...ratio('a'), bad: { metric: 'b' } }, 'body/sli/good', 'either'],
  ])('%s: 422 that names the field', async (_name, sli, path, message) => {
    const answer = await send('POST', '/api/v1/slos', { ...sloBody(serviceId, 'broken'), sli })
    expect(answer.status, answer.text).toBe(422)
    expect(answer.json.issues).toContainEqual({ path, message: expect.stringContaining(message) })
  })

  test('series that nobody has sent yet are fine', async () => {
    expect((await send('POST', '/api/v1/slos', sloBody(serviceId, 'early'))).status).toBe(200)
  })
})

describe('figures', () => {
  test('status comes from the board, and the overview shows the worst', async () => {
    const slo = await create('board')
    const status: SloStatus = badStatus(slo.id, NOW)
    await writeSloStatuses(redis, services.redisPrefix, workspace.id, [status])
    expect((await send('GET', `/api/v1/slos/${slo.id}`)).json.status).toEqual(status)
    const listed = await send('GET', `/api/v1/slos?serviceId=${serviceId}`)
    expect(listed.json.items.find((item: { id: string }) => item.id === slo.id).status).toEqual(status)
    const { json } = await send('GET', '/api/v1/overview')
    const state = (slug: string) =>
      json.services.find((s: { service: { slug: string } }) => s.service.slug === slug).state
    expect([state('shop'), state('nines')]).toEqual(['bad', 'unmeasured'])
    expect(json.onCall).toMatchObject([{ scheduleName: 'Primary', userName: 'Ada' }])
  })

  test('history: events and budget of every point, and the alerts of the span', async () => {
    const slo = await create('history', { target: 0.9, window: { kind: 'rolling', days: 1 } })
    const from = NOW - 60 * MINUTE
    const slices: Slice[] = Array.from({ length: 60 }, (_, i) => ({
      sloId: slo.id,
      version: 1,
      minute: from + i * MINUTE,
      good: i === 30 ? 0 : 10,
      total: 10,
      expected: 0,
      revision: 1,
    }))
    await insertBlocks(telemetry, [{ ...emptyBlock(workspace.number, Date.now()), slices }], 'history')
    await api.prisma.alert.create({
      data: {
        id: 'alt_history',
        workspaceId: workspace.id,
        ruleId: slo.rules[0].id,
        state: 'resolved',
        severity: 'critical',
        summary: 'burned',
        verdictAt: 1n,
        lastVerdict: 'false',
        startedAt: new Date(from),
        firedAt: new Date(from + 31 * MINUTE),
        resolvedAt: new Date(from + 40 * MINUTE),
      },
    })
    const span = `from=${new Date(from).toISOString()}&to=${new Date(NOW).toISOString()}`
    const { json } = await send('GET', `/api/v1/slos/${slo.id}/history?${span}`)
    expect(json.stepSeconds).toBe(60)
    expect(json.points).toHaveLength(60)
    expect(json.points.reduce((sum: number, p: { total: number }) => sum + p.total, 0)).toBe(600)
    // 10 of 600 events were bad; a tenth of 600 may be.
    expect(json.points.at(-1).budgetRemaining).toBeCloseTo(1 - 10 / 60, 10)
    expect(json.points[10].budgetRemaining).toBe(1)
    const [firedAt, resolvedAt] = [from + 31 * MINUTE, from + 40 * MINUTE]
    expect(json.alerts).toEqual([{ id: 'alt_history', severity: 'critical', firedAt, resolvedAt }])
    // A step of four minutes, of which the last ends with the newest minute.
    const day = `from=${new Date(NOW - 1440 * MINUTE - 30_000).toISOString()}&to=${new Date(NOW).toISOString()}`
    const wide = (await send('GET', `/api/v1/slos/${slo.id}/history?${day}`)).json
    expect(wide.stepSeconds).toBe(300)
    expect(wide.points.at(-1)).toMatchObject({ at: NOW, total: 50, good: 50 })
    expect(wide.points[0].at).toBe(NOW - 287 * 5 * MINUTE)
    const backwards = `from=${new Date(NOW).toISOString()}&to=${new Date(from).toISOString()}`
    expect((await send('GET', `/api/v1/slos/${slo.id}/history?${backwards}`)).status).toBe(422)
  })

  test('an incident spent what its minutes spent of the whole budget', async () => {
    const slo = await create('spent', { target: 0.9, window: { kind: 'rolling', days: 1 } })
    const from = NOW - 100 * MINUTE
    const slices: Slice[] = Array.from({ length: 100 }, (_, i) => ({
      sloId: slo.id,
      version: 1,
      minute: from + i * MINUTE,
      good: i >= 50 && i < 55 ? 5 : 10,
      total: 10,
      expected: 0,
      revision: 1,
    }))
    await insertBlocks(telemetry, [{ ...emptyBlock(workspace.number, Date.now()), slices }], 'spent')
    const [opened, resolved] = [new Date(from + 50 * MINUTE), new Date(from + 59.5 * MINUTE)]
    const times = { openedAt: opened, resolvedAt: resolved, state: 'resolved', severity: 'sev2' } as const
    await api.prisma.incident.create({
      data: { id: 'inc_spent', workspaceId: workspace.id, number: 1, title: 'Slow', serviceId, ...times },
    })
    const alert = {
      state: 'resolved',
      severity: 'critical',
      summary: 'x',
      verdictAt: 1n,
      lastVerdict: 'false',
    } as const
    await api.prisma.alert.create({
      data: {
        id: 'alt_spent',
        workspaceId: workspace.id,
        ruleId: slo.rules[0].id,
        incidentId: 'inc_spent',
        startedAt: opened,
        ...alert,
      },
    })
    const { json } = await send('GET', '/api/v1/incidents/inc_spent')
    // 25 bad events; the window that ends with the incident holds 600 events, so 60 may be bad.
    expect(json.budgetSpent).toBeCloseTo(25 / 60, 10)
    const listed = (await send('GET', '/api/v1/incidents')).json.items
    expect(listed.find((item: { id: string }) => item.id === 'inc_spent').budgetSpent).toBeCloseTo(25 / 60, 10)
  })
})
