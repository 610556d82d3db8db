import type { LedgerEntryDto, Slice, SloHistory, SloLedger } from '@nines/contracts'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { sloBody } from '../../test-fixtures/populate.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE - MINUTE
/** Two hours of 100 events a minute, of which an hour's middle ten minutes were half bad. */
const START = NOW - 120 * MINUTE
let api: ApiUnderTest
let admin: Sender
let serviceId: string
let sloId: string

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  serviceId = (await send('POST', '/api/v1/services', { slug: 'shop', name: 'Shop' })).json.id
  const body = { ...sloBody(serviceId, 'corrected'), target: 0.9, window: { kind: 'rolling', days: 1 } }
  sloId = (await send('POST', '/api/v1/slos', body)).json.id
  const { number } = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  const slices = Array.from({ length: 120 }, (_, i): Slice => {
    const good = i >= 60 && i < 70 ? 50 : 100
    return { sloId, version: 1, minute: START + i * MINUTE, good, total: 100, expected: 0, revision: 1 }
  })
  await insertBlocks(telemetry, [{ ...emptyBlock(number, Date.now()), slices }], 'corrections')
})
afterAll(async () => {
  await telemetry.close()
  await api.stop()
})

const send = (method: string, path: string, body?: unknown) => api.send(method, path, { as: admin, body })
const isoAt = (minute: number) => new Date(START + minute * MINUTE).toISOString()
const correction = (over: object = {}) => ({
  effect: 'exclude',
  startsAt: isoAt(60),
  endsAt: isoAt(70),
  reason: 'load test',
  sloId,
  ...over,
})
const create = async (over: object = {}) => (await send('POST', '/api/v1/corrections', correction(over))).json
const revoke = (id: string) => send('POST', `/api/v1/corrections/${id}/revoke`, { reason: 'mistaken' })
const range = `?from=${isoAt(-1320)}&to=${isoAt(120)}`
const figures = async () => {
  const history = (await send('GET', `/api/v1/slos/${sloId}/history${range}`)).json as SloHistory
  const ledger = (await send('GET', `/api/v1/slos/${sloId}/ledger${range}`)).json as SloLedger
  const causes = ledger.entries.map(({ cause, units }: LedgerEntryDto) => [cause.kind, units / 1000])
  const last = history.points.at(-1)
  return {
    left: last?.budgetRemaining,
    spent: ledger.spent.badEvents,
    budget: ledger.budgetEvents,
    keptOut: ledger.corrected,
    causes,
    corrected: history.corrected.map(({ from, to, effect }) => [
      (from - START) / MINUTE,
      (to - START) / MINUTE,
      effect,
    ]),
  }
}

test('excluding, counting as good and calling it maintenance show in history and ledger, and can be undone', async () => {
  const measured = await figures()
  expect(measured).toMatchObject({
    spent: 500,
    causes: [['unattributed', 500]],
    corrected: [],
    keptOut: { minutes: 0, badEvents: 0 },
  })
  expect(measured.left).toBeCloseTo(1 - 500 / 1200, 9)

  const excluded = await create()
  expect(excluded).toMatchObject({ createdBy: 'Ada', revokedAt: null, timeZone: 'UTC', rrule: null })
  expect(await figures()).toMatchObject({
    left: 1,
    spent: 0,
    causes: [['unattributed', 0]],
    corrected: [[60, 70, 'exclude']],
    keptOut: { minutes: 10, badEvents: 500 },
    budget: expect.closeTo(1100, 6),
  })
  expect(await revoke(excluded.id)).toMatchObject({
    status: 200,
    json: { revokedBy: 'Ada', revokeReason: 'mistaken', reason: 'load test' },
  })
  expect((await revoke(excluded.id)).status).toBe(409)
  expect(await figures()).toEqual(measured)

  const good = await create({ effect: 'good', sloId: null, serviceId })
  expect(await figures()).toMatchObject({ left: 1, spent: 0, budget: expect.closeTo(1200, 6) })
  await revoke(good.id)

  const work = await create({ effect: 'count', startsAt: isoAt(65), endsAt: isoAt(66), rrule: 'FREQ=DAILY;COUNT=3' })
  expect(await figures()).toMatchObject({
    left: measured.left,
    causes: [
      ['maintenance', 50],
      ['unattributed', 450],
    ],
  })
  await revoke(work.id)
  const listed = (await send('GET', `/api/v1/corrections?sloId=${sloId}`)).json.items
  expect(listed.map((item: { id: string }) => item.id)).toEqual([work.id, good.id, excluded.id])
})

test('only business hours count', async () => {
  // From a minute before the outage to its middle, on every day: what lies outside from then on is left out.
  const hours = await create({ startsAt: isoAt(59), endsAt: isoAt(65), rrule: 'FREQ=DAILY', outside: true })
  expect(await figures()).toMatchObject({
    spent: 250,
    corrected: [[65, 120, 'exclude']],
    budget: expect.closeTo(650, 6),
  })
  await revoke(hours.id)
})

test.each([
  ['an end before the start', { endsAt: isoAt(50) }, 'body/endsAt', 'later than the start'],
  ['a rule that is none', { rrule: 'FREQ=OFTEN' }, 'body/rrule', 'FREQ'],
  ['a part that means nothing here', { rrule: 'FREQ=DAILY;RDATE=20260101' }, 'body/rrule', 'RDATE'],
  ['a zone that is none', { timeZone: 'Mars/Olympus' }, 'body/timeZone', 'IANA'],
  ['an SLO that is not there', { sloId: 'slo_none' }, 'body/sloId', 'no such SLO'],
  ['maintenance outside of its times', { effect: 'count', outside: true }, 'body/outside', 'exclude'],
])('%s: 422 that names the field', async (_name, over, path, message) => {
  const answer = await send('POST', '/api/v1/corrections', correction(over))
  expect(answer.status, answer.text).toBe(422)
  expect(answer.json.issues).toContainEqual({ path, message: expect.stringContaining(message) })
})
