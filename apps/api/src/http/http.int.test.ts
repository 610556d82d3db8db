import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { apiRoutes } from '@nines/contracts'
import { useServices } from '@nines/testkit'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiContext } from '../context.ts'
import { handlers } from '../routes/handlers.ts'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../test-fixtures/api-under-test.ts'
import { registerRoutes } from './register-routes.ts'

const services = await useServices()
const web = mkdtempSync(path.join(tmpdir(), 'nines-web-'))
let api: ApiUnderTest
let admin: Sender

beforeAll(async () => {
  mkdirSync(path.join(web, 'assets'))
  writeFileSync(path.join(web, 'index.html'), '<!doctype html><title>Nines</title>')
  writeFileSync(path.join(web, 'assets', 'main-3f2a.js'), 'console.log(1)')
  api = await startApi(services, { NINES_WEB_DIR: web })
  admin = await setUpAdmin(api)
})
afterAll(async () => {
  await api.stop()
  rmSync(web, { recursive: true })
})

describe('a server starts with exactly the operations of the contracts', () => {
  const context = {} as ApiContext
  test('one handler too few, too many or twice: refused', () => {
    const [first, ...rest] = handlers
    if (first === undefined) throw new TypeError('there are no handlers')
    expect(() => registerRoutes(Fastify(), apiRoutes, rest, context)).toThrow(first.route.id)
    expect(() => registerRoutes(Fastify(), apiRoutes.slice(1), handlers, context)).toThrow('exactly one')
    expect(() => registerRoutes(Fastify(), apiRoutes, [first, ...handlers], context)).toThrow('exactly one')
  })
})

describe('problems', () => {
  const send = (headers: Record<string, string>, body: string) =>
    api.send('POST', '/api/v1/teams', { as: admin, body, headers })

  test.each([
    ['malformed JSON', {}, '{"slug": ', 400, 'bad_request'],
    ['a prototype in JSON', {}, '{"__proto__": {"admin": true}}', 400, 'bad_request'],
    ['another media type', { 'content-type': 'text/xml' }, '<a/>', 415, 'unsupported_media_type'],
    ['more than a mebibyte', {}, JSON.stringify({ slug: 'x'.repeat(1024 * 1024) }), 413, 'too_large'],
  ])('%s', async (_name, headers, body, status, code) => {
    const answer = await send(headers, body)
    expect(answer).toMatchObject({ status, json: { status, code, type: 'about:blank' } })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.text).not.toMatch(/node_modules|\bat \w+ \(/)
  })

  test('a wrong method says which there are', async () => {
    const answer = await api.send('PUT', '/api/v1/teams', { as: admin, body: {} })
    expect(answer).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } })
    expect(answer.headers.get('allow')).toBe('GET, POST, HEAD')
  })

  test('nothing there: 404, also under /api for browsers', async () => {
    const answer = await api.send('GET', '/api/v1/nothing', { as: admin, headers: { accept: 'text/html' } })
    expect(answer).toMatchObject({ status: 404, json: { code: 'not_found' } })
  })

  test('an empty body with a JSON content type is no body', async () => {
    const headers = { 'content-type': 'application/json' }
    const answer = await api.send('POST', '/api/v1/alerts/none/acknowledge', { as: admin, headers })
    expect(answer.status).toBe(404)
  })

  test('a store that is away is 503, and the API comes up without it', async () => {
    const env = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none', NINES_LOG_LEVEL: 'silent' }
    const { start } = await import('../start.ts')
    const app = await start({ ...services.env, ...env })
    const ready = await fetch(`${app.url}/readyz`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ status: 'unready', stores: { redis: 'ok', clickhouse: 'ok' } })
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
    const answer = await fetch(`${app.url}/api/v1/teams`, { headers: { authorization: 'Bearer nk_x' } })
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ code: 'unavailable' })
    await app.stop()
  })
})

describe('the dashboard', () => {
  test('hashed assets are kept for ever, pages are asked for again', async () => {
    const asset = await api.send('GET', '/assets/main-3f2a.js')
    expect(asset).toMatchObject({ status: 200, text: 'console.log(1)' })
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    for (const page of ['/', '/w/main/slos', '/act']) {
      const answer = await api.send('GET', page)
      expect(answer).toMatchObject({ status: 200, text: '<!doctype html><title>Nines</title>' })
      expect(answer.headers.get('cache-control')).toBe('no-cache')
    }
    expect((await api.send('GET', '/assets/old-0000.js')).status).toBe(404)
    expect((await api.send('GET', '/../package.json')).text).not.toContain('"name"')
  })

  test('runs nothing that comes from elsewhere and is framed by nobody', async () => {
    const policy = (await api.send('GET', '/')).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe-eval')
  })

  test('answers of the API are stored nowhere', async () => {
    const answer = await api.send('GET', '/api/v1/teams', { as: admin })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})
