import { useServices, type TcpGate } from '@nines/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeKey, type IngestUnderTest } from '../ingest-under-test.ts'
import { snappyLiterals } from '../test-fixtures/protobuf.ts'
import {
  REMOTE_WRITE_TYPES as TYPES,
  remoteWriteRequest,
  type RemoteSeries,
  type RemoteWriteVersion,
} from '../test-fixtures/remote-write-requests.ts'
import { startGatedIngest, type GatedIngest } from '../test-fixtures/gated-ingest.ts'
import { setTelemetry } from '../test-fixtures/set-telemetry.ts'

/**
 * What the specifications of remote write (https://prometheus.io/docs/specs/prw/) ask of a receiver over HTTP; what they
 * ask of it about the content of messages is in packages/wire/src/remote-write/remote-write-rules.test.ts.
 */
const services = await useServices()
const MAX_BODY = 100_000
/** A change of settings is announced, and a machine may be busy. */
const PATIENCE = { timeout: 10_000 }
let gated: GatedIngest
let redis: TcpGate
let ingest: IngestUnderTest
beforeAll(async () => {
  gated = await startGatedIngest(services, MAX_BODY)
  ;({ ingest, redis } = gated)
})
afterAll(async () => {
  await gated.stop()
})
beforeEach(async () => void (await ingest.appended()))

let names = 0
const named = (more: Partial<RemoteSeries>): RemoteSeries => ({ labels: [['__name__', `m${++names}`]], ...more })
/** One of each: a sample, a histogram and an exemplar, each of now. */
const all = () => [
  named({ samples: [{ value: 1 }, { value: 2 }], exemplars: [{ value: 1 }] }),
  named({ histograms: [{ value: 3 }] }),
]

interface Answer {
  status: number
  text: string
  headers: Headers
  /** Samples, histograms and exemplars that the headers say were written; null for a header that is missing. */
  written: (string | null)[]
}
async function post(body: Buffer, headers: Record<string, string>): Promise<Answer> {
  const response = await ingest.post('/api/v1/write', new Uint8Array(body), {
    'content-encoding': 'snappy',
    ...headers,
  })
  return {
    status: response.status,
    text: await response.text(),
    headers: response.headers,
    written: ['samples', 'histograms', 'exemplars'].map((what) =>
      response.headers.get(`x-prometheus-remote-write-${what}-written`),
    ),
  }
}
/** Samples, histograms and exemplars that were appended since the last call. */
async function taken(): Promise<number[]> {
  const blocks = (await ingest.appended()).map((entry) => entry.block)
  const count = (table: 'samples' | 'exponential_histograms' | 'exemplars') =>
    blocks.reduce((sum, block) => sum + (block.tables?.get(table)?.rows ?? 0), 0)
  return [count('samples'), count('exponential_histograms'), count('exemplars')]
}

describe.each<RemoteWriteVersion>(['1.0', '2.0'])('remote write %s', (version) => {
  const send = (series: readonly RemoteSeries[], headers: Record<string, string> = {}) =>
    post(snappyLiterals(remoteWriteRequest(version, series)), { 'content-type': TYPES[version], ...headers })
  /** Version 1.0 has no such headers. */
  const counts = (...written: number[]) => (version === '1.0' ? [null, null, null] : written.map(String))

  test('Response: all written MUST be 2xx; the status SHOULD be 204 and the body empty', async () => {
    const { status, text } = await send(all())
    expect([status, text]).toEqual([204, ''])
    expect(await taken()).toEqual([2, 1, 1])
  })

  test('Protocol: the block format of snappy MUST be used, the framed format MUST NOT', async () => {
    const body = remoteWriteRequest(version, all())
    const chunk = Buffer.concat([Buffer.from([0x01, body.length + 4, 0, 0, 0, 0, 0, 0]), body])
    const framed = Buffer.concat([Buffer.from([0xff, 6, 0, 0]), Buffer.from('sNaPpY'), chunk])
    for (const bad of [framed, body, Buffer.alloc(0)])
      expect((await post(bad, { 'content-type': TYPES[version] })).status).toBe(400)
    expect(await taken()).toEqual([0, 0, 0])
  })

  test('Content-Type and Content-Encoding follow RFC 9110: case, blanks and quotes mean nothing', async () => {
    const type =
      version === '1.0'
        ? 'Application/X-Protobuf ; Proto="prometheus.WriteRequest"'
        : 'Application/X-Protobuf ; charset=utf-8; Proto="io.prometheus.write.v2.Request"'
    expect((await send(all(), { 'content-type': type, 'content-encoding': 'Snappy' })).status).toBe(204)
    expect(await taken()).toEqual([2, 1, 1])
  })

  test('Response: no 2xx MUST be returned if any sample, histogram or exemplar was not written, but 400; valid ones MAY be written', async () => {
    const old = { value: 9, at: 1_000 }
    const cases: [RemoteSeries[], number[], RegExp][] = [
      [[...all(), named({ samples: [old] })], [2, 1, 1], /older than 400 days \(1 sample\)/],
      [[...all(), named({ histograms: [old] })], [2, 1, 1], /older than 400 days \(1 histogram\)/],
      [
        [...all(), named({ samples: [{ value: 3 }], exemplars: [old] })],
        [3, 1, 1],
        /older than 400 days \(1 exemplar\)/,
      ],
      [[named({ samples: [old, old] })], [0, 0, 0], /older than 400 days \(2 samples\)/],
    ]
    for (const [series, counted, reason] of cases) {
      const { status, text, written } = await send(series)
      expect([status, written]).toEqual([400, counts(...counted)])
      // MUST be readable for people, and SHOULD say how many were rejected and why.
      expect(text).toMatch(reason)
      expect(await taken()).toEqual(counted)
    }
  })

  test('Retries: what will never succeed MUST be 4xx other than 429', async () => {
    const { secret } = await makeKey(ingest, ['read'])
    const bomb = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(100)])
    const answers = [
      await post(snappyLiterals(Buffer.from('no protobuf')), { 'content-type': TYPES[version] }),
      await send(all(), { authorization: 'Bearer nk_wrong' }),
      await send(all(), { authorization: `Bearer ${secret}` }),
      await post(bomb, { 'content-type': TYPES[version] }),
      await post(Buffer.alloc(MAX_BODY + 1), { 'content-type': TYPES[version] }),
      await send(all(), { 'content-encoding': 'gzip' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 401, 403, 413, 413, 415])
    for (const { text, written, headers } of answers) {
      expect(text).toMatch(/^[a-z].*\n$/)
      expect([written, headers.get('retry-after')]).toEqual([counts(0, 0, 0), null])
    }
    expect(await taken()).toEqual([0, 0, 0])
  })

  test('Retries: what fails here and SHOULD be sent again MUST be 5xx, and the same request sent again is written once', async () => {
    const series = all()
    const body = snappyLiterals(remoteWriteRequest(version, series))
    const sendAgain = () => post(body, { 'content-type': TYPES[version] })
    redis.shut()
    const { status, written, headers } = await sendAgain()
    redis.open()
    expect([status, written, Number(headers.get('retry-after')) > 0]).toEqual([503, counts(0, 0, 0), true])
    await expect.poll(async () => (await sendAgain()).status, PATIENCE).toBe(204)
    // As if the answer had been lost: idempotent, with the same answer.
    const { status: again, written: same } = await sendAgain()
    expect([again, same]).toEqual([204, counts(2, 1, 1)])
    expect(await taken()).toEqual([2, 1, 1])
  })

  test('Retries: above the rate it MAY be 429 with Retry-After', async () => {
    await setTelemetry(ingest, { samplesPerSecond: 1 })
    const ten = () => send([named({ samples: Array.from({ length: 10 }, (_, value) => ({ value })) })])
    await expect.poll(async () => (await ten()).status, PATIENCE).toBe(429)
    const { headers, written } = await ten()
    expect([Number(headers.get('retry-after')) > 0, written]).toEqual([true, counts(0, 0, 0)])
    await setTelemetry(ingest, {})
    await expect.poll(async () => (await ten()).status, PATIENCE).toBe(204)
  })

  test('Compatibility: any minor version MUST be readable: unknown fields and version headers change nothing', async () => {
    for (const name of ['0.1.0', '2.0.0', '2.9.0'])
      expect((await send(all(), { 'x-prometheus-remote-write-version': name })).status).toBe(204)
    expect(await taken()).toEqual([6, 3, 3])
  })

  test('Ordering: senders MUST keep to the order of time; one that does not loses nothing', async () => {
    const now = Date.now()
    const series = named({ samples: [2, 1, 3].map((value) => ({ value, at: now - 1_000 + value })) })
    expect((await send([series])).status).toBe(204)
    expect(await taken()).toEqual([3, 0, 0])
  })

  test('Labels: values, in 2.0 names too, MAY be any UTF-8; values of samples and exemplars any float64', async () => {
    const labels: RemoteSeries['labels'] = [
      ['__name__', 'resource cpu.usage ü'],
      ['job name', 'a\nb\n'],
      ['trace.測試', '"\\{}'],
    ]
    for (const value of [NaN, Infinity, -Infinity, -0, Number.MIN_VALUE])
      expect((await send([{ labels, samples: [{ value }], exemplars: [{ value }] }])).status).toBe(204)
    const entries = await ingest.appended()
    expect(entries.flatMap(({ block }) => [...block.samples.value])).toEqual([NaN, Infinity, -Infinity, -0, 5e-324])
    const expected = { metric: 'resource cpu.usage ü', labels: Object.fromEntries(labels.slice(1)) }
    // The second version finds the series that the first announced.
    if (version === '1.0') expect(entries.flatMap(({ block }) => block.series)).toMatchObject([expected])
  })

  test('a request without series is written', async () => {
    const { status, written } = await send([])
    expect([status, written]).toEqual([204, counts(0, 0, 0)])
  })
})

describe('remote write 2.0', () => {
  const send = (series: readonly RemoteSeries[], type: string = TYPES['2.0']) =>
    post(snappyLiterals(remoteWriteRequest('2.0', series)), { 'content-type': type })

  test('Required Written Response Headers: with success and failure each MUST be sent, a single integer, precise', async () => {
    expect((await send(all())).written).toEqual(['2', '1', '1'])
    expect((await send([named({ samples: [{ value: 1 }] })])).written).toEqual(['1', '0', '0'])
    // Known series take another way.
    const series = all()
    expect((await send(series)).written).toEqual(['2', '1', '1'])
    expect((await send(series)).written).toEqual(['2', '1', '1'])
    expect((await send([...series, named({ samples: [{ value: 1, at: 5 }] })])).written).toEqual(['2', '1', '1'])
  })

  test('Content-Type: receivers MUST choose the message by it: without a parameter it is 1.0, in which 2.0 is empty', async () => {
    expect((await send(all(), 'application/x-protobuf')).status).toBe(204)
    expect(await taken()).toEqual([0, 0, 0])
    const body = snappyLiterals(remoteWriteRequest('1.0', all()))
    const { status, written } = await post(body, { 'content-type': TYPES['2.0'] })
    expect([status, written]).toEqual([204, ['0', '0', '0']])
    expect(await taken()).toEqual([0, 0, 0])
  })

  test.each([
    ['application/json', 'snappy'],
    ['application/x-protobuf;proto=io.prometheus.write.v3.Request', 'snappy'],
    ['', 'snappy'],
    [TYPES['2.0'], 'gzip'],
    [TYPES['2.0'], 'identity'],
    [TYPES['2.0'], 'zstd'],
  ])('Unsupported Request Content: content type %j with encoding %s MUST be 415', async (type, encoding) => {
    const body = snappyLiterals(remoteWriteRequest('2.0', all()))
    expect((await post(body, { 'content-type': type, 'content-encoding': encoding })).status).toBe(415)
    expect(await taken()).toEqual([0, 0, 0])
  })

  test('a TimeSeries without samples and histograms: exemplars alone are written, metadata alone is no fault', async () => {
    const { status, written } = await send([named({ exemplars: [{ value: 1 }] }), named({})])
    expect([status, written]).toEqual([204, ['0', '0', '1']])
  })

  test('a TimeSeries MUST NOT hold both samples and histograms; of one that does each is written', async () => {
    const { status, written } = await send([named({ samples: [{ value: 1 }], histograms: [{ value: 1 }] })])
    expect([status, written]).toEqual([204, ['1', '1', '0']])
  })
})
