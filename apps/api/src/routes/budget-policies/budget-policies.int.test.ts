import type { SloStatus } from '@nines/contracts'
import { connectRedis, writeSloStatuses } from '@nines/pipeline'
import { applyBudgetReading } from '@nines/records'
import { budgetReadingOf } from '@nines/slo'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { sloBody } from '../../test-fixtures/populate.ts'

const services = await useServices()
const redis = connectRedis(services.redisUrl)
const settings = { publicUrl: 'http://nines.test', secretKey: services.env.NINES_SECRET_KEY ?? '' }
let api: ApiUnderTest
let admin: Sender
let workspaceId: string
let serviceId: string
let channelId: string

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  workspaceId = (await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })).id
  serviceId = (await send('POST', '/api/v1/services', { slug: 'shop', name: 'Shop' })).json.id
  channelId = (await send('POST', '/api/v1/channels', { name: 'hook', url: 'https://example.com/' })).json.channel.id
})
afterAll(async () => {
  redis.disconnect()
  await api.stop()
})

const send = (method: string, path: string, body?: unknown) => api.send(method, path, { as: admin, body })
async function ok(method: string, path: string, body?: unknown) {
  const answer = await send(method, path, body)
  expect(answer.status, answer.text).toBe(200)
  return answer.json
}
const newSlo = async (slug: string): Promise<string> =>
  (await ok('POST', '/api/v1/slos', { ...sloBody(serviceId, slug), name: slug })).id
const gate = (sloId: string, query = '') => ok('GET', `/api/v1/slos/${sloId}/gate${query}`)
const freeze = { kind: 'freeze' }
const policyBody = (name: string, over: object = {}) => ({
  name,
  description: 'Nothing new while users are hurt.',
  steps: [
    { budgetLeftBelow: 0.25, actions: [{ kind: 'notify', channelId }] },
    { budgetLeftBelow: 0, actions: [freeze, { kind: 'note', text: 'Reliability first.' }] },
  ],
  ...over,
})

/** What evaluate puts on the board. */
async function setBudget(sloId: string, budgetRemaining: number | null, over: Partial<SloStatus> = {}) {
  const at = Date.now()
  const objective = {
    target: 0.999,
    window: { kind: 'rolling', days: 30 } as const,
    from: 0,
    to: at,
    good: 1,
    total: 1,
    sli: 1,
  }
  const budget = { budgetRemaining, budgetRemainingToDate: budgetRemaining, exhaustionSeconds: null }
  const rest = { burns: [], furtherObjectives: [], lastEventAt: null, unmeasuredSince: null }
  const status: SloStatus = { sloId, version: 1, at, state: 'good', ...objective, ...budget, ...rest, ...over }
  await writeSloStatuses(redis, services.redisPrefix, workspaceId, [status])
  return status
}
const record = (sloId: string, status: SloStatus) =>
  applyBudgetReading(api.prisma, { workspaceId, sloId, ...budgetReadingOf(status) }, settings)

test('the gate answers by the freeze steps of the policy: before a crossing is on record, while it holds, and after', async () => {
  const sloId = await newSlo('gate')
  expect(await gate(sloId)).toMatchObject({ allowed: true, policy: null, minimum: 0 })
  const policy = await ok('POST', '/api/v1/budget-policies', policyBody('Gate', { slos: [{ id: sloId }] }))
  await setBudget(sloId, 0.1)
  expect(await gate(sloId)).toMatchObject({
    allowed: true,
    minimum: null,
    policy: { id: policy.id, name: 'Gate' },
    frozenBy: [],
    reasons: [{ code: 'policy_open' }],
  })
  // A minimum can only be stricter.
  expect(await gate(sloId, '?minimum=0.2')).toMatchObject({ allowed: false, minimum: 0.2 })

  const spent = await setBudget(sloId, -0.5)
  expect(await gate(sloId)).toMatchObject({
    allowed: false,
    frozenBy: [{ budgetLeftBelow: 0, clearsAbove: 0.05, until: null }],
  })
  await record(sloId, spent)
  // Above the threshold and not yet above the margin: what is on record holds.
  await setBudget(sloId, 0.03)
  const frozen = await gate(sloId, '?minimum=0')
  expect(frozen).toMatchObject({ allowed: false, reasons: [{ code: 'policy_frozen' }, { code: 'budget_left' }] })
  expect(frozen.reasons[0].message).toContain('until more than 5 % is left again')

  const made = await ok('POST', `/api/v1/slos/${sloId}/gate/exceptions`, { reason: 'Fix of the outage', hours: 1 })
  expect(await gate(sloId)).toMatchObject({ allowed: true, exception: { id: made.id }, frozenBy: [{ objective: 0 }] })
  await ok('DELETE', `/api/v1/gate-exceptions/${made.id}`)
  await setBudget(sloId, 0.06)
  expect(await gate(sloId)).toMatchObject({ allowed: true, frozenBy: [] })
})

test('of what is not known: a freeze stays, and else the policy says', async () => {
  const sloId = await newSlo('unknown')
  const policy = await ok('POST', '/api/v1/budget-policies', policyBody('Unknown', { slos: [{ id: sloId }] }))
  expect(await gate(sloId)).toMatchObject({ allowed: true, reasons: [{ code: 'unknown_open' }] })
  await ok('PUT', `/api/v1/budget-policies/${policy.id}`, policyBody('Unknown', { onUnknown: 'freeze' }))
  expect(await gate(sloId)).toMatchObject({ allowed: false, reasons: [{ code: 'unknown_frozen' }] })
  await setBudget(sloId, 0.9, { at: Date.now() - 3_600_000 })
  expect(await gate(sloId)).toMatchObject({ allowed: false, reasons: [{ code: 'unknown_frozen' }, { code: 'stale' }] })
  await setBudget(sloId, 0.9)
  expect(await gate(sloId)).toMatchObject({ allowed: true })
  await record(sloId, await setBudget(sloId, -1))
  await ok('PUT', `/api/v1/budget-policies/${policy.id}`, policyBody('Unknown', { onUnknown: 'allow' }))
  await setBudget(sloId, 1, { unmeasuredSince: Date.now() - 900_000 })
  expect(await gate(sloId)).toMatchObject({
    allowed: false,
    reasons: [{ code: 'policy_frozen' }, { code: 'unknown_frozen' }],
  })
})

test('policies are made, previewed, followed, changed, left and deleted, each on record', async () => {
  const [first, second] = [await newSlo('first'), await newSlo('second')]
  await setBudget(first, -0.2)
  await setBudget(second, 0.9)
  const { steps } = policyBody('')
  const slos = [{ id: first }, { id: second, objective: null }]
  const preview = await ok('POST', '/api/v1/budget-policies/preview', { steps, slos })
  expect(preview.items).toMatchObject([
    { id: first, objective: 0, standing: { isFrozen: true, budgetRemaining: -0.2 } },
    { id: second, objective: null, standing: { isFrozen: false, inForce: [] } },
  ])
  const made = await ok('POST', '/api/v1/budget-policies', policyBody('Made', { slos }))
  expect(made).toMatchObject({ margin: 0.05, onUnknown: 'allow', createdBy: 'Ada' })
  const listed = (await ok('GET', '/api/v1/budget-policies')).items.find(({ id }: { id: string }) => id === made.id)
  expect(listed.slos.map(({ standing }: { standing: { isFrozen: boolean } }) => standing.isFrozen)).toEqual([
    true,
    false,
  ])

  const other = await ok('POST', '/api/v1/budget-policies', policyBody('Other'))
  const moved = await ok('PUT', `/api/v1/slos/${first}/budget-policy`, { policyId: other.id })
  expect(moved).toMatchObject({ policy: { id: other.id }, objective: 0, attachedBy: 'Ada' })
  await record(first, await setBudget(first, -0.2, { at: Date.now() + 1_000 }))
  const { items } = await ok('GET', `/api/v1/budget-events?sloId=${first}`)
  expect(items).toMatchObject([
    { kind: 'entered', budgetLeftBelow: 0, freezes: true, note: 'Reliability first.', notices: [] },
    { kind: 'entered', budgetLeftBelow: 0.25, notices: [{ channelName: 'hook', state: 'pending' }] },
  ])
  expect((await send('DELETE', `/api/v1/budget-policies/${other.id}`)).status).toBe(409)
  expect(await ok('PUT', `/api/v1/slos/${first}/budget-policy`, { policyId: null })).toMatchObject({ policy: null })
  await ok('DELETE', `/api/v1/budget-policies/${other.id}`)
  const { changes } = await ok('GET', `/api/v1/budget-policies/${made.id}`)
  expect(changes.map(({ kind, by }: { kind: string; by: string }) => `${kind} ${by}`)).toEqual([
    'detached Ada',
    'attached Ada',
    'attached Ada',
    'created Ada',
  ])
  const past = await ok('GET', `/api/v1/budget-events?sloId=${first}&limit=1`)
  expect(past.items).toMatchObject([{ kind: 'left', cause: 'policy' }])
  const rest = await ok('GET', `/api/v1/budget-events?sloId=${first}&cursor=${past.nextCursor}`)
  expect(rest.items).toHaveLength(3)
})

test.each([
  [{ steps: [] }, 'body/steps'],
  [{ steps: [{ budgetLeftBelow: 1, actions: [freeze] }] }, 'body/steps/0/budgetLeftBelow'],
  [
    {
      steps: [
        { budgetLeftBelow: 0, actions: [freeze] },
        { budgetLeftBelow: 0, actions: [freeze] },
      ],
    },
    'body/steps/1/budgetLeftBelow',
  ],
  [{ steps: [{ budgetLeftBelow: 0, actions: [freeze, freeze] }] }, 'body/steps/0/actions/1'],
  [
    { steps: [{ budgetLeftBelow: 0, actions: [{ kind: 'notify', channelId: 'chn_x' }] }] },
    'body/steps/0/actions/0/channelId',
  ],
  [{ slos: [{ id: 'slo_x' }] }, 'body/slos/0/id'],
  [{ margin: 2 }, 'body/margin'],
])('%j is refused', async (over, path) => {
  const answer = await send('POST', '/api/v1/budget-policies', policyBody('Refused', over))
  expect(answer).toMatchObject({ status: 422, json: { issues: [{ path }] } })
})
