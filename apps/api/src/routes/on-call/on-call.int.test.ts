import { decryptSecret } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { joinAs, setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'

const services = await useServices()
let api: ApiUnderTest
let admin: Sender
let editor: Sender
const users = {} as Record<'ada' | 'grace', string>

const send = (method: string, path: string, body?: unknown, as = admin) => api.send(method, path, { as, body })

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  editor = await joinAs(api, admin, 'editor', 'grace@example.com')
  const rows = await api.prisma.user.findMany()
  for (const { email, id } of rows) users[email.startsWith('ada') ? 'ada' : 'grace'] = id
})
afterAll(() => api.stop())

const rotation = (participants: string[], change: object = {}) => ({
  timeZone: 'Europe/Berlin',
  handoffWeekday: 1,
  handoffTime: '09:00',
  startsOn: '2026-03-02',
  participants,
  ...change,
})

describe('schedules', () => {
  test('shifts change hands at nine in Berlin, also when the clocks do; an override takes its hours', async () => {
    const body = { name: 'Weekly', rotation: rotation([users.ada, users.grace]) }
    const schedule = (await send('POST', '/api/v1/schedules', body)).json
    const override = { userId: users.ada, startsAt: '2026-03-10T08:00:00Z', endsAt: '2026-03-10T12:00:00Z' }
    const made = await send('POST', `/api/v1/schedules/${schedule.id}/overrides`, override)
    expect(made.json).toMatchObject({ user: { name: 'Ada' } })
    const query = 'from=2026-03-02T08:00:00Z&to=2026-04-06T07:00:00Z'
    const { json } = await send('GET', `/api/v1/schedules/${schedule.id}/shifts?${query}`)
    const shifts = json.items.map((shift: { startsAt: number; userName: string; override: boolean }) => [
      new Date(shift.startsAt).toISOString().slice(0, 16),
      shift.userName,
      shift.override,
    ])
    expect(shifts).toEqual([
      ['2026-03-02T08:00', 'Ada', false],
      ['2026-03-09T08:00', 'The editor', false],
      ['2026-03-10T08:00', 'Ada', true],
      ['2026-03-10T12:00', 'The editor', false],
      ['2026-03-16T08:00', 'Ada', false],
      ['2026-03-23T08:00', 'The editor', false],
      ['2026-03-30T07:00', 'Ada', false],
    ])
    expect((await send('DELETE', `/api/v1/overrides/${made.json.id}`)).status).toBe(200)
    expect((await send('DELETE', `/api/v1/overrides/${made.json.id}`)).status).toBe(404)
  })

  test.each([
    ['a zone that is none', { timeZone: 'Mars/Olympus' }, 'body/rotation/timeZone'],
    ['a fixed offset, by which nobody can be on call', { timeZone: '+01:00' }, 'body/rotation/timeZone'],
    ['somebody who is no member', { participants: ['usr_none'] }, 'body/rotation/participants/0'],
    ['a time that is none', { handoffTime: '24:00' }, 'body/rotation/handoffTime'],
    ['nobody', { participants: [] }, 'body/rotation/participants'],
  ])('%s: 422', async (_name, change, path) => {
    const answer = await send('POST', '/api/v1/schedules', { name: 'x', rotation: rotation([users.ada], change) })
    expect(answer).toMatchObject({ status: 422, json: { issues: [{ path }] } })
  })

  test('a stand-in, and whose channel a policy names, is not removed: nobody would be paged', async () => {
    await joinAs(api, admin, 'responder', 'hedy@example.com')
    const member = await api.prisma.membership.findFirstOrThrow({ where: { user: { email: 'hedy@example.com' } } })
    const remove = () => send('DELETE', `/api/v1/members/${member.id}`)
    const { json } = await send('GET', '/api/v1/schedules')
    const primary = json.items.find((schedule: { name: string }) => schedule.name === 'Primary')
    const span = { startsAt: new Date().toISOString(), endsAt: '9999-12-31T00:00:00Z' }
    const body = { userId: member.userId, ...span }
    const override = await send('POST', `/api/v1/schedules/${primary.id}/overrides`, body)
    expect(await remove()).toMatchObject({ status: 409, json: { detail: expect.stringContaining('overrides') } })
    expect((await send('DELETE', `/api/v1/overrides/${override.json.id}`)).status).toBe(200)

    const channel = { name: 'Hedy', url: 'https://example.com/', userId: member.userId }
    const { id: channelId } = (await send('POST', '/api/v1/channels', channel)).json.channel
    const steps = [{ delaySeconds: 60, targets: [{ kind: 'channel', channelId }] }]
    const policy = await send('POST', '/api/v1/policies', { name: 'Hedy only', steps })
    expect(await remove()).toMatchObject({ status: 409, json: { detail: expect.stringContaining('"Hedy only"') } })
    expect((await send('DELETE', `/api/v1/policies/${policy.json.id}`)).status).toBe(200)
    expect((await remove()).status).toBe(200)
  })

  test('the same name twice is a conflict; one in use is not deleted', async () => {
    const { json } = await send('GET', '/api/v1/schedules')
    const primary = json.items.find((schedule: { name: string }) => schedule.name === 'Primary')
    expect(primary.onCall).toMatchObject({ name: 'Ada' })
    const again = await send('POST', '/api/v1/schedules', { name: 'Primary', rotation: rotation([users.ada]) })
    expect(again).toMatchObject({ status: 409, json: { issues: [{ path: 'body/name' }] } })
    const refused = await send('DELETE', `/api/v1/schedules/${primary.id}`)
    expect(refused.status).toBe(409)
    expect(refused.json.detail).toContain('"Default"')
  })
})

describe('policies', () => {
  test('steps are replaced as a whole and keep their order', async () => {
    const step = (delaySeconds: number) => ({ delaySeconds, targets: [{ kind: 'user', userId: users.grace }] })
    const made = await send('POST', '/api/v1/policies', { name: 'Two', steps: [step(10), step(20)] })
    expect(made.json).toMatchObject({ repeatCount: 2, steps: [step(10), step(20)] })
    const body = { name: 'Three', repeatCount: 0, steps: [step(3), step(2), step(1)] }
    const changed = await send('PUT', `/api/v1/policies/${made.json.id}`, body)
    expect(changed.json).toMatchObject(body)
    expect((await send('DELETE', `/api/v1/policies/${made.json.id}`)).status).toBe(200)
    expect(await api.prisma.escalationStep.count({ where: { policyId: made.json.id } })).toBe(0)
  })

  test('a target that is not there is named', async () => {
    const steps = [{ delaySeconds: 60, targets: [{ kind: 'channel', channelId: 'chn_none' }] }]
    const answer = await send('POST', '/api/v1/policies', { name: 'x', steps })
    expect(answer).toMatchObject({ status: 422, json: { issues: [{ path: 'body/steps/0/targets/0/channelId' }] } })
  })

  test('one that a service uses is not deleted', async () => {
    const { json } = await send('GET', '/api/v1/policies')
    const refused = await send('DELETE', `/api/v1/policies/${json.items[0].id}`)
    expect(refused).toMatchObject({ status: 409, json: { detail: 'the service "Nines" uses this policy' } })
  })
})

describe('channels', () => {
  test('the secret is shown once and kept sealed; a rotation keeps the old one for a day', async () => {
    const made = await send('POST', '/api/v1/channels', { name: 'hook', url: 'https://example.com/hook' })
    const { secret, channel } = made.json
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect((await send('GET', '/api/v1/channels')).text).not.toContain(secret)
    const rotated = (await send('POST', `/api/v1/channels/${channel.id}/rotate-secret`)).json.secret
    expect(rotated).not.toBe(secret)
    const row = await api.prisma.channel.findUniqueOrThrow({ where: { id: channel.id } })
    const open = (sealed: string | null) => decryptSecret(sealed ?? '', services.env.NINES_SECRET_KEY ?? '')
    expect([open(row.secretSealed), open(row.previousSealed)]).toEqual([rotated, secret])
    expect((row.previousUntil?.getTime() ?? 0) / 1000).toBeCloseTo(Date.now() / 1000 + 86_400, -2)
  })

  test('a test message waits in the outbox, is listed, and replayed under the same id', async () => {
    const { channel } = (await send('POST', '/api/v1/channels', { name: 'tested', url: 'https://example.com/' })).json
    const { messageId } = (await send('POST', `/api/v1/channels/${channel.id}/test`)).json
    const list = () => send('GET', `/api/v1/channels/${channel.id}/messages`)
    expect((await list()).json.items).toMatchObject([{ id: messageId, eventType: 'channel.test', state: 'pending' }])
    await api.prisma.outboxMessage.update({ where: { id: messageId }, data: { state: 'failed', dueAt: null } })
    expect((await send('POST', `/api/v1/messages/${messageId}/replay`)).status).toBe(200)
    expect((await list()).json.items).toMatchObject([{ id: messageId, state: 'pending' }])
  })

  test('a deleted channel is gone from sight; its messages stay and are not sent', async () => {
    const { channel } = (await send('POST', '/api/v1/channels', { name: 'short', url: 'https://example.com/' })).json
    const { messageId } = (await send('POST', `/api/v1/channels/${channel.id}/test`)).json
    expect((await send('DELETE', `/api/v1/channels/${channel.id}`)).status).toBe(200)
    expect((await send('GET', '/api/v1/channels')).text).not.toContain(channel.id)
    expect((await send('POST', `/api/v1/channels/${channel.id}/test`)).status).toBe(404)
    const message = await api.prisma.outboxMessage.findUniqueOrThrow({ where: { id: messageId } })
    expect(message).toMatchObject({ state: 'cancelled', dueAt: null })
    const again = await send('POST', '/api/v1/channels', { name: 'short', url: 'https://example.com/' })
    expect(again.status).toBe(200)
  })
})

test('only an admin opens private addresses to a check; others may keep what is open', async () => {
  const config = { kind: 'http', url: 'http://10.0.0.1/', allowPrivate: true }
  const check = { name: 'inside', config }
  expect(await send('POST', '/api/v1/checks', check, editor)).toMatchObject({
    status: 403,
    json: { issues: [{ path: 'body/config/allowPrivate' }] },
  })
  const made = await send('POST', '/api/v1/checks', check)
  expect(made.status).toBe(200)
  const path = `/api/v1/checks/${made.json.id}`
  expect((await send('PUT', path, { ...check, name: 'renamed' }, editor)).status).toBe(200)
  const elsewhere = { ...check, config: { ...config, url: 'http://10.0.0.2/' } }
  expect((await send('PUT', path, elsewhere, editor)).status).toBe(403)
})
