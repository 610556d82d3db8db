import { createServer, type Server } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { NinesError } from '@nines/kernel'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guardedAgent } from './guarded-agent.ts'
import type { ConnectionTimings } from './guarded-connector.ts'

let server: Server
let connections = 0
let url: (host: string) => string

beforeAll(async () => {
  server = createServer((_, response) => response.end('here'))
  server.on('connection', () => (connections += 1))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = (host) => `http://${host}:${(server.address() as AddressInfo).port}/`
})
afterAll(() => new Promise((done) => server.close(done)))

describe('guardedAgent', () => {
  it.each(['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', '0.0.0.0'])(
    'opens no socket to %s',
    async (host) => {
      const before = connections
      const agent = guardedAgent()
      await expect(request(url(host), { dispatcher: agent })).rejects.toMatchObject({ code: 'forbidden' })
      expect(connections).toBe(before)
      await agent.close()
    },
  )

  it('connects to a private address that is allowed, afresh for every request', async () => {
    const seen: ConnectionTimings[] = []
    const agent = guardedAgent({ allowPrivate: true, onConnected: (timings) => seen.push(timings) })
    const before = connections
    for (let turn = 0; turn < 3; turn++) {
      const answer = await request(url('localhost'), { dispatcher: agent })
      expect(await answer.body.text()).toBe('here')
    }
    expect(connections - before).toBe(3)
    expect(seen.map((timings) => timings.address)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1'])
    expect(seen.every((timings) => timings.dnsMs !== null && timings.tlsMs === null)).toBe(true)
    await agent.close()
  })

  it('says that TLS did not come about in time', async () => {
    const silent = createTcpServer((socket) => socket.resume())
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    const agent = guardedAgent({ allowPrivate: true, timeoutMs: 150 })
    const attempt = request(`https://127.0.0.1:${(silent.address() as AddressInfo).port}/`, { dispatcher: agent })
    await expect(attempt).rejects.toSatisfy(
      (error) => error instanceof NinesError && error.code === 'unavailable' && error.message.includes('TLS'),
    )
    await agent.destroy()
    await new Promise((done) => silent.close(done))
  })
})
