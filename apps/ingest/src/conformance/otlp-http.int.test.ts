import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { useServices, type TcpGate } from '@nines/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ingestConfig } from '../ingest-config.ts'
import { makeKey, type IngestUnderTest } from '../ingest-under-test.ts'
import {
  ENCODINGS,
  jsonRequest,
  jsonRow,
  otlpRequest,
  partialSuccessOf,
  REJECTED,
  SIGNALS,
  statusOf,
  takenRows,
  timeOf,
  TYPES,
} from '../test-fixtures/otlp-requests.ts'
import { bytesField, doubleField, fixed64Field } from '../test-fixtures/protobuf.ts'
import { startGatedIngest, type GatedIngest } from '../test-fixtures/gated-ingest.ts'
import { setTelemetry } from '../test-fixtures/set-telemetry.ts'

/** What OTLP's specification (docs/specification.md of opentelemetry-proto, section OTLP/HTTP) asks of a server. */
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

const WAYS = SIGNALS.flatMap((signal) => ENCODINGS.map((encoding) => ({ signal, encoding })))
type Way = (typeof WAYS)[number]

interface Answer {
  status: number
  type: string | null
  headers: Headers
  body: Buffer
}
async function send({ signal, encoding }: Way, body: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const sent = { 'content-type': TYPES[encoding], ...headers }
  const response = await ingest.post(`/v1/${signal}`, new Uint8Array(body), sent)
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    body: Buffer.from(await response.arrayBuffer()),
  }
}
const nothing = (encoding: Way['encoding']) => Buffer.from(encoding === 'json' ? '{}' : '')
/** Bytes that are no message of the encoding. */
const garbage = (encoding: Way['encoding']) =>
  Buffer.from(encoding === 'json' ? '{"resourceSpans": [' : '\n\u007fshort')

describe.each(WAYS)('OTLP/HTTP, $signal in $encoding', (way) => {
  const { signal, encoding } = way
  const request = (...rows: Parameters<typeof otlpRequest>[2]) => otlpRequest(signal, encoding, rows)

  test('Protocol Details: the server MUST support no compression and gzip', async () => {
    expect((await send(way, request('good'))).status).toBe(200)
    for (const name of ['gzip', 'GZIP'])
      expect((await send(way, gzipSync(request('good')), { 'content-encoding': name })).status).toBe(200)
    for (const name of ['identity', 'none'])
      expect((await send(way, request('good'), { 'content-encoding': name })).status).toBe(200)
    expect(await takenRows(ingest, signal)).toBe(5)
  })

  test('OTLP/HTTP Request: it is taken by POST at the default path of its signal', async () => {
    expect((await send(way, request('good', 'good'))).status).toBe(200)
    expect(await takenRows(ingest, signal)).toBe(2)
  })

  test('OTLP/HTTP Response: on full success the server MUST answer 200 with the Export response and MUST leave partial_success unset', async () => {
    const { status, body } = await send(way, request('good'))
    expect([status, partialSuccessOf(signal, encoding, body)]).toEqual([200, undefined])
    expect(body).toEqual(nothing(encoding))
  })

  test('OTLP/HTTP Response: an empty request SHOULD succeed, and so do empty envelopes', async () => {
    const envelope = otlpRequest(signal, encoding, [])
    for (const empty of [nothing(encoding), envelope]) {
      const { status, body } = await send(way, empty)
      expect([status, body]).toEqual([200, nothing(encoding)])
    }
    expect(await takenRows(ingest, signal)).toBe(0)
  })

  test('OTLP/HTTP Response: on partial success the server MUST answer 200, MUST set partial_success and its count of rejected rows, and SHOULD say why', async () => {
    const { status, body } = await send(way, request('good', 'old', 'old'))
    expect([status, partialSuccessOf(signal, encoding, body)]).toEqual([
      200,
      { [REJECTED[signal]]: '2', errorMessage: expect.stringMatching(/is older than 400 days \(\d \w+\)$/) },
    ])
    expect(await takenRows(ingest, signal)).toBe(1)
  })

  test('OTLP/HTTP Response: where nothing is left it is a partial success all the same', async () => {
    const { status, body } = await send(way, request('old'))
    expect([status, partialSuccessOf(signal, encoding, body)]).toMatchObject([200, { [REJECTED[signal]]: '1' }])
  })

  test('OTLP/HTTP Response: the server MUST use the content type of the request, whatever the outcome', async () => {
    const answers = [
      await send(way, request('good')),
      await send(way, request('old')),
      await send(way, garbage(encoding)),
      await send(way, request('good'), { authorization: 'Bearer nk_wrong' }),
      await send(way, request('good'), { 'content-encoding': 'br' }),
      await send(way, Buffer.alloc(MAX_BODY + 1)),
      await send(way, request('good'), { 'content-type': `${TYPES[encoding].toUpperCase()}; charset=utf-8` }),
    ]
    expect(answers.map(({ status, type }) => [status, type])).toEqual(
      [200, 200, 400, 401, 415, 413, 200].map((status) => [status, TYPES[encoding]]),
    )
  })

  test('Failures: the body of every 4xx and 5xx MUST be a Status, whose message SHOULD tell the developer why', async () => {
    const { secret: readOnly } = await makeKey(ingest, ['read'])
    const path = (suffix: string) => ({ ...way, signal: `${signal}${suffix}` as typeof signal })
    const answers: [number, number, RegExp, Answer][] = [
      [400, 3, /JSON|malformed/, await send(way, garbage(encoding))],
      [401, 16, /unknown or was revoked/, await send(way, request('good'), { authorization: 'Bearer nk_wrong' })],
      [403, 7, /scope "ingest"/, await send(way, request('good'), { authorization: `Bearer ${readOnly}` })],
      [404, 5, /there is no POST/, await send(path('/nothing'), request('good'))],
      [413, 8, /100000 bytes/, await send(way, Buffer.alloc(MAX_BODY + 1))],
      [415, 3, /content encoding must be/, await send(way, request('good'), { 'content-encoding': 'br' })],
    ]
    for (const [status, code, message, answer] of answers) {
      expect([answer.status, answer.type]).toEqual([status, TYPES[encoding]])
      const told = statusOf(encoding, answer.body)
      expect(told.code).toBe(code)
      expect(told.message).toMatch(message)
    }
    const got = await fetch(`${ingest.app.url}/v1/${signal}`, {
      headers: { 'content-type': TYPES[encoding], 'x-nines-key': ingest.key },
    })
    expect([got.status, statusOf(encoding, Buffer.from(await got.arrayBuffer())).code]).toEqual([405, 12])
  })

  test('Bad Data: what cannot be decoded MUST be 400, and nothing of it is kept', async () => {
    const whole = request('good', 'good')
    for (const bad of [garbage(encoding), whole.subarray(0, whole.length - 3)])
      expect((await send(way, bad)).status).toBe(400)
    expect((await send(way, request('good'), { 'content-encoding': 'gzip' })).status).toBe(400)
    expect(await takenRows(ingest, signal)).toBe(0)
  })

  test('Bad Data: the details of the Status SHOULD hold a BadRequest', async () => {
    const { body } = await send(way, garbage(encoding))
    const type = 'type.googleapis.com/google.rpc.BadRequest'
    if (encoding === 'json') {
      const { message, details } = JSON.parse(body.toString()) as { message: string; details: unknown }
      expect(details).toEqual([{ '@type': type, fieldViolations: [{ field: '', description: message }] }])
    } else expect(body.toString('latin1')).toContain(type)
  })

  test('OTLP/HTTP Request: the server MUST limit the body, also after decompression, and MUST answer 413 beyond the limit', async () => {
    // Blanks are nothing in JSON; in protobuf an unknown field of this length is.
    const padding = (bytes: number) =>
      encoding === 'json'
        ? Buffer.concat([Buffer.from('{}'), Buffer.alloc(bytes - 2, ' ')])
        : Buffer.concat([Buffer.from([0x7a, ...varint(bytes - 4)]), Buffer.alloc(bytes - 4)])
    for (const zip of [false, true]) {
      const sendPadded = (bytes: number) =>
        zip ? send(way, gzipSync(padding(bytes)), { 'content-encoding': 'gzip' }) : send(way, padding(bytes))
      expect((await sendPadded(MAX_BODY)).status).toBe(200)
      const { status, headers } = await sendPadded(MAX_BODY + 1)
      // Without Retry-After: it will never fit.
      expect([status, headers.get('retry-after')]).toEqual([413, null])
    }
  })

  test('OTLP/HTTP Response: the server MUST limit the size of its response, however long what it names is', async () => {
    await setTelemetry(ingest, {})
    const name = '\u0001ü"\\'.repeat(100)
    const item = (i: number) =>
      signal === 'metrics'
        ? { ...jsonRow(signal, timeOf('old')), name: `${i}${name}` }
        : jsonRow(signal, timeOf('old'), { name: `${i}${name}` })
    const body = jsonRequest(
      signal,
      Array.from({ length: 30 }, (_, i) => item(i)),
    )
    const answer = await send({ signal, encoding: 'json' }, body)
    expect(partialSuccessOf(signal, 'json', answer.body)).toMatchObject({ [REJECTED[signal]]: '30' })
    expect(answer.body.length).toBeLessThan(20_000)
    expect((await send(way, Buffer.alloc(MAX_BODY, '"'))).body.length).toBeLessThan(20_000)
  })

  test('Retryable Response Codes: what the server cannot take for now SHOULD be 503 with Retry-After, and is taken when it is sent again', async () => {
    const body = request('good')
    redis.shut()
    const { status, type, headers, body: told } = await send(way, body)
    redis.open()
    expect([status, type, Number(headers.get('retry-after')) > 0]).toEqual([503, TYPES[encoding], true])
    expect(statusOf(encoding, told)).toMatchObject({ code: 14, message: expect.stringContaining('appending a block') })
    await expect.poll(async () => (await send(way, body)).status, PATIENCE).toBe(200)
    expect(await takenRows(ingest, signal)).toBe(1)
  })
})

describe.each(WAYS)('OTLP/HTTP, $signal in $encoding, above the rate', (way) => {
  test('OTLP/HTTP Throttling: more than the client is allowed SHOULD be 429, with Retry-After', async () => {
    const { signal, encoding } = way
    await setTelemetry(ingest, { samplesPerSecond: 1, logsPerSecond: 1, spansPerSecond: 1 })
    const ten = () => otlpRequest(signal, encoding, Array(10).fill('good'))
    await expect.poll(async () => (await send(way, ten())).status, PATIENCE).toBe(429)
    const { status, type, headers, body } = await send(way, ten())
    expect([status, type, Number(headers.get('retry-after')) > 0]).toEqual([429, TYPES[encoding], true])
    expect(statusOf(encoding, body)).toMatchObject({ code: 8, message: expect.stringContaining('a second') })
    await setTelemetry(ingest, {})
    await expect.poll(async () => (await send(way, ten())).status, PATIENCE).toBe(200)
  })
})

describe('OTLP/HTTP Connection and Default Port', () => {
  test('the server SHOULD take both encodings and all signals on one port, told apart by the content type', async () => {
    // A body of one encoding under the type of the other is bad data, so the type decides.
    for (const { signal, encoding } of WAYS) {
      const other = encoding === 'json' ? 'protobuf' : 'json'
      expect((await send({ signal, encoding }, otlpRequest(signal, encoding, ['good']))).status).toBe(200)
      expect((await send({ signal, encoding: other }, otlpRequest(signal, encoding, ['good']))).status).toBe(400)
    }
    expect((await send(WAYS[0]!, Buffer.alloc(0), { 'content-type': 'application/octet-stream' })).status).toBe(415)
  })

  test('the ports are 4318 for HTTP and 4317 for gRPC, the limit of a body is 64 MiB and SHOULD be configurable', () => {
    const stores = { DATABASE_URL: services.databaseUrl, REDIS_URL: services.redisUrl }
    const read = (more: object) => ingestConfig.parse({ ...stores, ...more })
    expect(read({})).toMatchObject({
      NINES_INGEST_PORT: 4318,
      NINES_INGEST_GRPC_PORT: 4317,
      NINES_INGEST_MAX_BODY_BYTES: 64 * 1024 * 1024,
    })
    expect(read({ NINES_INGEST_MAX_BODY_BYTES: '1000' }).NINES_INGEST_MAX_BODY_BYTES).toBe(1_000)
  })

  test('OTLP/HTTP Concurrent Requests: parallel connections are served', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => {
        const way = WAYS[i % WAYS.length]!
        return send(way, otlpRequest(way.signal, way.encoding, ['good']))
      }),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200))
  })

  test('the connection SHOULD be kept alive between requests, also after a refusal', async () => {
    const socket = connect(Number(new URL(ingest.app.url).port), '127.0.0.1')
    const statuses: string[] = []
    for (const body of ['{}', '{', '{}']) {
      const head = `POST /v1/logs HTTP/1.1\r\nhost: x\r\nx-nines-key: ${ingest.key}\r\ncontent-type: application/json\r\n`
      socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      statuses.push(answer.toString().split(' ')[1]!)
    }
    socket.destroy()
    expect(statuses).toEqual(['200', '400', '200'])
  })
})

describe('OTLP/HTTP Response, Partial Success', () => {
  test.each(ENCODINGS)('a warning MUST have a count of 0 and an error message: %s', async (encoding) => {
    const exemplars = [{ timeUnixNano: String(timeOf('old')), asDouble: 1 }]
    const json = jsonRequest('metrics', [jsonRow('metrics', timeOf('good'), { exemplars })])
    // data_points { time, value, exemplars = 5 { time = 2, as_double = 3 } }
    const exemplar = bytesField(5, Buffer.concat([fixed64Field(2, timeOf('old')), doubleField(3, 1)]))
    const point = Buffer.concat([fixed64Field(3, timeOf('good')), doubleField(4, 1), exemplar])
    const metric = Buffer.concat([bytesField(1, 'g'), bytesField(5, bytesField(1, point))])
    const protobuf = bytesField(1, bytesField(2, bytesField(2, metric)))
    const { status, body } = await send({ signal: 'metrics', encoding }, encoding === 'json' ? json : protobuf)
    expect([status, partialSuccessOf('metrics', encoding, body)]).toEqual([
      200,
      { rejectedDataPoints: '0', errorMessage: expect.stringContaining('an exemplar') },
    ])
    expect(await takenRows(ingest, 'metrics')).toBe(1)
  })
})

describe('Failures: the body of every 4xx and 5xx MUST be a Status', () => {
  /** What the server says to bytes, until it closes the connection. */
  const answerTo = async (text: string) => {
    const socket = connect(Number(new URL(ingest.app.url).port), '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk)).write(text)
    await once(socket, 'close')
    const [head, body] = Buffer.concat(chunks).toString().split('\r\n\r\n') as [string, string]
    return { head, body: JSON.parse(body) as object }
  }

  test('also of a request that is no HTTP', async () => {
    const { head, body } = await answerTo('GOOD DAY\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*content-type: application\/json/i)
    expect(body).toEqual({ code: 3, message: expect.stringContaining('not HTTP') })
  })

  test('also of one whose headers are too large', async () => {
    const { head, body } = await answerTo(`POST /v1/logs HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(100_000)}\r\n\r\n`)
    expect(head).toMatch(/^HTTP\/1\.1 431 /)
    expect(body).toEqual({ code: 8, message: expect.stringContaining('headers') })
  })
})

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}
