import type { Slice, SloExplanation, SloReport } from '@nines/contracts'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { sloBody } from '../../test-fixtures/populate.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE - 2 * MINUTE
const ago = (minutes: number) => NOW - minutes * MINUTE
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

async function send(method: string, path: string, body?: unknown) {
  const answer = await api.send(method, path, { as: admin, body })
  expect(answer.status, answer.text).toBe(200)
  return answer.json
}
const checkBody = (intervalSeconds: number, change: object = {}) => ({
  name: 'home',
  intervalSeconds,
  config: { kind: 'http', url: 'https://shop.example.test/' },
  ...change,
})
const intervalsOf = async (id: string): Promise<(number | null)[]> =>
  (await send('GET', `/api/v1/checks/${id}`)).intervals.map(
    ({ intervalSeconds }: { intervalSeconds: number | null }) => intervalSeconds,
  )

/** Each becomes known half a minute after its end. */
async function store(sloId: string, minutes: readonly number[], counts: { good: number; total: number }) {
  const { number } = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  const slices = minutes.map((one): Slice => {
    const minute = ago(one)
    return { sloId, version: 1, minute, ...counts, expected: 0, revision: minute + 1.5 * MINUTE }
  })
  await insertBlocks(telemetry, [{ ...emptyBlock(number), slices }], `slices-of-${sloId}`)
}

test('what a check is changed to is kept with the time, and nothing is kept of other changes', async () => {
  const { id } = await send('POST', '/api/v1/checks', checkBody(30))
  await send('PUT', `/api/v1/checks/${id}`, checkBody(30, { name: 'front page' }))
  expect(await intervalsOf(id)).toEqual([30])
  for (const body of [checkBody(60), checkBody(60, { enabled: false }), checkBody(300, { enabled: false })])
    await send('PUT', `/api/v1/checks/${id}`, body)
  await send('PUT', `/api/v1/checks/${id}`, checkBody(300))
  expect(await intervalsOf(id)).toEqual([300, null, 60, 30])
  const { intervals, createdAt } = await send('GET', `/api/v1/checks/${id}`)
  const times = intervals.map(({ from }: { from: string }) => Date.parse(from))
  expect(times).toEqual(times.toSorted((a: number, b: number) => b - a))
  expect(Math.abs(times.at(-1) - Date.parse(createdAt))).toBeLessThan(1000)

  // Whoever changes it at the same time: each change is one step, or none where it says the same.
  await Promise.all([45, 90, 45, 90].map((seconds) => send('PUT', `/api/v1/checks/${id}`, checkBody(seconds))))
  const all = await intervalsOf(id)
  expect(all.every((seconds, i) => seconds !== all[i + 1])).toBe(true)
  expect(all[0]).toBe((await send('GET', `/api/v1/checks/${id}`)).intervalSeconds)

  await send('DELETE', `/api/v1/checks/${id}`)
  const kept = await api.prisma.checkInterval.findMany({ where: { checkId: id }, orderBy: { heldFrom: 'asc' } })
  expect(kept.map(({ intervalSeconds }) => intervalSeconds)).toEqual([...all.toReversed(), null])
})

test('an interval that is changed changes no explanation, no slice and no report as of before', async () => {
  const { id: serviceId } = await send('POST', '/api/v1/services', { slug: 'shop', name: 'Shop' })
  const { id: checkId } = await send('POST', '/api/v1/checks', checkBody(1800))
  const create = async (slug: string, change: object): Promise<string> => {
    const window = { kind: 'rolling', days: 1 }
    const body = { ...sloBody(serviceId, slug), name: slug, target: 0.9, window, ...change }
    return (await send('POST', '/api/v1/slos', body)).id
  }
  const probed = await create('probed', { sli: { kind: 'availability', checkId } })
  const busy = await create('busy', {})
  const members = [{ sloId: busy }, { sloId: probed, noData: 'bad' }]
  const whole = await create('whole', { sli: { kind: 'composite', combine: 'weighted', members } })
  const worst = await create('worst', { sli: { kind: 'composite', combine: 'all_of', members } })
  await store(
    busy,
    Array.from({ length: 180 }, (_, i) => i + 1),
    { good: 10, total: 10 },
  )
  // Every half hour until 119 minutes ago, and then never again: silent when two and a half runs are missing, which the minute
  // is the first to show that ends 75 minutes later.
  await store(probed, [180, 150, 120], { good: 1, total: 1 })

  const said = async (asOf: number) => {
    const at = new Date(asOf).toISOString()
    const explained: SloExplanation[] = []
    for (const id of [whole, worst]) explained.push(await send('GET', `/api/v1/slos/${id}/explain?asOf=${at}`))
    const { slices } = await send(
      'GET',
      `/api/v1/slos/${worst}/slices?asOf=${at}&from=${new Date(ago(180)).toISOString()}&to=${at}`,
    )
    const span = `from=${new Date(ago(170)).toISOString()}&to=${new Date(Math.floor(asOf / MINUTE) * MINUTE - MINUTE).toISOString()}`
    const report: SloReport = await send('GET', `/api/v1/reports/slo?${span}&asOf=${at}`)
    return { explained, slices, report: { ...report, generatedAt: null } }
  }
  const silentIn = ({ explained: [first] }: Awaited<ReturnType<typeof said>>) =>
    first?.objectives[0]?.members.find(({ sloId }) => sloId === probed)?.silentMinutes
  // The newest minute that was known then ended half an hour ago.
  const [early, late] = [ago(30) + 40_000, Date.now() - 1000]
  const before = { early: await said(early), late: await said(late) }
  expect(silentIn(before.early)).toBe(45 - 30)
  const lateAt = before.late.explained[0]?.at ?? 0
  expect(silentIn(before.late)).toBe(45 + (lateAt - NOW) / MINUTE)

  await send('PUT', `/api/v1/checks/${checkId}`, checkBody(60))
  expect({ early: await said(early), late: await said(late) }).toEqual(before)
  await send('PUT', `/api/v1/checks/${checkId}`, checkBody(60, { enabled: false }))
  expect({ early: await said(early), late: await said(late) }).toEqual(before)

  // Had it been changed later than the instant, nothing would be different; an hour ago, silence would have begun a minute later.
  const heldFrom = (intervalSeconds: number, minutesAgo: number) =>
    api.prisma.checkInterval.updateMany({
      where: { checkId, intervalSeconds },
      data: { heldFrom: new Date(ago(minutesAgo)) },
    })
  await heldFrom(1800, 1000)
  await heldFrom(60, 20)
  expect(await said(early)).toEqual(before.early)
  await heldFrom(60, 60)
  expect(silentIn(await said(early))).toBe(60 - 30)
})
