import { connectRedis, publishLive } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cookieOf, foreignKey, setUpAdmin, startApi } from '../test-fixtures/api-under-test.ts'
import type { ApiUnderTest, Sender } from '../test-fixtures/api-under-test.ts'

const services = await useServices()
const redis = connectRedis(services.redisUrl)
let api: ApiUnderTest
let admin: Sender
let workspaceId: string

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  workspaceId = (await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })).id
})
afterAll(async () => {
  redis.disconnect()
  await api.stop()
})

/** Opens a stream; `read` gives what arrives until a text is in it, `end` all that follows until it ends. */
async function open(query: string, headers: Record<string, string>) {
  const response = await fetch(`${api.app.url}/api/v1/events${query}`, { headers })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (reader === undefined) throw new TypeError('an answer without a body')
  const next = async () => (await reader.read()).value
  return {
    response,
    async read(until: string) {
      let text = ''
      for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
        text += chunk
        if (text.includes(until)) return text
      }
      throw new Error(`the stream ended before "${until}": ${text}`)
    },
    async end() {
      let text = ''
      for (let chunk = await next(); chunk !== undefined; chunk = await next()) text += chunk
      return text
    },
    close: () => reader.cancel(),
  }
}

const bySession = () => ({ cookie: admin.cookie ?? '' })

test('without credentials or for a workspace that is not the caller’s: refused', async () => {
  expect((await api.send('GET', '/api/v1/events')).status).toBe(401)
  expect((await api.send('GET', '/api/v1/events?workspace=other', { as: admin })).status).toBe(404)
  const foreign = await foreignKey(api.prisma, ['read'])
  expect((await api.send('GET', '/api/v1/events?workspace=main', { as: foreign })).status).toBe(404)
})

test('a dashboard hears of its own workspace and of no other', async () => {
  const own = await open('?workspace=main', bySession())
  expect(own.response.headers.get('content-type')).toContain('text/event-stream')
  await own.read('retry:')
  const prefix = services.redisPrefix
  await publishLive(redis, prefix, 'wsp_other', { type: 'alert.changed', id: 'alt_foreign', at: 1 })
  await publishLive(redis, prefix, workspaceId, { type: 'alert.changed', id: 'alt_1', at: 2 })
  const heard = await own.read('alt_1')
  expect(heard).toBe('event: live\ndata: {"type":"alert.changed","id":"alt_1","at":2}\n\n')
  await own.close()
})

test('a change made through the API is told to every dashboard, its maker included', async () => {
  const first = await open('?workspace=main', bySession())
  const second = await open('', bySession())
  await api.send('POST', '/api/v1/teams', { as: admin, body: { slug: 'live', name: 'Live' } })
  for (const stream of [first, second]) {
    expect(await stream.read('settings.changed')).toContain('event: live')
    await stream.close()
  }
})

test('a server that stops ends its streams and does not wait for them', async () => {
  const own = await startApi(services)
  const answer = await own.send('POST', '/api/auth/sign-in/email', {
    body: { email: 'ada@example.com', password: 'correct horse battery' },
  })
  const response = await fetch(`${own.app.url}/api/v1/events`, { headers: { cookie: cookieOf(answer) } })
  expect(response.status).toBe(200)
  const [text] = await Promise.all([response.text(), own.stop()])
  expect(text).toBe('retry: 2000\n\n')
})
