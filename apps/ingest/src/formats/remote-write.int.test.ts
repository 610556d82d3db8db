import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startIngestUnderTest, type IngestUnderTest } from '../ingest-under-test.ts'
import { bytesField, doubleField, snappyLiterals, varintField } from '../test-fixtures/protobuf.ts'
import { setTelemetry } from '../test-fixtures/set-telemetry.ts'

const services = await useServices()
let ingest: IngestUnderTest
beforeAll(async () => {
  ingest = await startIngestUnderTest(services)
})
afterAll(() => ingest.stop())
beforeEach(async () => void (await ingest.appended()))

const V1 = 'application/x-protobuf;proto=prometheus.WriteRequest'
const V2 = 'application/x-protobuf;proto=io.prometheus.write.v2.Request'
const send = (body: Buffer, headers: Record<string, string> = {}) =>
  ingest.post('/api/v1/write', snappyLiterals(body), {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    ...headers,
  })
const label = (name: string, value: string) => bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, value)]))
/** A WriteRequest of version 1.0 with one series. */
const request1 = (name: string, values: number[], at = Date.now()) =>
  bytesField(
    1,
    Buffer.concat([
      label('__name__', name),
      label('job', 'shop'),
      ...values.map((value) => bytesField(2, Buffer.concat([doubleField(1, value), varintField(2, at)]))),
    ]),
  )
/** A Request of version 2.0 with one series for each name. */
const request2 = (names: string[], value: number, at = Date.now()) => {
  const symbols = ['', '__name__', ...names]
  const series = names.map((_, i) =>
    bytesField(
      5,
      Buffer.concat([
        bytesField(1, Buffer.from([1, 2 + i])),
        bytesField(2, Buffer.concat([doubleField(1, value), varintField(2, at)])),
      ]),
    ),
  )
  return Buffer.concat([...symbols.map((symbol) => bytesField(4, symbol)), ...series])
}
const values = async () => (await ingest.appended()).flatMap((e) => [...e.block.samples.value])
const written = (answer: Response) =>
  ['samples', 'histograms', 'exemplars'].map((what) => answer.headers.get(`x-prometheus-remote-write-${what}-written`))

describe('remote write 1.0', () => {
  test('success is 204 without a body, and the samples are in the stream by then', async () => {
    for (const contentType of ['application/x-protobuf', V1]) {
      const answer = await send(request1('up', [1, 2]), { 'content-type': contentType })
      expect([answer.status, await answer.text()]).toEqual([204, ''])
      expect(await values()).toEqual([1, 2])
    }
  })

  test('series that are known are read as before: fast or slow is the same', async () => {
    await send(request1('steady', [1]))
    const [first] = await ingest.appended()
    for (const value of [2, 3]) expect((await send(request1('steady', [value]))).status).toBe(204)
    const later = await ingest.appended()
    expect(later.flatMap((e) => [...e.block.samples.value])).toEqual([2, 3])
    expect(later.flatMap((e) => e.block.series)).toEqual([])
    for (const { block } of later) expect(block.samples.series[0]).toBe(first!.block.samples.series[0])
  })

  test('a stale marker is kept bit for bit', async () => {
    const stale = Buffer.from('7ff0000000000002', 'hex').reverse()
    const body = request1('ending', [5])
    body.set(stale, body.indexOf(Buffer.from('0000000000001440', 'hex')))
    expect((await send(body)).status).toBe(204)
    const [entry] = await ingest.appended()
    const bits = new BigUint64Array(new Float64Array(entry!.block.samples.value).buffer)
    expect(bits[0]).toBe(0x7ff0000000000002n)
  })

  test('samples that cannot be kept are 400 with the reason; the rest is kept and not to be sent again', async () => {
    const answer = await send(Buffer.concat([request1('old', [1], 1_000), request1('new', [2])]))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8'])
    expect(await answer.text()).toMatch(/"old": a point is older than 400 days/)
    expect(await values()).toEqual([2])
  })

  test('bytes that are not snappy, or not protobuf within, are 400', async () => {
    const plain = await ingest.post('/api/v1/write', request1('x', [1]), { 'content-type': 'application/x-protobuf' })
    expect([plain.status, await plain.text()]).toEqual([400, expect.stringContaining('snappy')])
    expect((await send(Buffer.from('no protobuf'))).status).toBe(400)
    expect(await values()).toEqual([])
  })
})

describe('remote write 2.0', () => {
  test('success is 204 with the headers of what was written', async () => {
    const answer = await send(request2(['a', 'b'], 7), { 'content-type': V2 })
    expect([answer.status, ...written(answer)]).toEqual([204, '2', '0', '0'])
    expect(await values()).toEqual([7, 7])
    expect(written(await send(request2(['a', 'b'], 8), { 'content-type': V2 }))).toEqual(['2', '0', '0'])
  })

  test('a partial write is 400 with the headers of what was written', async () => {
    const answer = await send(request2(['a', ''], 9), { 'content-type': V2 })
    expect([answer.status, ...written(answer)]).toEqual([400, '1', '0', '0'])
    expect(await values()).toEqual([9])
  })

  test('a request that is refused as a whole says that nothing was written', async () => {
    const answer = await send(Buffer.from('no protobuf'), { 'content-type': V2 })
    expect([answer.status, ...written(answer)]).toEqual([400, '0', '0', '0'])
  })
})

describe('both', () => {
  test.each([
    ['application/json', 'snappy'],
    ['application/x-protobuf;proto=prometheus.WriteRequest3', 'snappy'],
    [V1, 'gzip'],
    [V2, 'snappy, gzip'],
  ])('an unsupported content type or encoding is 415 and says what is taken: %s, %s', async (type, encoding) => {
    const answer = await send(request1('x', [1]), { 'content-type': type, 'content-encoding': encoding })
    expect([answer.status, answer.headers.get('accept-encoding')]).toEqual([415, 'snappy'])
    expect(answer.headers.get('accept')).toContain('io.prometheus.write.v2.Request')
  })

  test('a body beyond the limit is 413 before it is decompressed', async () => {
    const bomb = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]), Buffer.alloc(100)])
    const answer = await ingest.post('/api/v1/write', bomb, { 'content-type': V1, 'content-encoding': 'snappy' })
    expect(answer.status).toBe(413)
  })

  test('above the rate it is 429 with Retry-After', async () => {
    await setTelemetry(ingest, { samplesPerSecond: 1 })
    await expect.poll(async () => (await send(request1('x', [1, 2, 3, 4, 5, 6]))).status).toBe(429)
    const answer = await send(request1('x', [1]))
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await answer.text()).toContain('samplesPerSecond')
    await setTelemetry(ingest, {})
    await expect.poll(async () => (await send(request1('x', [1]))).status).toBe(204)
  })
})
