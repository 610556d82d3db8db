import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@nines/kernel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSpool } from './open-spool.ts'
import { postEntry, retryAfterMs } from './post-entry.ts'
import { startForwarder } from './start-forwarder.ts'

let directory: string
let server: Server
let url: string
let statuses: number[]
let received: string[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nines-forward-'))
  statuses = []
  received = []
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const status = statuses.shift() ?? 200
      if (status === 200) received.push(Buffer.concat(chunks).toString())
      if (status === 0) request.socket.destroy()
      else response.writeHead(status).end('because')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await rm(directory, { recursive: true, force: true })
})

const post = (entry: { bytes: Buffer }) => postEntry({ url, headers: {}, body: entry.bytes, timeoutMs: 2000 })

describe('startForwarder', () => {
  it.each([429, 502, 503, 504, 0])('sends an entry again after status %i and keeps the order', async (status) => {
    statuses.push(status, status)
    const spool = await openSpool({ directory, maxBytes: 1000 })
    for (const text of ['first', 'second']) await spool.append(Buffer.from(text))
    const forwarder = startForwarder({ spool, send: post, logger: createLogger('test', 'silent'), minPauseMs: 5 })
    await expect.poll(() => spool.count, { timeout: 5000 }).toBe(0)
    await forwarder.stop()
    expect(received).toEqual(['first', 'second'])
    expect(forwarder.rejected).toBe(0)
  })

  it.each([400, 401, 403, 404, 413, 500])('drops an entry that is answered %i and goes on', async (status) => {
    statuses.push(status)
    const spool = await openSpool({ directory, maxBytes: 1000 })
    for (const text of ['first', 'second']) await spool.append(Buffer.from(text))
    const forwarder = startForwarder({ spool, send: post, logger: createLogger('test', 'silent'), minPauseMs: 5 })
    await expect.poll(() => received, { timeout: 5000 }).toEqual(['second'])
    await forwarder.stop()
    expect(forwarder.rejected).toBe(1)
  })

  it('wakes for a new entry and stops while it waits', async () => {
    const spool = await openSpool({ directory, maxBytes: 1000 })
    const forwarder = startForwarder({ spool, send: post, logger: createLogger('test', 'silent') })
    await spool.append(Buffer.from('late'))
    forwarder.wake()
    await expect.poll(() => received, { timeout: 5000 }).toEqual(['late'])
    await forwarder.stop()
  })
})

describe('retryAfterMs', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  it.each([
    [null, undefined],
    ['', undefined],
    ['soon', undefined],
    ['0', 0],
    ['3', 3000],
    ['-5', 0],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ])('reads %j as %j', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected)
  })
})
