import type { ChangeDetail, LedgerEntryDto, Slice, SloLedger } from '@nines/contracts'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { sloBody } from '../../test-fixtures/populate.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
/** Two hours of 100 events a minute end here. */
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE - MINUTE
const START = NOW - 120 * MINUTE
let api: ApiUnderTest
let admin: Sender

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
})
afterAll(async () => {
  await telemetry.close()
  await api.stop()
})

const send = (method: string, path: string, body?: unknown) => api.send(method, path, { as: admin, body })
const at = (minute: number) => new Date(START + minute * MINUTE)
const isoAt = (minute: number) => at(minute).toISOString()

/** Bad events of the minutes: background, a burn after a deploy, one that an incident has, one that nobody explains. */
function badIn(minute: number): number {
  if (minute >= 30 && minute < 40) return 50
  if (minute >= 60 && minute < 70) return 80
  if (minute >= 100 && minute < 105) return 40
  return minute % 10 === 0 ? 1 : 0
}

test('the ledger names what spent the budget, and its parts are the whole', async () => {
  const { id: serviceId } = (await send('POST', '/api/v1/services', { slug: 'shop', name: 'Shop' })).json
  const further = { target: 0.95, window: { kind: 'rolling', days: 2 } }
  const body = { ...sloBody(serviceId, 'ledger'), target: 0.9, window: { kind: 'rolling', days: 1 } }
  const slo = (await send('POST', '/api/v1/slos', { ...body, furtherObjectives: [further] })).json
  const workspace = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  const slices = Array.from({ length: 120 }, (_, i): Slice => {
    const minute = START + i * MINUTE
    return { sloId: slo.id, version: 1, minute, good: 100 - badIn(i), total: 100, expected: 0, revision: 1 }
  })
  await insertBlocks(telemetry, [{ ...emptyBlock(workspace.number, Date.now()), slices }], 'ledger')
  const deploy = { service: 'Shop', version: '2.0', author: 'Ada' }
  const change = await send('POST', '/api/v1/changes', {
    ...deploy,
    externalId: '7',
    startedAt: isoAt(25),
    endedAt: isoAt(28),
  })
  expect(change).toMatchObject({ status: 200, json: { service: { id: serviceId }, title: 'Deploy of Shop 2.0' } })
  await send('POST', '/api/v1/changes', { ...deploy, service: 'cart', externalId: '8', startedAt: isoAt(99) })

  const incident = { title: 'Shop is down', severity: 'sev1', state: 'resolved' } as const
  const times = { openedAt: at(63), resolvedAt: at(75) }
  await api.prisma.incident.create({
    data: { id: 'inc_led', workspaceId: workspace.id, serviceId, number: 9, ...incident, ...times },
  })
  const alert = { state: 'resolved', severity: 'critical', summary: '', verdictAt: 0n, lastVerdict: 'false' } as const
  await api.prisma.alert.create({
    data: {
      id: 'alt_led',
      workspaceId: workspace.id,
      ruleId: slo.rules[0].id,
      incidentId: 'inc_led',
      startedAt: at(62),
      firedAt: at(63),
      ...alert,
    },
  })

  const range = (from: number, to: number) => `?from=${isoAt(from)}&to=${isoAt(to)}`
  const { json } = await send('GET', `/api/v1/slos/${slo.id}/ledger${range(-1320, 120)}`)
  const ledger = json as SloLedger
  const brief = ({ cause, units, minutes, first }: LedgerEntryDto) => [
    cause.kind === 'unattributed' ? cause.kind : cause.id,
    units,
    minutes,
    first === null ? null : (first - START) / MINUTE,
  ]
  // The incident has the minutes from the first bad one on, five minutes of background after them included.
  const background = [0, 10, 20, 40, 50, 80, 90, 110].length
  expect(ledger.entries.map(brief)).toEqual([
    ['inc_led', 801_000, 11, 60],
    [change.json.id, 500_000, 10, 30],
    ['unattributed', 200_000 + background * 1000, 5 + background, 0],
  ])
  expect(ledger.spent.units).toBe(ledger.entries.reduce((sum, entry) => sum + entry.units, 0))
  expect(ledger.spent.badEvents).toBe(slices.reduce((sum, slice) => sum + slice.total - slice.good, 0))
  expect(ledger.budgetEvents).toBeCloseTo(1200, 9)
  // A day may be out for 8640 s at 90 %.
  expect(ledger.spent.outageSeconds).toBeCloseTo((ledger.spent.badEvents / 1200) * 8640, 6)

  const history = (await send('GET', `/api/v1/slos/${slo.id}/history${range(-1320, 120)}`)).json
  expect(history.points.at(-1).budgetRemaining).toBeCloseTo(1 - (ledger.spent.share ?? 0), 12)

  expect(history.changes).toMatchObject([{ id: change.json.id, at: +at(25), endedAt: +at(28), author: 'Ada' }])

  const detail = (await send('GET', '/api/v1/incidents/inc_led')).json
  expect(detail.budgets).toMatchObject([
    { sloId: slo.id, objective: 0, target: 0.9, units: 801_000, share: expect.closeTo(801 / 760, 9) },
    { sloId: slo.id, objective: 1, ...further, units: 801_000, share: expect.closeTo(801 / 380, 9) },
  ])
  expect(detail.budgetSpent).toBe(detail.budgets[0].share)

  const part = (await send('GET', `/api/v1/slos/${slo.id}/ledger${range(35, 62)}`)).json as SloLedger
  expect(part.entries.map(brief)).toEqual([
    [change.json.id, 250_000, 5, 35],
    ['inc_led', 160_000, 2, 60],
    ['unattributed', 2000, 2, 40],
  ])
  expect((await send('GET', `/api/v1/slos/${slo.id}/ledger${range(5, 5)}`)).status).toBe(422)

  const effects = (await send('GET', `/api/v1/changes/${change.json.id}`)).json as ChangeDetail
  expect(effects.incidents).toMatchObject([{ id: 'inc_led', number: 9, openedAt: isoAt(63) }])
  expect(effects.effects).toMatchObject([
    { sloId: slo.id, sloName: slo.name, objective: 0, target: 0.9, units: 500_000, minutes: 10, first: +at(30) },
    { sloId: slo.id, sloName: slo.name, objective: 1, ...further, units: 500_000, minutes: 10, first: +at(30) },
  ])
  expect(effects.effects[0]?.share).toBeCloseTo(500 / 1200, 9)
  expect(effects.effects[1]?.share).toBeCloseTo(500 / 600, 9)
  const elsewhere = (await send('GET', '/api/v1/changes?service=cart')).json.items[0]
  expect((await send('GET', `/api/v1/changes/${elsewhere.id}`)).json).toMatchObject({ effects: [], incidents: [] })
  expect((await send('GET', '/api/v1/changes/chg_none')).status).toBe(404)

  // The same events out of another budget, which is half as large.
  const other = (await send('GET', `/api/v1/slos/${slo.id}/ledger${range(-1320, 120)}&objective=1`)).json as SloLedger
  expect(other).toMatchObject({ objective: 1, ...further, budgetEvents: expect.closeTo(600, 9) })
  expect(other.entries.map(brief)).toEqual(ledger.entries.map(brief))
  const { entries, spent, from } = (await send('GET', `/api/v1/slos/${slo.id}/ledger?objective=1&to=${isoAt(120)}`))
    .json as SloLedger
  expect(from).toBe(+at(120 - 2880))
  expect(entries.reduce((sum, entry) => sum + entry.units, 0)).toBe(spent.units)
  expect(spent.share).toBeCloseTo(spent.badEvents / 600, 9)
  expect(await send('GET', `/api/v1/slos/${slo.id}/ledger?objective=2`)).toMatchObject({
    status: 422,
    json: { issues: [{ path: 'query/objective', message: 'this SLO has the objectives 0 to 1' }] },
  })
})
