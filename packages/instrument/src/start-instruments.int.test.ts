import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { observeRequests } from './observe-requests.ts'
import { startInstruments } from './start-instruments.ts'

interface Received {
  path: string
  key: string | undefined
  contentType: string | undefined
  body: string
}
let collector: Server | undefined
afterEach(async () => {
  collector?.closeAllConnections()
  await new Promise<void>((done) => (collector ? collector.close(() => done()) : done()))
  collector = undefined
})

/** A collector that records requests and answers `status`; hangs when the status is 0. */
async function startCollector(status: number): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const read = async (request: IncomingMessage) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({
      path: request.url ?? '',
      key: request.headers.authorization,
      contentType: request.headers['content-type'],
      body: Buffer.concat(chunks).toString('latin1'),
    })
  }
  collector = createServer((request, response) => {
    void read(request).then(() => (status === 0 ? undefined : response.writeHead(status).end()))
  })
  await new Promise<void>((done) => collector?.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`, received }
}

describe('startInstruments', () => {
  it('exports requests of a server as OTLP protobuf with the key', async () => {
    const { url, received } = await startCollector(200)
    const instruments = startInstruments({ serviceName: 'nines-sample', ingestUrl: `${url}/`, ingestKey: 'nk_test' })
    const app = fastify()
    observeRequests(app, instruments)
    app.get('/items/:id', () => ({ ok: true }))
    app.get('/readyz', (_, reply) => reply.code(503).send({}))
    expect((await app.inject('/readyz')).statusCode).toBe(503)
    expect((await app.inject('/items/7')).statusCode).toBe(200)
    expect((await app.inject('/no-such-page')).statusCode).toBe(404)
    instruments.observableGauge('nines.sample.depth', {}, () => [{ value: 3, attributes: { queue: 'mail' } }])
    await instruments.shutdown()
    await app.close()

    expect(received).toHaveLength(1)
    const [request] = received
    expect(request).toMatchObject({
      path: '/v1/metrics',
      key: 'Bearer nk_test',
      contentType: 'application/x-protobuf',
    })
    for (const text of ['nines-sample', 'nines.http.server.requests', 'nines.http.server.duration', '/items/:id'])
      expect(request?.body).toContain(text)
    for (const text of ['unmatched', '4xx', 'nines.sample.depth', 'mail', 'service.instance.id'])
      expect(request?.body).toContain(text)
    expect(request?.body).not.toContain('/items/7')
    expect(request?.body).not.toContain('readyz')
  })

  it('keeps apps of one process apart: each exports under its own service name', async () => {
    const { url, received } = await startCollector(200)
    const settings = { ingestUrl: url, ingestKey: 'nk_test' }
    const first = startInstruments({ ...settings, serviceName: 'nines-first' })
    const second = startInstruments({ ...settings, serviceName: 'nines-second' })
    first.counter('nines.sample.of_first').add(1)
    second.counter('nines.sample.of_second').add(1)
    await Promise.all([first.shutdown(), second.shutdown()])
    const bodyOf = (name: string) => received.find((request) => request.body.includes(name))?.body ?? ''
    expect(bodyOf('nines-first')).toContain('nines.sample.of_first')
    expect(bodyOf('nines-first')).not.toContain('nines.sample.of_second')
    expect(bodyOf('nines-second')).toContain('nines.sample.of_second')
  })

  it('warns once of exports that fail and goes on', async () => {
    const { url, received } = await startCollector(400)
    const warnings: string[] = []
    const instruments = startInstruments({
      serviceName: 'nines-sample',
      ingestUrl: url,
      ingestKey: 'nk_test',
      exportIntervalMs: 30,
      onExportFailure: (reason) => warnings.push(reason),
      failureGraceMs: 0,
    })
    instruments.counter('nines.sample.events').add(1)
    await expect.poll(() => received.length, { timeout: 5000 }).toBeGreaterThan(3)
    await instruments.shutdown()
    expect(warnings).toHaveLength(1)
  })

  it('gives up at once on an ingest that is gone', async () => {
    const { url } = await startCollector(200)
    collector?.close()
    const reasons: string[] = []
    const instruments = startInstruments({
      serviceName: 'nines-sample',
      ingestUrl: url,
      ingestKey: 'nk_test',
      onExportFailure: (reason) => reasons.push(reason),
      failureGraceMs: 0,
    })
    instruments.counter('nines.sample.events').add(1)
    await instruments.shutdown()
    // The reason came before the deadline of the shutdown, which would have hidden it.
    expect(reasons).toEqual([expect.stringContaining('ECONNREFUSED')])
  })

  it('does not wait for an ingest that never answers', { timeout: 10_000 }, async () => {
    const { url } = await startCollector(0)
    const instruments = startInstruments({
      serviceName: 'nines-sample',
      ingestUrl: url,
      ingestKey: 'nk_test',
      onExportFailure: () => undefined,
    })
    instruments.counter('nines.sample.events').add(1)
    await instruments.shutdown()
    await instruments.shutdown()
  })

  it.each([
    ['no key', { ingestUrl: 'http://127.0.0.1:1', ingestKey: undefined }],
    ['no URL', { ingestUrl: undefined, ingestKey: 'nk_test' }],
  ])('measures nothing with %s', async (_, settings) => {
    const instruments = startInstruments({ serviceName: 'nines-sample', ...settings })
    instruments.counter('nines.sample.events').add(1)
    expect(instruments.enabled).toBe(false)
    await instruments.shutdown()
  })
})
