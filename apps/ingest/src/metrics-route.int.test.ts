import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { useServices } from '@nines/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { counterRequest, startIngestUnderTest, type IngestUnderTest } from './ingest-under-test.ts'
import { gaugeRequest } from './test-fixtures/gauge-request.ts'

const services = await useServices()
let ingest: IngestUnderTest
let probe = 0

beforeAll(async () => {
  ingest = await startIngestUnderTest(services)
})
afterAll(() => ingest.stop())
/** Whatever a test sent, a good request still works and is stored alone. */
afterEach(async () => {
  await ingest.appended()
  const value = ++probe
  expect((await postJson(counterRequest([{ asInt: value }]))).status).toBe(200)
  const entries = await ingest.appended()
  expect(entries.flatMap((e) => [...e.block.samples.value])).toEqual([value])
})

const postJson = (body: unknown, headers: Record<string, string> = {}) =>
  ingest.post('/v1/metrics', JSON.stringify(body), headers)
const PROTOBUF = { 'content-type': 'application/x-protobuf' }
describe('what is accepted', () => {
  test('JSON: rows with their definition, and the answer comes after they are in the stream', async () => {
    const response = await postJson(counterRequest([{ asInt: '41', startTimeUnixNano: '1' }]))
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await response.json()).toEqual({})
    const [entry] = await ingest.appended()
    const labels = { 'service.name': 'shop', 'otel.scope.name': 'lib' }
    expect(entry?.block.series).toEqual([
      expect.objectContaining({ metric: 'requests', kind: 'sum', temporality: 'cumulative', monotonic: true, labels }),
    ])
    expect([...(entry?.block.samples.value ?? [])]).toEqual([41])
    expect(entry?.block.samples.series[0]?.toString()).toBe(entry?.block.series[0]?.id)
  })

  test('protobuf: plain, gzip, zstd and deflate', async () => {
    // A body of the same content would be taken for the same request sent again.
    const bodies = {
      identity: gaugeRequest(1.5),
      gzip: gzipSync(gaugeRequest(2.5)),
      zstd: zstdCompressSync(gaugeRequest(3.5)),
      deflate: deflateSync(gaugeRequest(4.5)),
    }
    for (const [encoding, sent] of Object.entries(bodies)) {
      const response = await ingest.post('/v1/metrics', sent, { ...PROTOBUF, 'content-encoding': encoding })
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-protobuf'])
      expect((await response.arrayBuffer()).byteLength).toBe(0)
    }
    expect((await ingest.appended()).flatMap((e) => [...e.block.samples.value])).toEqual([1.5, 2.5, 3.5, 4.5])
  })

  test('an empty request', async () => {
    expect((await ingest.post('/v1/metrics', null, PROTOBUF)).status).toBe(200)
    expect((await postJson({})).status).toBe(200)
    expect(await ingest.appended()).toEqual([])
  })

  test('unknown JSON fields are ignored', async () => {
    const request = { ...counterRequest([{ asInt: 7, future: { a: [1] } }]), another: true }
    expect(await (await postJson(request)).json()).toEqual({})
    expect((await ingest.appended()).flatMap((e) => [...e.block.samples.value])).toEqual([7])
  })

  test('a request of many megabytes, whole', async () => {
    const pointsFrom = (first: number) =>
      Array.from({ length: 60_000 }, (_, i) => ({ asInt: first + i, attributes: [] }))
    const bodyOf = (first: number) => JSON.stringify(counterRequest(pointsFrom(first)))
    expect(bodyOf(0).length).toBeGreaterThan(3_000_000)
    const plain = await ingest.post('/v1/metrics', bodyOf(0))
    const packed = await ingest.post('/v1/metrics', gzipSync(bodyOf(60_000)), { 'content-encoding': 'gzip' })
    expect([plain.status, packed.status]).toEqual([200, 200])
    const values = (await ingest.appended()).flatMap((e) => [...e.block.samples.value])
    expect(values).toEqual(Array.from({ length: 120_000 }, (_, i) => i))
  })

  test('many requests at once share blocks', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => postJson(counterRequest([{ asInt: i }]))))
    expect(answers.map((a) => a.status)).toEqual(Array(40).fill(200))
    const entries = await ingest.appended()
    const values = entries.flatMap((e) => [...e.block.samples.value])
    expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i))
    expect(entries.length).toBeLessThan(40)
  })
})

describe('what is accepted in part', () => {
  test('NaN and infinite values are rejected and named, the rest is kept', async () => {
    const points = [{ asDouble: 'NaN' }, { asDouble: 5 }, { asDouble: '-Infinity' }, { asDouble: 'Infinity' }]
    const response = await postJson(counterRequest(points))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      partialSuccess: {
        rejectedDataPoints: '3',
        errorMessage: 'metric "requests": a value is NaN (1 point); metric "requests": a value is infinite (2 points)',
      },
    })
    expect((await ingest.appended()).flatMap((e) => [...e.block.samples.value])).toEqual([5])
  })

  test('a request of which nothing is left says so and appends nothing', async () => {
    const response = await postJson(counterRequest([{ asInt: 1, timeUnixNano: '1000000000' }]))
    expect(await response.json()).toMatchObject({
      partialSuccess: { rejectedDataPoints: '1', errorMessage: expect.stringContaining('older than 400 days') },
    })
    expect(await ingest.appended()).toEqual([])
  })
})

describe('what is refused', () => {
  const statusOf = async (response: Response) => {
    expect(response.headers.get('content-type')).toBe('application/json')
    return [response.status, await response.json()] as const
  }

  const badRequest = (field: string, description: unknown) => [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]

  test('malformed JSON and wrong types, naming the field', async () => {
    expect(await statusOf(await ingest.post('/v1/metrics', '{"resourceMetrics": ['))).toEqual([
      400,
      {
        code: 3,
        message: expect.stringContaining('not valid JSON'),
        details: badRequest('', expect.stringContaining('not valid JSON')),
      },
    ])
    const named = counterRequest([{ asInt: 1 }], { aggregationTemporality: 'AGGREGATION_TEMPORALITY_DELTA' })
    const field = 'resourceMetrics[0].scopeMetrics[0].metrics[0].sum.aggregationTemporality'
    const fault = 'must be an integer enum value, not the string "AGGREGATION_TEMPORALITY_DELTA"'
    expect(await statusOf(await postJson(named))).toEqual([
      400,
      { code: 3, message: `OTLP JSON: ${field} ${fault}`, details: badRequest(field, fault) },
    ])
    expect(await ingest.appended()).toEqual([])
  })

  test('a bad point takes back the good ones before it and nobody else’s', async () => {
    const bad = counterRequest([{ asInt: 1 }, { asInt: 'x' }])
    const answers = await Promise.all([postJson(counterRequest([{ asInt: 100 }])), postJson(bad)])
    expect(answers.map((a) => a.status)).toEqual([200, 400])
    expect((await ingest.appended()).flatMap((e) => [...e.block.samples.value])).toEqual([100])
  })

  test('malformed and truncated protobuf, as a Status in protobuf', async () => {
    const whole = gaugeRequest(2.5)
    for (const body of [Buffer.from('this is not protobuf'), whole.subarray(0, whole.length - 3)]) {
      const response = await ingest.post('/v1/metrics', body, PROTOBUF)
      const status = Buffer.from(await response.arrayBuffer())
      expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/x-protobuf'])
      expect([...status.subarray(0, 3)]).toEqual([0x08, 3, 0x12])
      expect(status.toString()).toMatch(/malformed OTLP protobuf at byte \d+ in \w+: /)
    }
    expect(await ingest.appended()).toEqual([])
  })

  test('other content types and encodings, saying which are accepted', async () => {
    expect(await statusOf(await postJson({}, { 'content-type': 'text/plain' }))).toEqual([
      415,
      { code: 3, message: 'the content type must be application/x-protobuf or application/json, not "text/plain"' },
    ])
    expect(await statusOf(await postJson({}, { 'content-encoding': 'br' }))).toEqual([
      415,
      { code: 3, message: 'the content encoding must be gzip, zstd, deflate or identity, not "br"' },
    ])
    const several = await postJson({}, { 'content-encoding': 'gzip, zstd' })
    expect([several.status, several.headers.get('accept-encoding')]).toEqual([415, 'gzip, zstd, deflate, identity'])
  })

  test('what is not gzip although it says so', async () => {
    const whole = gzipSync(JSON.stringify(counterRequest([{ asInt: 3 }])))
    for (const body of [Buffer.from('garbage'), whole.subarray(0, whole.length - 12), Buffer.alloc(0)])
      expect(await statusOf(await ingest.post('/v1/metrics', body, { 'content-encoding': 'gzip' }))).toEqual([
        400,
        {
          code: 3,
          message: expect.stringContaining('not valid gzip'),
          details: badRequest('', expect.stringContaining('not valid gzip')),
        },
      ])
    expect(await ingest.appended()).toEqual([])
  })

  test('a gzip bomb, which is never inflated beyond the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(500 * 1024 * 1024))
    const before = process.memoryUsage().rss
    const answer = await statusOf(await ingest.post('/v1/metrics', bomb, { 'content-encoding': 'gzip' }))
    expect(answer).toEqual([413, { code: 8, message: expect.stringContaining('67108864 bytes after decompression') }])
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024)
  })

  test('100 MB, with a declared length and in chunks', async () => {
    const declared = await ingest.post('/v1/metrics', Buffer.alloc(100_000_000, 32))
    expect(await statusOf(declared)).toEqual([
      413,
      { code: 8, message: expect.stringContaining('larger than 67108864') },
    ])
    let left = 100
    const chunked = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(Buffer.alloc(1_000_000, 32))
        else controller.close()
      },
    })
    expect(await statusOf(await ingest.post('/v1/metrics', chunked))).toEqual([
      413,
      { code: 8, message: expect.stringContaining('larger than 67108864') },
    ])
  })

  test('a path that does not exist, saying which do', async () => {
    expect(await statusOf(await ingest.post('/v1/profiles', '{}'))).toEqual([
      404,
      { code: 5, message: expect.stringMatching(/^there is no POST \/v1\/profiles; .* \/v1\/metrics/) },
    ])
    expect((await ingest.post('/nowhere', '{}')).status).toBe(404)
    const protobuf = await ingest.post('/v1/profiles', Buffer.from([10, 0]), PROTOBUF)
    expect([protobuf.status, protobuf.headers.get('content-type')]).toEqual([404, 'application/x-protobuf'])
  })

  test('a method other than POST, saying so', async () => {
    const response = await fetch(`${ingest.app.url}/v1/metrics`, { headers: { 'x-nines-key': ingest.key } })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await response.json()).toEqual({ code: 12, message: 'this path takes POST, not GET' })
  })
})
