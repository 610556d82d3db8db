import { hashToken } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN, cookieOf, joinAs, PASSWORD, setUpAdmin, startApi } from '../../test-fixtures/api-under-test.ts'
import type { ApiUnderTest, Sender } from '../../test-fixtures/api-under-test.ts'

const services = await useServices()
let api: ApiUnderTest
let admin: Sender

beforeAll(async () => {
  api = await startApi(services)
})
afterAll(() => api.stop())

const signIn = (email: string, password: string, headers = {}) =>
  api.send('POST', '/api/auth/sign-in/email', { body: { email, password }, headers })

describe('setup', () => {
  test('a wrong token creates nobody', async () => {
    const body = { ...ADMIN, token: 'nst_wrong' }
    expect(await api.send('POST', '/api/v1/setup', { body })).toMatchObject({
      status: 403,
      json: { code: 'forbidden' },
    })
    expect((await api.send('GET', '/api/v1/setup')).json).toEqual({ needed: true })
  })

  test('of ten requests at once one creates the admin, with schedule and policy', async () => {
    const attempts = Array.from({ length: 10 }, (_, i) =>
      api.send('POST', '/api/v1/setup', { body: { ...ADMIN, email: `a${i}@example.com`, token: api.setupToken } }),
    )
    const statuses = (await Promise.all(attempts)).map((answer) => answer.status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 403)).toHaveLength(9)
    expect(await api.prisma.user.count()).toBe(1)
    const service = await api.prisma.service.findFirstOrThrow({
      include: { escalationPolicy: { include: { steps: true } } },
    })
    expect(service.escalationPolicy).toMatchObject({ name: 'Default', steps: [{ position: 0 }, { position: 1 }] })
    expect((await api.send('GET', '/api/v1/setup')).json).toEqual({ needed: false })
    await api.prisma.escalationPolicy.deleteMany()
    await api.prisma.schedule.deleteMany()
    await api.prisma.user.deleteMany()
    await api.prisma.setupToken.updateMany({ data: { usedAt: null } })
  })

  test('signs the first admin in', async () => {
    admin = await setUpAdmin(api)
    const { status, json } = await api.send('GET', '/api/v1/me', { as: admin })
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { user: { name: 'Ada', email: ADMIN.email }, workspaces: [{ slug: 'main', role: 'admin' }] },
    })
  })
})

describe('signing in', () => {
  test('right password, whatever the case of the address', async () => {
    const answer = await signIn('Ada@Example.com', PASSWORD)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly/i)
    const me = await api.send('GET', '/api/v1/me', { as: { cookie: cookieOf(answer) } })
    expect(me.json.user.email).toBe(ADMIN.email)
  })

  test.each([
    ['wrong password', ADMIN.email, 'not the right one'],
    ['unknown address', 'nobody@example.com', PASSWORD],
  ])('%s: 401, no cookie', async (_name, email, password) => {
    const answer = await signIn(email, password)
    expect(answer.status).toBe(401)
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  test('from another origin: refused', async () => {
    expect((await signIn(ADMIN.email, PASSWORD, { origin: 'https://evil.example' })).status).toBe(403)
  })

  test('nobody signs up without an invitation', async () => {
    const body = { email: 'x@example.com', password: PASSWORD, name: 'X' }
    const answer = await api.send('POST', '/api/auth/sign-up/email', { body })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(await api.prisma.user.count({ where: { email: 'x@example.com' } })).toBe(0)
  })

  test('signing out ends the session', async () => {
    const session = { cookie: cookieOf(await signIn(ADMIN.email, PASSWORD)) }
    await api.send('POST', '/api/auth/sign-out', { as: session, body: {}, headers: { origin: api.app.url } })
    expect((await api.send('GET', '/api/v1/me', { as: session })).status).toBe(401)
  })

  test('after ten attempts in a minute the eleventh has to wait', async () => {
    const own = await startApi(services)
    const attempt = () =>
      own.send('POST', '/api/auth/sign-in/email', {
        body: { email: 'nobody@example.com', password: 'wrong wrong wrong' },
      })
    for (let i = 0; i < 10; i++) expect((await attempt()).status).toBe(401)
    const answer = await attempt()
    expect(answer).toMatchObject({ status: 429, json: { code: 'rate_limited' } })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    await own.stop()
  })
})

describe('cross-site requests', () => {
  const attempt = (headers: Record<string, string>) =>
    api.send('POST', '/api/v1/teams', { as: { ...admin, cookie: undefined }, body: { slug: 'x', name: 'X' }, headers })

  test.each([
    ['says another site', { 'sec-fetch-site': 'cross-site' }],
    ['says a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['origin of another site', { origin: 'https://evil.example' }],
    ['origin null', { origin: 'null' }],
    ['says nothing', {}],
  ])('%s: 403', async (_name, headers) => {
    const answer = await attempt({ cookie: admin.cookie ?? '', ...headers })
    expect(answer).toMatchObject({ status: 403, json: { code: 'forbidden' } })
  })

  test('own origin: accepted', async () => {
    const headers = { cookie: admin.cookie ?? '', origin: api.app.url }
    expect((await attempt(headers)).status).toBe(200)
  })
})

describe('members', () => {
  test('an invitation is shown, accepted once, and signs in with its role', async () => {
    const body = { email: 'Grace@example.com', role: 'editor' }
    const invited = await api.send('POST', '/api/v1/members/invitations', { as: admin, body })
    expect(invited.json).toMatchObject({ invitation: { email: 'grace@example.com', role: 'editor', acceptedAt: null } })
    const token = new URL(invited.json.url).hash.slice(1)
    const shown = await api.send('POST', '/api/v1/invitations/lookup', { body: { token } })
    expect(shown.json).toEqual({ email: 'grace@example.com', role: 'editor', workspaceName: 'Main' })

    const acceptance = { body: { token, name: 'Grace', password: PASSWORD } }
    const answers = await Promise.all([1, 2, 3].map(() => api.send('POST', '/api/v1/invitations/accept', acceptance)))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    const again = await api.send('POST', '/api/v1/invitations/accept', acceptance)
    expect(again).toMatchObject({ status: 410, json: { code: 'gone' } })
    const grace = { cookie: cookieOf(answers.find((answer) => answer.status === 200) ?? again) }
    expect((await api.send('GET', '/api/v1/me', { as: grace })).json.workspaces[0].role).toBe('editor')
    expect(await api.prisma.invitation.count({ where: { tokenHash: hashToken(token) } })).toBe(1)
  })

  test('an expired invitation is gone, an unknown one not found', async () => {
    const body = { email: 'late@example.com', role: 'viewer' }
    const invited = await api.send('POST', '/api/v1/members/invitations', { as: admin, body })
    const token = new URL(invited.json.url).hash.slice(1)
    await api.prisma.invitation.update({ where: { tokenHash: hashToken(token) }, data: { expiresAt: new Date(1) } })
    const lookup = (value: string) => api.send('POST', '/api/v1/invitations/lookup', { body: { token: value } })
    expect((await lookup(token)).status).toBe(410)
    expect((await lookup('ninv_unknown')).status).toBe(404)
  })

  test('a token for an address that has an account needs its password', async () => {
    const member = await api.prisma.membership.findFirstOrThrow({ where: { user: { email: 'grace@example.com' } } })
    await api.send('DELETE', `/api/v1/members/${member.id}`, { as: admin })
    const invited = await api.send('POST', '/api/v1/members/invitations', {
      as: admin,
      body: { email: 'grace@example.com', role: 'viewer' },
    })
    const token = new URL(invited.json.url).hash.slice(1)
    const accept = (password: string) =>
      api.send('POST', '/api/v1/invitations/accept', { body: { token, name: 'Mallory', password } })
    expect(await accept('some other password')).toMatchObject({
      status: 422,
      json: { issues: [{ path: 'body/password' }] },
    })
    expect((await accept(PASSWORD)).status).toBe(200)
    expect(await api.prisma.user.findUnique({ where: { email: 'grace@example.com' } })).toMatchObject({ name: 'Grace' })
  })

  test('the last admin can be neither removed nor demoted, also by two requests at once', async () => {
    const { json } = await api.send('GET', '/api/v1/members', { as: admin })
    const ada = json.members.find((member: { role: string }) => member.role === 'admin')
    const demote = (id: string) => api.send('PATCH', `/api/v1/members/${id}`, { as: admin, body: { role: 'viewer' } })
    expect(await demote(ada.id)).toMatchObject({ status: 409, json: { code: 'conflict' } })
    expect((await api.send('DELETE', `/api/v1/members/${ada.id}`, { as: admin })).status).toBe(409)

    await joinAs(api, admin, 'admin', 'second@example.com')
    const second = await api.prisma.membership.findFirstOrThrow({ where: { user: { email: 'second@example.com' } } })
    const both = await Promise.all([demote(second.id), demote(second.id), demote(ada.id)])
    expect(both.filter((answer) => answer.status >= 500)).toEqual([])
    expect(await api.prisma.membership.count({ where: { role: 'admin' } })).toBe(1)
    await api.prisma.membership.update({ where: { id: ada.id }, data: { role: 'admin' } })
  })

  test('somebody on call is not removed before they are taken out of the schedule', async () => {
    const { json } = await api.send('GET', '/api/v1/members', { as: admin })
    const ada = json.members.find((member: { user: { email: string } }) => member.user.email === ADMIN.email)
    await joinAs(api, admin, 'admin', 'third@example.com')
    const answer = await api.send('DELETE', `/api/v1/members/${ada.id}`, { as: admin })
    expect(answer.status).toBe(409)
    expect(answer.json.detail).toContain('schedule "Primary"')
    expect(answer.json.detail).toContain('escalation policy "Default"')
  })
})

describe('API keys', () => {
  test('the secret is shown once, works, and stops when revoked', async () => {
    const body = { name: 'ci', scopes: ['read'] }
    const created = await api.send('POST', '/api/v1/keys', { as: admin, body })
    const { secret, key } = created.json
    expect(secret.startsWith(key.prefix)).toBe(true)
    const listed = await api.send('GET', '/api/v1/keys', { as: admin })
    expect(listed.text).not.toContain(secret)
    expect(listed.json.ingestUrl).toMatch(/^http:\/\/localhost:\d+$/)
    expect(listed.json.items.map((item: { name: string }) => item.name)).not.toContain("Nines' own telemetry")
    expect((await api.send('GET', '/api/v1/teams', { as: { key: secret } })).status).toBe(200)
    expect((await api.send('DELETE', `/api/v1/keys/${key.id}`, { as: admin })).status).toBe(200)
    expect((await api.send('GET', '/api/v1/teams', { as: { key: secret } })).status).toBe(401)
  })

  test('a key that names another workspace finds nothing', async () => {
    const created = await api.send('POST', '/api/v1/keys', { as: admin, body: { name: 'k', scopes: ['read'] } })
    const as = { key: created.json.secret }
    expect((await api.send('GET', '/api/v1/teams', { as: { ...as, workspace: 'main' } })).status).toBe(200)
    expect((await api.send('GET', '/api/v1/teams', { as: { ...as, workspace: 'other' } })).status).toBe(404)
  })
})
