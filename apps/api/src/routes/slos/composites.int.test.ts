import type { Slice, SloStatus } from '@nines/contracts'
import { connectRedis, writeSloStatuses } from '@nines/pipeline'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { sloBody } from '../../test-fixtures/populate.ts'
import { storeIncident } from '../../test-fixtures/store-incident.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const redis = connectRedis(services.redisUrl)
const MINUTE = 60_000
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE - 2 * MINUTE
let api: ApiUnderTest
let admin: Sender
let workspace: { id: string; number: number }
let serviceId: string
let blocks = 0

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
const get = async (path: string) => (await send('GET', path)).json
const body = (slug: string, change: object = {}) => ({
  ...sloBody(serviceId, slug),
  name: slug,
  target: 0.9,
  window: { kind: 'rolling', days: 1 },
  ...change,
})
async function create(slug: string, change: object = {}): Promise<string> {
  const answer = await send('POST', '/api/v1/slos', body(slug, change))
  expect(answer.status, answer.text).toBe(200)
  return answer.json.id
}
const composite = (combine: string, ...members: (string | object)[]) => ({
  sli: {
    kind: 'composite',
    combine,
    members: members.map((member) => (typeof member === 'string' ? { sloId: member } : member)),
  },
})
/** The same counts in every minute of the last hour. */
async function store(sloId: string, good: number, total: number, version = 1): Promise<void> {
  const slices = Array.from({ length: 60 }, (_, i): Slice => {
    const minute = NOW - (i + 1) * MINUTE
    return { sloId, version, minute, good, total, expected: 0, revision: Date.now() }
  })
  await insertBlocks(telemetry, [{ ...emptyBlock(workspace.number), slices }], `composites-${blocks++}`)
}

function overspent(sloId: string): SloStatus {
  const window = { kind: 'rolling' as const, days: 1 }
  const budget = { budgetRemaining: -0.1, budgetRemainingToDate: -0.1, exhaustionSeconds: 0 }
  const objective = { target: 0.9, window, from: 0, to: 0, good: 89, total: 100, sli: 0.89, ...budget }
  const rest = { burns: [], furtherObjectives: [], lastEventAt: null }
  return { sloId, version: 1, at: Date.now(), state: 'bad', ...objective, ...rest }
}

describe('members', () => {
  test('are named with what is wrong: unknown, of another workspace, twice, too few, a weight that says nothing', async () => {
    const known = await create('known')
    const foreign = await api.prisma.workspace.create({ data: { id: 'wsp_other', slug: 'other', name: 'Other' } })
    const service = await api.prisma.service.create({
      data: { id: 'svc_other', workspaceId: foreign.id, slug: 'x', name: 'X' },
    })
    const version = { id: 'slv_other', version: 1, sli: {}, target: 0.9, window: { kind: 'rolling', days: 1 } }
    await api.prisma.slo.create({
      data: {
        id: 'slo_other',
        workspaceId: foreign.id,
        serviceId: service.id,
        slug: 'x',
        name: 'X',
        versions: { create: version },
      },
    })
    const refused = async (sli: object) => {
      const { status, json } = await send('POST', '/api/v1/slos', body('refused', sli))
      return { status, issues: json.issues }
    }
    const unknown = { path: 'body/sli/members/1/sloId', message: 'there is no such SLO' }
    expect(await refused(composite('weighted', known, 'slo_none'))).toMatchObject({ status: 422, issues: [unknown] })
    expect(await refused(composite('weighted', known, 'slo_other'))).toMatchObject({ status: 422, issues: [unknown] })
    expect(await refused(composite('weighted', known, known))).toMatchObject({
      status: 422,
      issues: [{ path: 'body/sli/members/1/sloId', message: 'is a member already' }],
    })
    expect(await refused(composite('weighted', known))).toMatchObject({
      status: 422,
      issues: [{ path: 'body/sli/members' }],
    })
    expect(await refused(composite('worst_of', known, { sloId: 'slo_none', weight: 2 }))).toMatchObject({
      status: 422,
      issues: [{ path: 'body/sli/members/1/weight', message: 'is for weighted composites' }],
    })
  })

  test('lead back in no circle, and no deeper than five levels', async () => {
    const [a, b] = [await create('leaf-a'), await create('leaf-b')]
    const inner = await create('inner', composite('worst_of', a, b))
    const outer = await create('outer', composite('worst_of', inner, a))
    const circle = await send('PUT', `/api/v1/slos/${inner}`, body('inner', composite('worst_of', b, outer)))
    expect(circle).toMatchObject({
      status: 422,
      json: {
        issues: [{ path: 'body/sli/members/1/sloId', message: 'leads back to this SLO: inner → outer → inner' }],
      },
    })
    const self = await send('PUT', `/api/v1/slos/${inner}`, body('inner', composite('worst_of', inner, a)))
    expect(self.json.issues[0].message).toBe('leads back to this SLO: inner → inner')
    let deepest = outer
    for (const level of [3, 4, 5]) deepest = await create(`level-${level}`, composite('worst_of', deepest, a))
    const deep = await send('POST', '/api/v1/slos', body('level-6', composite('worst_of', deepest, a)))
    expect(deep).toMatchObject({ status: 422, json: { issues: [{ path: 'body/sli/members' }] } })
    // One that grows below counts as well.
    const [c, d] = [await create('leaf-c'), await create('leaf-d')]
    const below = await create('below', composite('worst_of', c, d))
    const grown = await send('PUT', `/api/v1/slos/${inner}`, body('inner', composite('worst_of', below, a)))
    expect(grown.json.issues[0].path).toBe('body/sli/members')
  })

  test('cannot be archived, and say what they are part of', async () => {
    const [a, b] = [await create('kept-a'), await create('kept-b')]
    const whole = await create('Journey'.toLowerCase(), composite('weighted', a, b))
    const refused = await send('DELETE', `/api/v1/slos/${a}`)
    expect(refused).toMatchObject({ status: 409, json: { code: 'conflict' } })
    expect(refused.text).toContain('journey')
    expect(await get(`/api/v1/slos/${a}/members`)).toMatchObject({
      combine: null,
      members: [],
      partOf: [{ id: whole, name: 'journey', combine: 'weighted' }],
    })
    expect((await send('DELETE', `/api/v1/slos/${whole}`)).status).toBe(200)
    expect((await send('DELETE', `/api/v1/slos/${a}`)).status).toBe(200)
  })

  test('made a circle by two at once: one of them is refused', async () => {
    const [a, b] = [await create('race-a'), await create('race-b')]
    const one = await create('race-one', composite('worst_of', a, b))
    const two = await create('race-two', composite('worst_of', a, b))
    const answers = await Promise.all([
      send('PUT', `/api/v1/slos/${one}`, body('race-one', composite('worst_of', a, two))),
      send('PUT', `/api/v1/slos/${two}`, body('race-two', composite('worst_of', a, one))),
    ])
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 422]))
  })
})

describe('figures', () => {
  let good: string
  let poor: string
  let whole: string
  beforeAll(async () => {
    ;[good, poor] = [await create('fine'), await create('poor')]
    const members = [
      { sloId: good, weight: 3 },
      { sloId: poor, weight: 1 },
    ]
    whole = await create('whole', composite('weighted', ...members))
    await store(good, 99, 100)
    await store(poor, 8, 10)
  })
  const bad = (3 * 0.01 + 0.2) / 4

  test('the explanation names the members, their SLIs and their parts, which sum to the whole', async () => {
    const explained = await get(`/api/v1/slos/${whole}/explain?at=${new Date(NOW).toISOString()}`)
    const [objective] = explained.objectives
    expect(objective.sli).toBeCloseTo(1 - bad, 12)
    expect(objective.budgetRemaining).toBeCloseTo(1 - bad / 0.1, 9)
    expect(objective.coverage).toEqual({ minutes: 1440, measured: 60, withEvents: 60 })
    expect(objective.figures[0]).toMatchObject({
      id: 'sli',
      formula: 'Σ(weight × SLI) ÷ Σ weight',
      inputs: [
        { name: 'SLI of fine', value: 0.99 },
        { name: 'weight of fine', value: 3 },
        { name: 'SLI of poor', value: 0.8 },
        { name: 'weight of poor', value: 1 },
      ],
    })
    expect(objective.members.map((member: { contributionUnits: number }) => member.contributionUnits)).toEqual([
      Math.round(1e6 * (0.03 / 0.23)),
      1e6 - Math.round(1e6 * (0.03 / 0.23)),
    ])
    const plain = await get(`/api/v1/slos/${good}/explain`)
    expect(plain.objectives[0].members).toEqual([])
  })

  test('what was known stays known: members count as they were at the instant', async () => {
    const known = new Date().toISOString()
    const ask = () => get(`/api/v1/slos/${whole}/explain?at=${new Date(NOW).toISOString()}&asOf=${known}`)
    const before = await ask()
    await new Promise((resolve) => setTimeout(resolve, 20))
    const changed = { ...body('poor'), target: 0.5 }
    expect((await send('PUT', `/api/v1/slos/${poor}`, changed)).json.version).toBe(2)
    await store(poor, 10, 10, 2)
    expect(await ask()).toEqual(before)
    const now = await get(`/api/v1/slos/${whole}/explain?at=${new Date(NOW).toISOString()}`)
    expect(now.objectives[0].sli).toBeCloseTo(1 - 0.0075, 12)
    expect(now.objectives[0].members[1]).toMatchObject({ version: 2, target: 0.5, sli: 1, contributionUnits: 0 })
  })

  test('history, slices, forecast, gate, ledger and backfill answer like those of any SLO', async () => {
    const [from, to] = [new Date(NOW - 30 * MINUTE).toISOString(), new Date(NOW).toISOString()]
    const history = await get(`/api/v1/slos/${whole}/history?from=${from}&to=${to}`)
    expect(history.points.at(-1).budgetRemaining).toBeCloseTo(1 - 0.0075 / 0.1, 9)
    expect(history.points.at(-1).burn5m).toBeCloseTo(0.075, 9)
    const { slices } = await get(`/api/v1/slos/${whole}/slices?from=${from}&to=${to}`)
    expect(slices).toHaveLength(30)
    expect(slices[0].good / slices[0].total).toBeCloseTo(1 - 0.0075, 12)
    expect((await get(`/api/v1/slos/${whole}/forecast`)).forecast).toBeNull()
    const ledger = await get(`/api/v1/slos/${whole}/ledger?to=${to}`)
    expect(ledger.spent.share).toBeCloseTo(0.075, 5)
    expect(ledger.entries.reduce((sum: number, entry: { units: number }) => sum + entry.units, 0)).toBe(
      ledger.spent.units,
    )
    await writeSloStatuses(redis, services.redisPrefix, workspace.id, [overspent(whole)])
    expect(await get(`/api/v1/slos/${whole}/gate`)).toMatchObject({ allowed: false })
    expect(await get(`/api/v1/slos/${whole}/backfill`)).toMatchObject({ state: 'done' })
  })

  test('an incident of a member stands in the ledger of the composite', async () => {
    const { rules } = await get(`/api/v1/slos/${good}`)
    const [opened, resolved] = [new Date(NOW - 40 * MINUTE), new Date(NOW - 20 * MINUTE)]
    await storeIncident(api.prisma, {
      id: 'inc_member',
      workspaceId: workspace.id,
      serviceId,
      ruleId: rules[0].id,
      title: 'Fine was not fine',
      openedAt: opened,
      resolvedAt: resolved,
    })
    const ledger = await get(`/api/v1/slos/${whole}/ledger?to=${new Date(NOW).toISOString()}`)
    const incident = ledger.entries.find((entry: { cause: { kind: string } }) => entry.cause.kind === 'incident')
    expect(incident).toMatchObject({ cause: { id: 'inc_member' } })
    expect(incident.minutes).toBeGreaterThanOrEqual(20)
  })

  test('a backtest replays the rules over what the members counted; saves nothing', async () => {
    const [burning, calm] = [await create('burning'), await create('calm')]
    await store(burning, 0, 10)
    await store(calm, 10, 10)
    const draft = {
      ...composite('critical_path', burning, calm),
      target: 0.9,
      window: { kind: 'rolling', days: 1 },
      days: 1,
    }
    const pair = { longSeconds: 600, shortSeconds: 120, factor: 2 }
    const condition = { kind: 'burn_rate', pairs: [pair], forSeconds: 0, resolveAfterSeconds: 60 }
    const rules = [{ name: 'page', severity: 'critical', condition }]
    const report = await send('POST', '/api/v1/slos/backtest', { ...draft, rules })
    expect(report.status, report.text).toBe(200)
    expect(report.json).toMatchObject({ pages: 1, sli: 0, coverage: { measured: expect.any(Number) } })
    expect(report.json.limits).toEqual([expect.stringContaining('Only the last 1 h were looked at')])
    const wrong = { ...draft, ...composite('critical_path', burning, 'slo_none') }
    expect(await send('POST', '/api/v1/slos/backtest', wrong)).toMatchObject({
      status: 422,
      json: { issues: [{ path: 'body/sli/members/1/sloId' }] },
    })
    const preview = await send('POST', '/api/v1/metrics/preview', { sli: draft.sli })
    expect(preview).toMatchObject({ status: 422, json: { issues: [{ path: 'body/sli' }] } })
  })
})

describe('as code', () => {
  test('a composite goes out with its members by their short names and comes back the same', async () => {
    const [a, b] = [await create('code-a'), await create('code-b')]
    await create('code-whole', composite('critical_path', { sloId: a, noData: 'bad' }, b))
    const { text } = await get('/api/v1/code/export?format=openslo')
    expect(text).toContain('sloId: code-a')
    const files = [{ path: 'all.yaml', content: text }]
    const plan = await send('POST', '/api/v1/code/plan', { files })
    expect(plan.status, plan.text).toBe(200)
    const changes = plan.json.changes.filter(({ slug }: { slug: string }) => slug.startsWith('code-'))
    expect(changes.map(({ action }: { action: string }) => action)).toEqual(['unchanged', 'unchanged', 'unchanged'])
  })

  test('is made after its members whatever the order, refused with unknown ones, and pruned before them', async () => {
    const whole = (member: string) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: made-whole }
spec:
  service: made
  indicator:
    metadata: { name: indicator }
    spec:
      ratioMetric:
        rawType: success
        raw: { metricSource: { type: Nines, spec: { sli: { kind: composite, combine: worst_of, members: [{ sloId: made-a }, { sloId: ${member} }] } } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`
    const leaf = (name: string) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name} }
spec:
  service: made
  indicator:
    metadata: { name: ok }
    spec:
      ratioMetric:
        counter: true
        good: { metricSource: { type: Prometheus, spec: { query: 'made_good_total' } } }
        total: { metricSource: { type: Prometheus, spec: { query: 'made_total' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`
    const apply = (content: string, prune = false) =>
      send('POST', '/api/v1/code/apply', { files: [{ path: 'made.yaml', content }], prune })
    const leaves = `${leaf('made-a')}---\n${leaf('made-b')}`
    expect(await apply(`${whole('made-none')}---\n${leaves}`)).toMatchObject({ status: 422 })
    const made = await apply(`${whole('made-b')}---\n${leaves}`)
    expect(made.status, made.text).toBe(200)
    const { items } = await get('/api/v1/slos')
    const idOf = (slug: string) => items.find((one: { slug: string }) => one.slug === slug)?.id
    expect(
      (await get(`/api/v1/slos/${idOf('made-whole')}`)).sli.members.map((one: { sloId: string }) => one.sloId),
    ).toEqual([idOf('made-a'), idOf('made-b')])
    expect((await apply(`${whole('made-b')}---\n${leaf('made-a')}`, true)).status).toBe(422)
    const gone = await apply('# nothing is left\n', true)
    expect(gone.status, gone.text).toBe(200)
    expect((await get('/api/v1/slos')).items.filter((one: { slug: string }) => one.slug.startsWith('made-'))).toEqual(
      [],
    )
  })
})
