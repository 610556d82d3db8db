import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sloSuggestions, type SloDetail, type SloSuggestion, type SloSuggestions } from '@nines/contracts'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { spawnApp, useServices, type AppProcess } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  foreignKey,
  setUpAdmin,
  startApi,
  type ApiUnderTest,
  type Sender,
} from '../../../test-fixtures/api-under-test.ts'
import {
  checkRuns,
  DAY,
  DAYS,
  logsBlock,
  MINUTE,
  seriesBlock,
  spansBlock,
  START,
} from './month-of-telemetry.fixture.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const EVALUATE = path.resolve(import.meta.dirname, '../../../../../evaluate/src/index.ts')
const STEPS = (DAYS * DAY) / (10 * MINUTE)
const ids = new Map<string, string>()
let api: ApiUnderTest
let admin: Sender
let evaluate: AppProcess | undefined

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  const { number } = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  for (const slug of ['otel', 'prom', 'rare', 'red', 'spans', 'logs', 'nothing', 'front', 'other'])
    ids.set(slug, await createService(slug, admin))
  const check = {
    name: 'Front page',
    serviceId: ids.get('front'),
    intervalSeconds: 600,
    config: { kind: 'http', url: 'https://example.com/' },
  }
  const { json } = await api.send('POST', '/api/v1/checks', { as: admin, body: check })
  await api.prisma.check.update({ where: { id: json.id }, data: { createdAt: new Date(START) } })
  const runs = { ...emptyBlock(number, Date.now()), checkRuns: checkRuns(json.id) }
  await insertBlocks(telemetry, [seriesBlock(number)], 'series')
  await insertBlocks(telemetry, [spansBlock(number), logsBlock(number), runs], 'rows')
}, 120_000)
afterAll(async () => {
  await evaluate?.kill()
  await telemetry.close()
  await api.stop()
})

async function createService(slug: string, as: Sender): Promise<string> {
  const answer = await api.send('POST', '/api/v1/services', { as, body: { slug, name: `The ${slug}` } })
  return answer.json.id
}

const ask = async (slug: string, query = '', as = admin): Promise<SloSuggestions> => {
  const answer = await api.send('GET', `/api/v1/services/${ids.get(slug)}/slo-suggestions${query}`, { as })
  expect(answer.status, answer.text).toBe(200)
  return sloSuggestions.parse(answer.json)
}
const short = ({ aspect, operation, target, threshold }: SloSuggestion) => [
  aspect,
  operation,
  target,
  threshold?.text ?? null,
]

test("OpenTelemetry's histogram gives availability and latency, of the service and its routes", async () => {
  const { items, leftOut, foundNames, otherNames } = await ask('otel')
  expect(items.map(short)).toEqual([
    ['availability', null, 0.9995, null],
    ['latency', null, 0.99, '500 ms'],
    ['availability', '/a', 0.9995, null],
    ['availability', '/b', 0.9999, null],
    ['latency', '/a', 0.99, '500 ms'],
    ['latency', '/b', 0.9999, '500 ms'],
  ])
  expect({ leftOut, foundNames, otherNames }).toEqual({ leftOut: [], foundNames: ['otel'], otherNames: [] })
  const [availability, latency] = items as [SloSuggestion, SloSuggestion]
  // The first point of each series is what counting begins with.
  const steps = STEPS - 1
  const bad = Math.floor((steps - 10) / 20) + 1
  expect(availability.evidence).toMatchObject({ total: 250 * steps + bad, good: 250 * steps, pages: 0, series: 3 })
  expect(latency.evidence).toMatchObject({ total: 250 * steps + bad, good: 249 * steps + bad })
  expect(latency).toMatchObject({ name: 'The otel answers within 500 ms', slug: 'otel-latency', coveredBy: null })
  expect(latency.sli).toMatchObject({ kind: 'latency', threshold: 0.5 })
  expect(latency.threshold?.quantile).toBe(0.99)
  const days = availability.evidence.days
  expect(days.reduce((sum, day) => sum + day.total, 0)).toBe(availability.evidence.total)
  expect(availability.rules.map(({ name }) => name)).toEqual(['page', 'ticket', 'silence'])
})

test('Prometheus counters and classic buckets; a bad day keeps the weeks that hold it from a higher target', async () => {
  const { items } = await ask('prom')
  expect(items.map(short)).toEqual([
    ['availability', null, 0.998, null],
    ['latency', null, 0.99, '300 ms'],
  ])
  const [availability, latency] = items as [SloSuggestion, SloSuggestion]
  // The counter of another service, which the same job scrapes, is kept out.
  expect(availability.sli).toMatchObject({
    total: { matchers: expect.arrayContaining([{ label: 'service', op: '=', value: '' }]) },
  })
  const { good, total, windows, worstDay } = availability.evidence
  expect([total, total - good]).toEqual([50 * (DAYS * 1440 - 1), 720])
  expect(windows.met).toBe(windows.count)
  expect(worstDay?.sli).toBeLessThan(0.999)
  expect(latency.sli).toMatchObject({ kind: 'ratio', good: { metric: 'http_request_duration_seconds_bucket' } })
  expect(latency.evidence.sli).toBeCloseTo(0.995, 12)
})

test('what the store computes from spans: the service, its two busiest operations, and how far its queue lags', async () => {
  const { items, leftOut } = await ask('red')
  expect(items.map(({ aspect, operation }) => [aspect, operation])).toEqual([
    ['availability', null],
    ['latency', null],
    ['availability', 'GET /x'],
    ['availability', 'POST /y'],
    ['latency', 'GET /x'],
    ['latency', 'POST /y'],
    ['freshness', null],
  ])
  expect(leftOut).toEqual([])
  const [availability, latency] = items as [SloSuggestion, SloSuggestion]
  expect(availability.evidence.total).toBe(141 * STEPS + Math.ceil(STEPS / 10))
  expect(latency.threshold?.text).toBe('250 ms')
  expect(latency.evidence.good / latency.evidence.total).toBeCloseTo(139 / 140, 12)
  expect(items.at(-1)).toMatchObject({
    sli: { kind: 'gauge', op: '<=', threshold: 100 },
    threshold: { text: '100 s' },
    target: 0.998,
  })
})

test('spans themselves where no metric was computed from them, and records of a service that only logs', async () => {
  const spans = await ask('spans')
  expect(spans.items.map(short)).toEqual([
    ['availability', null, 0.995, null],
    ['latency', null, 0.9995, '800 ms'],
  ])
  const count = (DAYS * DAY) / (3 * MINUTE)
  expect(spans.items[0]?.evidence).toMatchObject({ total: count, good: count - Math.ceil((count - 3) / 500) })
  const logs = await ask('logs')
  expect(logs.items.map(short)).toEqual([['logs', null, 0.98, null]])
  expect(logs.items[0]?.sli).toMatchObject({ kind: 'logs', total: { service: 'logs' }, bad: { minSeverity: 17 } })
})

test('very low traffic: no target that it cannot show, and what the guards of the rules mean', async () => {
  const { items } = await ask('rare')
  expect(items.map(short)).toEqual([['availability', null, 0.999, null]])
  const [one] = items as [SloSuggestion]
  expect(one.evidence.eventsPerHour).toBeCloseTo(10, 1)
  expect(one.reason).toContain('99.95 % would allow fewer than 5 bad events')
  expect(one.warnings.join(' ')).toContain('after about 18 minutes')
})

test('checks of the service', async () => {
  const { items } = await ask('front')
  expect(items.map(short)).toEqual([['check', null, 0.99, null]])
  expect(items[0]).toMatchObject({
    name: 'Front page passes',
    sli: { kind: 'availability' },
    evidence: { total: STEPS },
  })
})

test('nothing to go by: which other names telemetry comes under, and one of them can be asked for', async () => {
  const none = await ask('nothing')
  expect(none).toMatchObject({ items: [], names: ['nothing', 'The nothing'], foundNames: [] })
  expect(none.otherNames).toEqual(expect.arrayContaining(['otel', 'prom', 'rare', 'red', 'other']))
  const named = await ask('nothing', '?name=rare')
  expect(named.foundNames).toEqual(['rare'])
  expect(named.items.map(({ slug }) => slug)).toEqual(['nothing-availability'])
})

test('fewer days, less evidence; young data is told', async () => {
  const { items, from, to } = await ask('otel', '?days=2')
  expect(to - from).toBe(2 * DAY)
  expect(items[0]).toMatchObject({ provisional: true })
  expect(items[0]?.warnings.join(' ')).toContain('Provisional')
  const bad = await api.send('GET', `/api/v1/services/${ids.get('otel')}/slo-suggestions?days=91`, { as: admin })
  expect(bad).toMatchObject({ status: 422, json: { issues: [{ path: 'query/days' }] } })
})

test('another workspace: its service of the same name has no telemetry, and hears of none', async () => {
  const foreign = await foreignKey(api.prisma, ['read', 'write'])
  ids.set('foreign', await createService('otel', foreign))
  const answer = await ask('foreign', '', foreign)
  expect(answer).toMatchObject({ items: [], leftOut: [], foundNames: [], otherNames: [] })
})

test('a saved suggestion evaluates to the figures of its evidence, and covers what suggested it', async () => {
  const suggested = (
    await Promise.all(['otel', 'prom', 'red', 'rare', 'spans', 'logs', 'front'].map((slug) => ask(slug)))
  ).flatMap(({ items, service }) => items.slice(0, 2).map((item) => ({ item, serviceId: service.id })))
  const saved: { item: SloSuggestion; id: string }[] = []
  for (const { item, serviceId } of suggested) {
    const { name, slug, description, sli, target, window } = item
    const body = { name, slug, description, serviceId, sli, target, window }
    const answer = await api.send('POST', '/api/v1/slos', { as: admin, body })
    expect(answer.status, answer.text).toBe(200)
    const detail = answer.json as SloDetail
    expect(detail.sli).toEqual(sli)
    expect(detail.rules.map(({ name, severity, condition }) => ({ name, severity, condition }))).toEqual(
      expect.arrayContaining(item.rules),
    )
    saved.push({ item, id: detail.id })
  }
  evaluate = await spawnApp(EVALUATE, { ...services.env })
  for (const { item, id } of saved) {
    const status = await evaluated(id)
    expect([status.good, status.total], item.name).toEqual([item.evidence.good, item.evidence.total])
    expect(Math.abs((status.sli ?? 0) - (item.evidence.sli ?? 1))).toBeLessThanOrEqual(1e-9)
    expect(Math.abs((status.budgetRemaining ?? 0) - item.evidence.budgetRemaining)).toBeLessThanOrEqual(1e-9)
  }
  const { items } = await ask('prom')
  expect(items.map(({ coveredBy }) => coveredBy)).toMatchObject([{ same: true }, { same: true }])
  expect(items[0]?.slug).toBe('prom-availability-2')
}, 240_000)

/** The status of an SLO once its history has been counted. */
async function evaluated(id: string) {
  for (let tries = 0; tries < 600; tries++) {
    const backfill = await api.send('GET', `/api/v1/slos/${id}/backfill`, { as: admin })
    const { json } = await api.send('GET', `/api/v1/slos/${id}`, { as: admin })
    if (backfill.json.state === 'done' && json.status !== null) return (json as SloDetail).status!
    await sleep(200)
  }
  throw new Error(`${id} was not evaluated`)
}

test('who hangs up is not counted for', async () => {
  const controller = new AbortController()
  const url = `${api.app.url}/api/v1/services/${ids.get('prom')}/slo-suggestions?days=29`
  const asked = fetch(url, { headers: { cookie: admin.cookie ?? '' }, signal: controller.signal })
  await sleep(20)
  controller.abort()
  await expect(asked).rejects.toThrow()
  // It goes on answering.
  expect((await ask('rare')).items).toHaveLength(1)
})
