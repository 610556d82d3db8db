import { connectRedis, writeSloStatuses } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { badStatus } from '../../test-fixtures/bad-status.ts'
import { sloBody } from '../../test-fixtures/populate.ts'

const services = await useServices()
const redis = connectRedis(services.redisUrl)
let api: ApiUnderTest
let admin: Sender
let workspace: { id: string }

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  workspace = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
})
afterAll(async () => {
  redis.disconnect()
  await api.stop()
})

const send = (method: string, path: string, body?: unknown) => api.send(method, path, { as: admin, body })

test('SLOs go page by page, and a cursor of elsewhere is refused', async () => {
  const service = (await send('POST', '/api/v1/services', { slug: 'paged', name: 'Paged' })).json.id
  const ids: string[] = []
  for (const slug of ['page-c', 'page-a', 'page-b'])
    ids.push((await send('POST', '/api/v1/slos', sloBody(service, slug))).json.id)
  const page = async (query: string) => (await send('GET', `/api/v1/slos?serviceId=${service}&${query}`)).json
  const whole = await page('')
  const first = await page('limit=2')
  expect(first.items).toEqual(whole.items.slice(0, 2))
  const second = await page(`limit=2&cursor=${first.nextCursor}`)
  expect(second).toEqual({ items: whole.items.slice(2), nextCursor: null, total: 3 })
  expect(new Set(whole.items.map(({ id }: { id: string }) => id))).toEqual(new Set(ids))
  const refused = await send('GET', '/api/v1/slos?cursor=slo_elsewhere')
  expect([refused.status, refused.json.issues[0].path]).toEqual([422, 'query/cursor'])
})

test('SLOs are sorted, searched and cut into pages by what the board says of them', async () => {
  const service = (await send('POST', '/api/v1/services', { slug: 'ranked', name: 'Ranked' })).json.id
  const ids: string[] = []
  for (let i = 0; i < 12; i++) {
    const slug = `rank-${String(i).padStart(2, '0')}`
    ids.push((await send('POST', '/api/v1/slos', { ...sloBody(service, slug), name: `Rank ${i}` })).json.id)
  }
  // The last one has nothing that it could be sorted by.
  const left = [0.5, 0.1, -3, 0.9, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 1]
  await writeSloStatuses(
    redis,
    services.redisPrefix,
    workspace.id,
    left.map((budgetRemaining, i) => ({
      ...badStatus(ids[i] ?? '', Date.now()),
      state: budgetRemaining < 0 ? 'bad' : 'good',
      budgetRemaining,
      burns: [{ windowSeconds: 3600, good: 0, total: 1, burnRate: 1 - budgetRemaining }],
    })),
  )
  const ask = async (query: string) => (await send('GET', `/api/v1/slos?serviceId=${service}&${query}`)).json
  const places = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => ids.indexOf(id))
  const byBudget = [2, 1, 4, 5, 6, 0, 7, 8, 9, 3, 10, 11]
  const first = await ask('sort=budget&limit=5')
  expect(places(first)).toEqual(byBudget.slice(0, 5))
  expect(first).toMatchObject({
    total: 12,
    nextCursor: null,
    items: [{ status: { budgetRemaining: -3 } }, {}, {}, {}, {}],
  })
  expect(places(await ask('sort=budget&limit=5&page=3'))).toEqual(byBudget.slice(10))
  expect(places(await ask('sort=burn&direction=desc&limit=2'))).toEqual([2, 1])
  const found = await ask('search=rank%201&sort=name&limit=2')
  expect([places(found), found.total]).toEqual([[1, 10], 3])
  const refused = await send('GET', `/api/v1/slos?sort=budget&cursor=${ids[0]}`)
  expect([refused.status, refused.json.issues[0].path]).toEqual([422, 'query/cursor'])

  const { json: overview } = await send('GET', '/api/v1/overview')
  const health = overview.services.find((one: { service: { id: string } }) => one.service.id === service)
  expect(health).toMatchObject({ state: 'bad', sloCount: 12 })
  expect(places({ items: health.slos })).toEqual(byBudget.slice(0, 10))
  expect(health.slos[0].status).toMatchObject({ budgetRemaining: -3, burn1h: 4 })

  const names = (await send('GET', '/api/v1/slo-names')).json.items as { id: string }[]
  const listed = names.filter(({ id }) => ids.includes(id))
  expect(listed).toHaveLength(12)
  expect(listed[0]).toEqual({
    id: ids[0],
    name: 'Rank 0',
    target: 0.999,
    service: { id: service, slug: 'ranked', name: 'Ranked' },
  })
})
