import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../test-fixtures/api-under-test.ts'

const services = await useServices()
let api: ApiUnderTest
let admin: Sender

beforeAll(async () => {
  api = await startApi(services, { NINES_TRUST_PROXY: 'true', NINES_LOG_LEVEL: 'silent' })
  admin = await setUpAdmin(api)
})
afterAll(() => api.stop())

/** A request as a reverse proxy hands it on: it appends the address that it saw to what the client claims. */
const through = (claimed: string, seen: string) => ({ 'x-forwarded-for': `${claimed}, ${seen}` })

describe('attempts to sign in', () => {
  const attempt = (path: string, headers: Record<string, string>) =>
    api.send('POST', path, { body: { email: 'nobody@example.com', password: 'wrong wrong wrong' }, headers })

  test('are counted by the address that the proxy saw, not by one that the client makes up', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 11; i++)
      statuses.push((await attempt('/api/auth/sign-in/email', through(`198.51.100.${i}`, '203.0.113.1'))).status)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429])
    expect((await attempt('/api/auth/sign-in/email', through('198.51.100.1', '203.0.113.2'))).status).toBe(401)
  })

  test.each([
    '/api/auth/sign-in/email/',
    '/api/auth/sign-in/email?x=1',
    '/api/auth/%73ign-in/email',
    '/api/auth//sign-in/email',
    '/api/auth/x/../sign-in/email',
    '/api/auth/sign-in%2Femail',
    '/api/auth/./sign-in/email',
    '/api/auth/Sign-In/Email',
    '/api//auth/sign-in/email',
  ])('do not get around the limit as %s', async (path) => {
    const { hostname, port } = new URL(api.app.url)
    const { request } = await import('node:http')
    // Not through URL, which would tidy the path up.
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', ...through('198.51.100.1', '203.0.113.1') }
      const sent = request({ hostname, port, path, method: 'POST', headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      sent.on('error', reject)
      sent.end(JSON.stringify({ email: 'nobody@example.com', password: 'wrong wrong wrong' }))
    })
    expect([404, 405, 429]).toContain(status)
  })
})

test('a whole team behind one address can act on the links of a storm of pages', async () => {
  const act = () => api.send('POST', '/api/v1/alert-links/act', { body: { token: 'x.y', action: 'acknowledge' } })
  const statuses = await Promise.all(Array.from({ length: 100 }, act))
  expect(new Set(statuses.map((answer) => answer.status))).toEqual(new Set([410]))
})

test.each([
  ['a text column', '/api/v1/teams', { slug: 'nul', name: 'a\0b' }],
  [
    'a JSON column',
    '/api/v1/policies',
    { name: 'p', steps: [{ delaySeconds: 1, targets: [{ kind: 'user', userId: '\0' }] }] },
  ],
])(
  'a NUL, which PostgreSQL does not store, in %s: the request is at fault, not the server',
  async (_where, path, body) => {
    expect((await api.send('POST', path, { as: admin, body })).status).toBe(422)
  },
)

test('a NUL in an id: there is no such thing', async () => {
  expect((await api.send('GET', '/api/v1/alerts/%00', { as: admin })).status).toBe(422)
})
