import type { Slice } from '@nines/contracts'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { sloBody } from '../../test-fixtures/populate.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const NOW = Math.floor(Date.now() / HOUR) * HOUR
let api: ApiUnderTest
let admin: Sender
let serviceId: string

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  const service = await api.send('POST', '/api/v1/services', { as: admin, body: { slug: 'shop', name: 'Shop' } })
  serviceId = service.json.id
})
afterAll(async () => {
  await telemetry.close()
  await api.stop()
})

async function sloOf(slug: string, badOfDay: (daysAgo: number) => number): Promise<string> {
  const { json } = await api.send('POST', '/api/v1/slos', { as: admin, body: sloBody(serviceId, slug) })
  const { number } = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  const slices: Slice[] = []
  for (let minute = NOW - 29 * DAY; minute < NOW; minute += HOUR) {
    const bad = badOfDay(Math.floor((NOW - minute - 1) / DAY))
    slices.push({ sloId: json.id, version: 1, minute, good: 1000 - bad, total: 1000, expected: 0, revision: 1 })
  }
  await insertBlocks(telemetry, [{ ...emptyBlock(number, NOW), slices }], slug)
  return json.id
}
const forecastOf = async (id: string) =>
  (await api.send('GET', `/api/v1/slos/${id}/forecast`, { as: admin })).json.forecast

test('a burn of two weeks is forecast from what is left; calm is not spent; without events nothing is said', async () => {
  // 13 of 30 days at 1.5 times the rate leave a third; six or seven days more spend it.
  const burning = await forecastOf(
    await sloOf('burning', (daysAgo) => (daysAgo < 14 ? (daysAgo % 2 === 0 ? 1 : 2) : 0)),
  )
  expect(burning.medianSeconds / 86_400).toBeGreaterThan(4)
  expect(burning.medianSeconds / 86_400).toBeLessThan(8)
  expect(burning.lowSeconds).toBeLessThan(burning.medianSeconds)
  expect(burning.highSeconds).toBeGreaterThan(burning.medianSeconds)
  expect(burning).toMatchObject({ horizonSeconds: 30 * 86_400, days: 14 })
  expect(await forecastOf(await sloOf('calm', () => 0))).toMatchObject({ chance: 0, medianSeconds: null })
  const { json } = await api.send('POST', '/api/v1/slos', { as: admin, body: sloBody(serviceId, 'empty') })
  expect(await forecastOf(json.id)).toBeNull()
})

test('a new version begins with no progress told: it waits', async () => {
  const { json } = await api.send('POST', '/api/v1/slos', { as: admin, body: sloBody(serviceId, 'waits') })
  const { json: backfill } = await api.send('GET', `/api/v1/slos/${json.id}/backfill`, { as: admin })
  expect(backfill).toMatchObject({ sloId: json.id, version: 1, state: 'waiting', minutesDone: 0, error: null })
})
