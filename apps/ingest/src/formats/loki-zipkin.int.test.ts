import { gzipSync } from 'node:zlib'
import { useServices } from '@nines/testkit'
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startIngestUnderTest, type IngestUnderTest } from '../ingest-under-test.ts'
import { bytesField, snappyLiterals, varintField } from '../test-fixtures/protobuf.ts'

const services = await useServices()
let ingest: IngestUnderTest
beforeAll(async () => {
  ingest = await startIngestUnderTest(services)
})
afterAll(() => ingest.stop())
beforeEach(async () => void (await ingest.appended()))

const rowsOf = async (table: 'logs' | 'spans') =>
  (await ingest.appended()).reduce((sum, { block }) => sum + (block.tables?.get(table)?.rows ?? 0), 0)

describe('Loki push', () => {
  const PATH = '/loki/api/v1/push'
  const push = (...lines: string[]) => ({
    streams: [{ stream: { job: 'shop' }, values: lines.map((line) => [`${Date.now()}000000`, line]) }],
  })
  const entry = (line: string) => {
    const time = bytesField(1, varintField(1, Math.floor(Date.now() / 1_000)))
    return bytesField(2, Buffer.concat([time, bytesField(2, line)]))
  }
  const protobuf = (...lines: string[]) =>
    bytesField(1, Buffer.concat([bytesField(1, '{job="shop"}'), ...lines.map(entry)]))

  test('JSON, plain and gzip: 204 without a body', async () => {
    const [plain, zipped] = ['plain', 'gzip'].map((how) => JSON.stringify(push(`paid ${how}`, 'shipped'))) as [
      string,
      string,
    ]
    for (const [sent, headers] of [[plain, {}] as const, [gzipSync(zipped), { 'content-encoding': 'gzip' }] as const]) {
      const answer = await ingest.post(PATH, sent, headers)
      expect([answer.status, await answer.text()]).toEqual([204, ''])
      expect(await rowsOf('logs')).toBe(2)
    }
  })

  test('protobuf with snappy, as promtail sends it, whether a header names snappy or not', async () => {
    const type = { 'content-type': 'application/x-protobuf' }
    for (const headers of [type, { ...type, 'content-encoding': 'snappy' }]) {
      // Another line each time: the same body again would be taken for a repeated request.
      const lines = ['a', 'b', Object.keys(headers).join()]
      expect((await ingest.post(PATH, snappyLiterals(protobuf(...lines)), headers)).status).toBe(204)
      expect(await rowsOf('logs')).toBe(3)
    }
  })

  test('the key as the password of basic authentication', async () => {
    const authorization = `Basic ${Buffer.from(`nines:${ingest.key}`).toString('base64')}`
    expect((await ingest.post(PATH, JSON.stringify(push('x')), { authorization })).status).toBe(204)
  })

  test('entries that cannot be kept are 400 with the reason; the rest is kept', async () => {
    const body = push('kept')
    body.streams[0]!.values.push(['1', 'too old'])
    const answer = await ingest.post(PATH, JSON.stringify(body))
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('older than 400 days')])
    expect(await rowsOf('logs')).toBe(1)
  })

  test('what is no push is 400, other types are 415, both in plain text', async () => {
    const bad = await ingest.post(PATH, '{"streams": 7}')
    expect([bad.status, await bad.text()]).toEqual([400, expect.stringContaining('streams')])
    const type = await ingest.post(PATH, 'x', { 'content-type': 'text/csv' })
    expect([type.status, type.headers.get('content-type')]).toEqual([415, 'text/plain; charset=utf-8'])
  })
})

describe('Zipkin', () => {
  const PATH = '/api/v2/spans'
  const span = (id: string) => ({
    traceId: '5af7183fb1d4cf5f',
    id,
    name: 'get',
    timestamp: Date.now() * 1_000,
    duration: 1_000,
    localEndpoint: { serviceName: 'shop' },
  })

  test('spans are 202', async () => {
    const answer = await ingest.post(PATH, JSON.stringify([span('352bff9a74ca9ad2'), span('352bff9a74ca9ad3')]))
    expect([answer.status, await answer.text()]).toEqual([202, ''])
    expect(await rowsOf('spans')).toBe(2)
  })

  test('what are no spans is 400 in plain text', async () => {
    const answer = await ingest.post(PATH, '{"not": "a list"}')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8'])
  })

  test('OpenTelemetry’s Zipkin exporter', async () => {
    const exporter = new ZipkinExporter({
      url: `${ingest.app.url}${PATH}`,
      headers: { authorization: `Bearer ${ingest.key}` },
    })
    const resource = resourceFromAttributes({ 'service.name': 'shop' })
    const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] })
    provider.getTracer('checkout').startSpan('pay').end()
    await provider.forceFlush()
    await provider.shutdown()
    await expect.poll(() => rowsOf('spans')).toBe(1)
  })
})
