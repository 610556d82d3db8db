import type { SloStatus } from '@nines/contracts'
import { connectRedis, writeSloStatuses } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../../test-fixtures/api-under-test.ts'
import { sloBody } from '../../../test-fixtures/populate.ts'

const services = await useServices()
const redis = connectRedis(services.redisUrl)
let api: ApiUnderTest
let admin: Sender
let workspaceId: string
let sloId: string

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  workspaceId = (await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })).id
  const service = (await send('POST', '/api/v1/services', { slug: 'shop', name: 'Shop' })).json
  sloId = (await send('POST', '/api/v1/slos', sloBody(service.id))).json.id
})
afterAll(async () => {
  redis.disconnect()
  await api.stop()
})

const send = (method: string, path: string, body?: unknown) => api.send(method, path, { as: admin, body })
const gate = async (query = '') => {
  const answer = await send('GET', `/api/v1/slos/${sloId}/gate${query}`)
  expect(answer.status).toBe(200)
  return answer.json
}

async function setBudget(budgetRemaining: number): Promise<void> {
  const status: SloStatus = {
    sloId,
    version: 1,
    at: Date.now(),
    state: 'good',
    target: 0.999,
    window: { kind: 'rolling', days: 30 },
    from: 0,
    to: 0,
    good: 1,
    total: 1,
    sli: 1,
    budgetRemaining,
    budgetRemainingToDate: budgetRemaining,
    exhaustionSeconds: null,
    burns: [],
    furtherObjectives: [],
    lastEventAt: null,
  }
  await writeSloStatuses(redis, services.redisPrefix, workspaceId, [status])
}

test('open while budget is left, frozen when it is spent, open under an exception, frozen again once it is revoked', async () => {
  expect(await gate()).toMatchObject({ allowed: true, at: null, reasons: [{ code: 'no_budget' }] })
  await setBudget(0.05)
  expect(await gate()).toMatchObject({ allowed: true, budgetRemaining: 0.05, exception: null })
  expect(await gate('?minimum=0.1')).toMatchObject({ allowed: false, minimum: 0.1, reasons: [{ code: 'budget_low' }] })
  await setBudget(-0.2)
  expect(await gate()).toMatchObject({ allowed: false, budgetRemaining: -0.2 })

  const made = await send('POST', `/api/v1/slos/${sloId}/gate/exceptions`, { reason: 'Fix of the outage', hours: 2 })
  expect(made.json).toMatchObject({ createdBy: 'Ada', active: true, revokedAt: null })
  expect(await gate()).toMatchObject({ allowed: true, exception: { id: made.json.id, reason: 'Fix of the outage' } })
  expect((await send('DELETE', `/api/v1/gate-exceptions/${made.json.id}`)).status).toBe(200)
  expect(await gate()).toMatchObject({ allowed: false, exception: null })
  const { json } = await send('GET', `/api/v1/slos/${sloId}/gate/exceptions`)
  expect(json.items).toMatchObject([{ id: made.json.id, active: false, revokedBy: 'Ada', createdBy: 'Ada' }])
})

test('an expired exception opens nothing, and neither does one that was changed or written past the API', async () => {
  await setBudget(-0.2)
  const make = async () =>
    (await send('POST', `/api/v1/slos/${sloId}/gate/exceptions`, { reason: 'Soon over', hours: 1 })).json.id
  const [expired, longer] = [await make(), await make()]
  const past = new Date(Date.now() - 1000)
  await api.prisma.gateException.update({ where: { id: expired }, data: { expiresAt: past } })
  await api.prisma.gateException.update({ where: { id: longer }, data: { expiresAt: new Date(Date.now() + 1e9) } })
  expect(await gate()).toMatchObject({ allowed: false, exception: null })
})

test.each([
  [{ reason: 'x', hours: 1 }, 'body/reason'],
  [{ reason: 'for ever', hours: 1000 }, 'body/hours'],
])('%j is refused', async (body, path) => {
  const answer = await send('POST', `/api/v1/slos/${sloId}/gate/exceptions`, body)
  expect(answer).toMatchObject({ status: 422, json: { issues: [{ path }] } })
})
