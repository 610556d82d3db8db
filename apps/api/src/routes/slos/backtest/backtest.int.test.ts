import type { BacktestInput, BacktestReport, SeriesDefinition } from '@nines/contracts'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock, seriesId } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../../test-fixtures/api-under-test.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE
/** A total outage of ten minutes, and some bad events in an hour two days later. */
const OUTAGE = NOW - 5 * DAY
const TRICKLE = NOW - 3 * DAY
const FIRST = NOW - 8 * DAY
let api: ApiUnderTest
let admin: Sender

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  const { number } = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  await store(number)
})
afterAll(async () => {
  await telemetry.close()
  await api.stop()
})

/** A hundred requests a minute for eight days, but for an hour of silence; deltas at the end of their minute. */
async function store(workspace: number): Promise<void> {
  const series: SeriesDefinition[] = ['200', '500'].map((status) => {
    const definition = { metric: 'past.requests', kind: 'sum' as const, temporality: 'delta' as const, monotonic: true }
    const whole = { ...definition, unit: '1', description: '', labels: { status } }
    return { id: seriesId(whole), ...whole }
  })
  const [ok, failed] = series.map(({ id }) => BigInt(id)) as [bigint, bigint]
  const rows: [bigint, number, number][] = []
  // Beyond now, so that the tests may take some minutes.
  for (let minute = FIRST; minute < NOW + 20 * MINUTE; minute += MINUTE) {
    if (minute >= NOW - DAY && minute < NOW - DAY + 60 * MINUTE) continue
    const isDown = minute >= OUTAGE && minute < OUTAGE + 10 * MINUTE
    const bad = isDown ? 100 : minute >= TRICKLE && minute < TRICKLE + 60 * MINUTE ? 1 : 0
    rows.push([ok, minute + 30_000, 100 - bad], [failed, minute + 30_000, bad])
  }
  const samples = {
    series: BigUint64Array.from(rows, ([id]) => id),
    at: Float64Array.from(rows, ([, at]) => at),
    start: new Float64Array(rows.length),
    value: Float64Array.from(rows, ([, , value]) => value),
  }
  await insertBlocks(telemetry, [{ ...emptyBlock(workspace, FIRST), series, samples }], 'past')
}

const sli: BacktestInput['sli'] = {
  kind: 'ratio',
  bad: { metric: 'past.requests', matchers: [{ label: 'status', op: '=', value: '500' }] },
  total: { metric: 'past.requests', matchers: [] },
}
const ask = (body: object) => api.send('POST', '/api/v1/slos/backtest', { as: admin, body })
const report = async (change: Partial<BacktestInput>): Promise<BacktestReport> =>
  (await ask({ sli, target: 0.999, days: 7, ...change })).json

test('when the default rules would have paged, for how long, what it cost, and what was not measured', async () => {
  const { pages, tickets, rules, budget, coverage, sli: ratio, ...found } = await report({})
  expect({ pages, tickets }).toEqual({ pages: 1, tickets: 3 })
  const [page, ticket, silence] = rules
  expect(page).toMatchObject({ name: 'page', action: 'page', count: 1, withdrawn: 0 })
  // 14.4 over an hour at 99.9 %: the first bad minute of sixty already burns 16.7.
  expect(page?.fired[0]?.firedAt).toBe(OUTAGE + MINUTE)
  // The shorter window of the slower pair holds a bad minute until half an hour after the last one, then a minute clear.
  expect(page?.fired[0]?.resolvedAt).toBe(OUTAGE + 40 * MINUTE + MINUTE)
  expect(page?.fired[0]).toMatchObject({ seconds: 40 * 60, burn: { longSeconds: 3600, factor: 14.4 } })
  // The trickle burns at 1.7 over six hours, and the three days before still hold the outage.
  expect(ticket).toMatchObject({ action: 'ticket', count: 2 })
  // An hour without a measurement: told after a quarter of it, over a minute after the first minute measured again.
  expect(silence).toMatchObject({ action: 'ticket', count: 1 })
  expect(silence?.fired[0]).toMatchObject({
    firedAt: NOW - DAY + 15 * MINUTE,
    resolvedAt: NOW - DAY + 62 * MINUTE,
    burn: null,
  })
  expect(ratio).toBeCloseTo(1 - (1000 + 60) / ((7 * 1440 - 60) * 100), 12)
  expect(budget.lowest?.at).toBeGreaterThan(OUTAGE)
  expect(budget.points.at(-1)).toMatchObject({ at: found.to, remaining: budget.remaining })
  expect(budget.points.reduce((sum, point) => sum + point.total, 0)).toBe(found.total)
  expect(coverage).toMatchObject({ minutes: 7 * 1440, measured: 7 * 1440 - 60, gaps: [{ from: NOW - DAY }] })
  expect(found).toMatchObject({ series: 2, limits: [] })
})

test('other targets and rules on the same SLI: a looser target pages less, a rule that waits does not page at all', async () => {
  expect((await report({ target: 0.9 })).pages).toBe(0)
  const condition = {
    kind: 'burn_rate' as const,
    pairs: [{ longSeconds: 3600, shortSeconds: 300, factor: 14.4 }],
    forSeconds: 3600,
  }
  const { rules, pages } = await report({ rules: [{ name: 'patient', severity: 'critical', condition }] })
  expect(pages).toBe(0)
  expect(rules).toMatchObject([{ name: 'patient', count: 0, withdrawn: 1 }])
})

test('corrections take out of it what they take out of live evaluation, and a revoked one gives it back', async () => {
  const { id: serviceId } = (await api.send('POST', '/api/v1/services', { as: admin, body: { slug: 'a', name: 'A' } }))
    .json
  const plain = await report({ serviceId })
  expect(plain.corrected).toEqual({ minutes: 0, badEvents: 0, spans: [], furtherSpans: 0 })
  const correct = async (change: object) => {
    const span = { startsAt: new Date(OUTAGE).toISOString(), endsAt: new Date(OUTAGE + 10 * MINUTE).toISOString() }
    const body = { effect: 'exclude', serviceId, ...span, reason: 'planned', ...change }
    return (await api.send('POST', '/api/v1/corrections', { as: admin, body })).json.id as string
  }
  const outage = await correct({})
  // An hour on three days: that of the trickle, a good one, and the one in which nothing was measured.
  const nightly = await correct({
    effect: 'good',
    rrule: 'FREQ=DAILY;COUNT=3',
    startsAt: new Date(TRICKLE).toISOString(),
    endsAt: new Date(TRICKLE + 60 * MINUTE).toISOString(),
  })
  const corrected = await report({ serviceId })
  expect(corrected).toMatchObject({ pages: 0, tickets: 1, good: plain.total - 1000, total: plain.total - 1000, sli: 1 })
  expect(corrected.corrected).toMatchObject({ minutes: 10 + 3 * 60 - 60, badEvents: 1060, furtherSpans: 0 })
  expect(corrected.corrected.spans[0]).toEqual({ from: OUTAGE, to: OUTAGE + 10 * MINUTE, effect: 'exclude' })
  expect(corrected.budget).toMatchObject({ remaining: 1, spentSeconds: 0 })
  expect(corrected.coverage).toEqual(plain.coverage)
  // They are the service's: a draft for no service knows nothing of them.
  expect((await report({})).pages).toBe(plain.pages)

  for (const id of [outage, nightly])
    await api.send('POST', `/api/v1/corrections/${id}/revoke`, { as: admin, body: { reason: 'mistaken' } })
  expect(await report({ serviceId })).toEqual({ ...plain, from: expect.any(Number), to: expect.any(Number) })
})

test('longer than there is telemetry: what lies before is told as not measured', async () => {
  const { coverage, limits, rules } = await report({ days: 90 })
  expect(coverage.share).toBeCloseTo((8 * 1440 - 60) / (90 * 1440), 3)
  expect(limits).toEqual([expect.stringContaining('Nothing was measured before')])
  expect(rules[0]?.noDataShare).toBeGreaterThan(0.9)
})

test('ten at once count the same minutes once and agree', async () => {
  const other = {
    ...sli,
    total: { metric: 'past.requests', matchers: [{ label: 'status', op: '=~' as const, value: '.+' }] },
  }
  const reports = await Promise.all(Array.from({ length: 10 }, () => report({ sli: other })))
  for (const one of reports) expect(one).toEqual(reports[0])
})

test.each([
  [{ target: 1 }, 'body/target'],
  [{ days: 91 }, 'body/days'],
  [
    { rules: [{ name: 'x', severity: 'critical', condition: { kind: 'burn_rate', pairs: [] } }] },
    'body/rules/0/condition/pairs',
  ],
  [{ sli: { kind: 'availability', checkId: 'chk_none' } }, 'body/sli/checkId'],
  [{ serviceId: 'svc_none' }, 'body/serviceId'],
])('%j is refused and the field named', async (change, path) => {
  const answer = await ask({ sli, target: 0.999, ...change })
  expect(answer).toMatchObject({ status: 422, json: { issues: [{ path }] } })
})

test('another tenant sees nothing of it', async () => {
  const { foreignKey } = await import('../../../test-fixtures/api-under-test.ts')
  const foreign = await foreignKey(api.prisma, ['read'])
  const { json } = await api.send('POST', '/api/v1/slos/backtest', {
    as: foreign,
    body: { sli, target: 0.999, days: 1 },
  })
  expect(json).toMatchObject({ total: 0, sli: null, series: 0, pages: 0 })
})
