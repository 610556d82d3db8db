import { apiRoutes, ROLE_RANK, type AnyRoute, type Role } from '@nines/contracts'
import { createApiKey } from '@nines/records'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foreignKey, joinAs, setUpAdmin, startApi } from './test-fixtures/api-under-test.ts'
import type { ApiUnderTest, Sender } from './test-fixtures/api-under-test.ts'
import { pathWithId, populate, type KnownIds } from './test-fixtures/populate.ts'
import { VALID_QUERIES, validBodies } from './test-fixtures/valid-bodies.ts'

const services = await useServices()
let api: ApiUnderTest
let ids: KnownIds
let bodies: Record<string, unknown>
let foreign: Sender
let foreignAdmin: Sender
const members = {} as Record<Role, Sender>
const keys = {} as Record<'read' | 'write' | 'ingest', Sender>

beforeAll(async () => {
  api = await startApi(services)
  members.admin = await setUpAdmin(api)
  for (const role of ['viewer', 'responder', 'editor'] as const)
    members[role] = await joinAs(api, members.admin, role, `${role}@example.com`)
  const viewer = await api.prisma.user.findUniqueOrThrow({ where: { email: 'viewer@example.com' } })
  ids = await populate(api, members.admin, viewer.id)
  bodies = validBodies(ids, viewer.id)
  foreign = await foreignKey(api.prisma, ['read', 'write'])
  foreignAdmin = await joinAs(api, members.admin, 'admin', 'foreign@example.com')
  const other = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'other' } })
  await api.prisma.membership.updateMany({
    where: { user: { email: 'foreign@example.com' } },
    data: { workspaceId: other.id },
  })
  const main = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  for (const scope of ['read', 'write', 'ingest'] as const) {
    const { secret } = await createApiKey(api.prisma, main.id, { name: scope, scopes: [scope], createdById: null })
    keys[scope] = { key: secret }
  }
})
afterAll(() => api.stop())

const inWorkspace = apiRoutes.filter((route) => typeof route.access === 'object')
const guarded = apiRoutes.filter((route) => route.access !== 'public')
const keyless = inWorkspace.filter((route) => typeof route.access === 'object' && route.access.scope === null)
const forKeys = inWorkspace.filter((route) => !keyless.includes(route))
/** Somebody with every permission in another workspace. */
const stranger = (route: AnyRoute) => (keyless.includes(route) ? foreignAdmin : foreign)
const byId = (route: AnyRoute) => [route.id, route] as const

/** Calls an operation on the populated things with a body and query that are valid. */
function call(route: AnyRoute, as: Sender, body: unknown = bodies[route.id]) {
  const path = pathWithId(route.path, ids) + (VALID_QUERIES[route.id] ?? '')
  return api.send(route.method, path, { as, body: route.body === undefined ? undefined : body })
}

test('every operation with a body has a valid one here', () => {
  const missing = apiRoutes.filter((route) => route.body !== undefined && bodies[route.id] === undefined)
  expect(missing.map((route) => route.id)).toEqual([])
})

describe('without credentials: 401', () => {
  test.each(guarded.map(byId))('%s', async (_id, route) => {
    expect(await call(route, {})).toMatchObject({
      status: 401,
      json: { status: 401, code: 'unauthenticated', requestId: expect.stringMatching(/^req_/) },
    })
    expect((await call(route, { key: 'nk_unknown' })).status).toBe(401)
    expect((await call(route, { cookie: 'nines.session_token=forged.signature' })).status).toBe(401)
  })
})

describe('with every permission in another workspace', () => {
  test.each(inWorkspace.filter((route) => route.path.includes(':id')).map(byId))('%s: 404', async (_id, route) => {
    expect(await call(route, stranger(route))).toMatchObject({ status: 404, json: { code: 'not_found' } })
  })

  const lists = inWorkspace.filter((route) => !route.path.includes(':id') && route.method === 'GET')
  test.each(lists.map(byId))('%s: nothing of this one', async (_id, route) => {
    const answer = await call(route, stranger(route))
    expect(answer.status).toBe(200)
    for (const id of Object.values(ids)) expect(answer.text).not.toContain(id)
  })

  test.each(inWorkspace.map(byId))('%s: naming this workspace is 404', async (_id, route) => {
    expect((await call(route, { ...stranger(route), workspace: 'main' })).status).toBe(404)
  })

  test.each([
    ['createSlo', { serviceId: 'services' }],
    ['createService', { escalationPolicyId: 'policies' }],
    ['createSilence', { sloId: 'slos', serviceId: 'services' }],
    ['createCheck', { serviceId: 'services' }],
    ['createCorrection', { sloId: 'slos', serviceId: 'services' }],
    ['createPolicy', {}],
    ['createBudgetPolicy', {}],
    ['previewBudgetPolicy', {}],
    ['createSchedule', {}],
  ] as const)('%s naming things of this one: 422 without a trace', async (id, references) => {
    const route = apiRoutes.find((candidate) => candidate.id === id) as AnyRoute
    const fields = Object.fromEntries(Object.entries(references).map(([field, kind]) => [field, ids[kind]]))
    const answer = await call(route, foreign, { ...(bodies[id] as object), ...fields })
    expect(answer).toMatchObject({ status: 422, json: { code: 'invalid' } })
    expect(answer.json.issues.length).toBeGreaterThan(0)
  })
})

describe('with too little', () => {
  test.each(inWorkspace.map(byId))('%s: 403', async (_id, route) => {
    const { role, scope } = route.access as { role: Role; scope: 'read' | 'write' | null }
    for (const weaker of (Object.keys(members) as Role[]).filter((one) => ROLE_RANK[one] < ROLE_RANK[role]))
      expect(await call(route, members[weaker]), weaker).toMatchObject({ status: 403, json: { code: 'forbidden' } })
    expect((await call(route, keys.ingest)).status).toBe(403)
    if (scope !== 'read') expect((await call(route, keys.read)).status).toBe(403)
    if (scope === null) expect((await call(route, keys.write)).status).toBe(403)
  })

  test('no key makes keys, lets people in or changes what they may', async () => {
    expect(keyless.map((route) => route.id).toSorted()).toEqual([
      'createApiKey',
      'inviteMember',
      'listApiKeys',
      'removeMember',
      'revokeApiKey',
      'updateMember',
      'updateTelemetrySettings',
    ])
    const before = await api.prisma.apiKey.count()
    const answer = await api.send('POST', '/api/v1/keys', { as: keys.write, body: { name: 'more', scopes: ['write'] } })
    expect(answer).toMatchObject({ status: 403, json: { code: 'forbidden' } })
    expect(await api.prisma.apiKey.count()).toBe(before)
  })

  test('no key opens the network behind Nines to a channel', async () => {
    const body = { name: 'door', url: 'http://10.0.0.1/', allowPrivate: true }
    expect(await api.send('POST', '/api/v1/channels', { as: keys.write, body })).toMatchObject({
      status: 403,
      json: { issues: [{ path: 'body/allowPrivate' }] },
    })
    const made = await api.send('POST', '/api/v1/channels', { as: members.admin, body })
    expect(made.status).toBe(200)
    const path = `/api/v1/channels/${made.json.channel.id}`
    const change = (url: string) => api.send('PUT', path, { as: keys.write, body: { ...body, url } })
    expect((await change('http://10.0.0.2/')).status).toBe(403)
    expect((await change(body.url)).status).toBe(200)
  })
})

describe('with enough', () => {
  const reads = guarded.filter((route) => route.method === 'GET')
  test.each(reads.map(byId))('%s: 200', async (_id, route) => {
    const answer = await call(route, members.admin)
    expect(answer.status, answer.text).toBe(200)
    expect(route.response.safeParse(answer.json)).toMatchObject({ success: true })
  })

  test.each(forKeys.filter((route) => route.method === 'GET').map(byId))('%s with a key: 200', async (_id, route) => {
    const answer = await call(route, keys.read)
    expect(answer.status, answer.text).toBe(200)
  })
})

describe('with a body of the wrong shape: 422 that names the field', () => {
  test.each(apiRoutes.filter((route) => route.body !== undefined).map(byId))('%s', async (_id, route) => {
    const answer = await call(route, members.admin, { unexpected: [] })
    // An update that may change any field accepts an object without one; there the type of a field is wrong.
    const final = answer.status === 422 ? answer : await call(route, members.admin, { title: 7, sli: 7 })
    expect(final).toMatchObject({ status: 422, json: { code: 'invalid', status: 422 } })
    expect(final.headers.get('content-type')).toContain('application/problem+json')
    expect(final.json.issues[0].path).toMatch(/^body/)
  })

  test.each(Object.keys(VALID_QUERIES))('%s without its query', async (id) => {
    const route = apiRoutes.find((candidate) => candidate.id === id) as AnyRoute
    const answer = await api.send(route.method, pathWithId(route.path, ids), { as: members.admin })
    expect(answer).toMatchObject({ status: 422, json: { code: 'invalid' } })
    expect(answer.json.issues[0].path).toMatch(/^query\//)
  })
})

test('an id that nothing has: 404', async () => {
  for (const route of inWorkspace.filter((candidate) => candidate.path.includes(':id'))) {
    const path = route.path.replace(':id', 'none') + (VALID_QUERIES[route.id] ?? '')
    const body = route.body === undefined ? undefined : bodies[route.id]
    expect((await api.send(route.method, path, { as: members.admin, body })).status, route.id).toBe(404)
  }
})
