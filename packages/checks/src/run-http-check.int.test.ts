import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net'
import { httpCheckConfig, type HttpCheckConfig } from '@nines/contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BODY_LIMIT_BYTES, runHttpCheck } from './run-http-check.ts'
import { selfSigned } from './self-signed.fixture.ts'

let plain: Server
let secure: Server
let silent: TcpServer
let connections = 0
let requests: { method: string; path: string; headers: IncomingMessage['headers'] }[] = []

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '/'
  requests.push({ method: request.method ?? '', path, headers: request.headers })
  const hops = /^\/hops\/(\d+)$/.exec(path)
  if (hops) response.writeHead(302, { location: hops[1] === '1' ? '/' : `/hops/${Number(hops[1]) - 1}` }).end()
  else if (path.startsWith('/to/')) response.writeHead(302, { location: decodeURIComponent(path.slice(4)) }).end()
  else if (path === '/broken') response.writeHead(500).end('Error')
  else if (path === '/huge') response.end(Buffer.alloc(3 * BODY_LIMIT_BYTES, 'x'))
  else if (path === '/never') return
  else if (path === '/stalls') response.writeHead(200, { 'content-length': '10' }).write('five')
  else if (path === '/drops') request.socket.destroy()
  else response.setHeader('x-shop', 'open').end('Welcome to the shop')
}
const listen = (server: Server | TcpServer) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
const portOf = (server: Server | TcpServer) => (server.address() as AddressInfo).port

beforeAll(async () => {
  plain = createServer(answer).on('connection', () => (connections += 1))
  secure = createTlsServer(selfSigned, answer)
  silent = createTcpServer((socket) => socket.resume())
  await Promise.all([plain, secure, silent].map(listen))
})
beforeEach(() => {
  requests = []
})
afterAll(async () => {
  plain.closeAllConnections()
  secure.closeAllConnections()
  await Promise.all([plain, secure, silent].map((server) => new Promise((done) => server.close(done))))
})

const run = (path: string, extra: object = {}, timeoutMs = 5000) => {
  const url = path.startsWith('http') ? path : `http://localhost:${portOf(plain)}${path}`
  const config: HttpCheckConfig = httpCheckConfig.parse({ kind: 'http', url, allowPrivate: true, ...extra })
  return runHttpCheck(config, { timeoutMs })
}

describe('runHttpCheck', () => {
  it('passes a page that satisfies every assertion and measures its phases', async () => {
    const outcome = await run('/', {
      assertions: [
        { on: 'status', op: 'equals', value: 200 },
        { on: 'body', op: 'contains', value: 'shop' },
        { on: 'header', name: 'X-Shop', op: 'equals', value: 'open' },
      ],
    })
    expect(outcome).toMatchObject({ ok: true, statusCode: 200, error: '' })
    const { dnsMs, connectMs, tlsMs, firstByteMs, transferMs } = outcome.phases
    expect(tlsMs).toBeNull()
    const sum = (dnsMs ?? NaN) + (connectMs ?? NaN) + (firstByteMs ?? NaN) + (transferMs ?? NaN)
    expect(sum).toBeGreaterThan(0)
    expect(sum).toBeLessThanOrEqual(outcome.durationMs)
  })

  it('names the first assertion that fails', async () => {
    expect(await run('/broken')).toMatchObject({ ok: false, statusCode: 500, error: 'status 500, expected 2xx' })
  })

  it('connects afresh for every run and every hop', async () => {
    const before = connections
    await run('/')
    await run('/hops/2')
    expect(connections - before).toBe(4)
  })

  it('sends method, headers and body of the check', async () => {
    await run('/', { method: 'POST', body: 'hello', headers: { 'X-Token': 'abc', 'Content-Type': 'text/plain' } })
    expect(requests[0]).toMatchObject({ method: 'POST', headers: { 'x-token': 'abc', 'content-length': '5' } })
  })

  it('follows five redirects, not six', async () => {
    expect(await run('/hops/5')).toMatchObject({ ok: true, statusCode: 200 })
    expect(await run('/hops/6')).toMatchObject({ ok: false, statusCode: 302, error: 'more than 5 redirects' })
  })

  it('sees the redirect itself when that is what it asserts', async () => {
    const assertions = [{ on: 'status', op: 'equals', value: 302 }]
    expect(await run('/hops/1', { assertions })).toMatchObject({ ok: true, statusCode: 302 })
  })

  it('cuts a huge body', async () => {
    expect(await run('/huge', { assertions: [{ on: 'body', op: 'not_contains', value: 'y' }] })).toMatchObject({
      ok: false,
      error: expect.stringContaining('longer than 1 MiB'),
    })
  })
})

describe('the address guard of runHttpCheck', () => {
  it.each(['localhost', '127.0.0.1', '[::ffff:7f00:1]', '0.0.0.0'])('opens no connection to %s', async (host) => {
    const before = connections
    const outcome = await run(`http://${host}:${portOf(plain)}/`, { allowPrivate: false })
    expect(outcome).toMatchObject({ ok: false, statusCode: null, error: expect.stringContaining('refused to connect') })
    expect(connections).toBe(before)
  })
  it.each(['http://169.254.169.254/latest/meta-data/', 'http://[fe80::1]/', 'file:///etc/passwd'])(
    'refuses a redirect to %s',
    async (target) => {
      const outcome = await run(`/to/${encodeURIComponent(target)}`)
      expect(outcome).toMatchObject({ ok: false, statusCode: 302, error: expect.stringContaining('refused') })
    },
  )
})

describe('failures of runHttpCheck', () => {
  it('ends at its deadline and says what it waited for', async () => {
    expect((await run('/never', {}, 150)).error).toBe('no answer within 150 ms (waiting for the first byte)')
    expect((await run('/stalls', {}, 150)).error).toBe('no answer within 150 ms (reading the body)')
    const tls = await run(`https://127.0.0.1:${portOf(silent)}/`, {}, 150)
    expect(tls.error).toBe('no answer within 150 ms (resolving and connecting)')
  })
  it('explains refused, dropped and unknown hosts', async () => {
    const closed = createServer()
    await listen(closed)
    const port = portOf(closed)
    await new Promise((done) => closed.close(done))
    expect((await run(`http://127.0.0.1:${port}/`)).error).toContain('connection refused')
    expect((await run('/drops')).error).toContain('closed the connection')
    expect((await run('http://no-such-host.invalid/')).error).toContain('DNS')
  })
  it('verifies certificates', async () => {
    const url = `https://localhost:${portOf(secure)}/`
    expect(await run(url)).toMatchObject({ ok: false, error: expect.stringContaining('self-signed') })
    const config = httpCheckConfig.parse({ kind: 'http', url, allowPrivate: true })
    const trusted = await runHttpCheck(config, { timeoutMs: 5000, ca: selfSigned.cert })
    expect(trusted).toMatchObject({ ok: true, statusCode: 200 })
    expect(trusted.phases.tlsMs).toBeGreaterThan(0)
  })
})
