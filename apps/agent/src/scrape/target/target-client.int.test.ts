import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startExposingTarget, type ExposingTarget } from '../../test-fixtures/exposing-target.fixture.ts'
import { scrapeJobWith } from '../../test-fixtures/scrape-job.fixture.ts'
import type { ScrapeJob } from '../config/scrape-job.ts'
import { TargetClient } from './target-client.ts'

let exposing: ExposingTarget
let client: TargetClient
const running = new AbortController().signal
beforeEach(async () => {
  exposing = await startExposingTarget('m 1\n')
  client = new TargetClient()
})
afterEach(async () => {
  client.close()
  await exposing.stop()
})

const fetchWith = (job: Partial<ScrapeJob> = {}, signal = running) =>
  client.fetch({ job: scrapeJobWith(job), url: `http://${exposing.address}/metrics?a=1`, labels: [], key: '' }, signal)

describe('TargetClient', () => {
  it('asks as Prometheus does and hands over body and content type', async () => {
    expect(await fetchWith()).toEqual({ body: Buffer.from('m 1\n'), contentType: 'text/plain; version=0.0.4' })
    const [request] = exposing.requests
    expect(request?.url).toBe('/metrics?a=1')
    expect(request?.headers).toMatchObject({ 'accept-encoding': 'gzip', 'x-prometheus-scrape-timeout-seconds': '5' })
    expect(request?.headers.accept).toContain('application/openmetrics-text;version=1.0.0')
    expect(request?.headers.authorization).toBeUndefined()
  })

  it('reads gzip, and no more of it than the limit', async () => {
    const text = 'm 1\n'.repeat(100_000)
    exposing.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text))
    expect((await fetchWith()).body.toString()).toBe(text)
    await expect(fetchWith({ maxBodyBytes: text.length - 1 })).rejects.toThrow('larger than the body_size_limit')
    expect((await fetchWith({ maxBodyBytes: text.length })).body).toHaveLength(text.length)
  })

  it('refuses gzip that is cut off or none', async () => {
    exposing.answer = (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('m 1\n').subarray(0, 12))
    await expect(fetchWith()).rejects.toThrow('unexpected end of file')
    exposing.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('m 1\n')
    await expect(fetchWith()).rejects.toThrow('incorrect header check')
  })

  it.each([
    [404, 'the target answered 404 Not Found'],
    [500, 'the target answered 500 Internal Server Error'],
    [204, 'the target answered 204 No Content'],
    [304, 'the target answered 304 Not Modified'],
  ])('refuses an answer of %i', async (status, message) => {
    exposing.answer = (_, response) => response.writeHead(status).end()
    await expect(fetchWith()).rejects.toThrow(message)
  })

  it('gives up after the timeout, also in the middle of a body', async () => {
    exposing.answer = () => undefined
    await expect(fetchWith({ timeoutMs: 50 })).rejects.toThrow('no complete answer within 50 ms')
    exposing.answer = (_, response) => void response.writeHead(200).write('m 1')
    await expect(fetchWith({ timeoutMs: 50 })).rejects.toThrow('no complete answer within 50 ms')
  })

  it('refuses a body that breaks off', async () => {
    exposing.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('m 1')
      setTimeout(() => response.destroy(), 20)
    }
    await expect(fetchWith()).rejects.toThrow('aborted')
  })

  it('sends secrets, read anew from their files, and not to other hosts', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'nines-scrape-'))
    const file = join(directory, 'token')
    await writeFile(file, 'first\n')
    const authorization = { kind: 'token', type: 'Bearer', credentials: { file } } as const
    await fetchWith({ authorization })
    await writeFile(file, 'second\n')
    await fetchWith({ authorization })
    await fetchWith({ authorization: { kind: 'basic', username: { text: 'me' }, password: { text: 'pässword' } } })
    expect(exposing.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first',
      'Bearer second',
      `Basic ${Buffer.from('me:pässword').toString('base64')}`,
    ])
    const other = await startExposingTarget('other 1\n')
    exposing.answer = ({ url }, response) =>
      response.writeHead(302, { location: url === '/here' ? `http://${other.address}/` : '/here' }).end()
    expect((await fetchWith({ authorization })).body.toString()).toBe('other 1\n')
    expect(exposing.requests.at(-1)?.headers.authorization).toBe('Bearer second')
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
    await rm(directory, { recursive: true })
    await expect(fetchWith({ authorization })).rejects.toThrow('ENOENT')
    await other.stop()
  })

  it('tries a new connection when a kept one turns out to be closed', async () => {
    const perConnection = new Map<unknown, number>()
    exposing.answer = ({ socket }, response) => {
      const count = (perConnection.get(socket) ?? 0) + 1
      perConnection.set(socket, count)
      if (count === 2) socket.destroy()
      else response.writeHead(200).end('m 1\n')
    }
    await fetchWith()
    await new Promise((done) => setTimeout(done, 20))
    expect((await fetchWith()).body.toString()).toBe('m 1\n')
    expect([...perConnection.values()]).toEqual([2, 1])
    exposing.answer = ({ socket }) => socket.destroy()
    await expect(fetchWith()).rejects.toThrow('socket hang up')
  })

  it('follows no circle', async () => {
    exposing.answer = (_, response) => response.writeHead(307, { location: '/again' }).end()
    await expect(fetchWith()).rejects.toThrow('more than 5 redirects')
  })

  it('says when nobody listens', async () => {
    await exposing.stop()
    await expect(fetchWith()).rejects.toThrow('ECONNREFUSED')
    await exposing.startAgain()
  })
})
