import { Client, compressionAlgorithms, credentials, Metadata, status as codes, type ServiceError } from '@grpc/grpc-js'
import { useServices, type TcpGate } from '@nines/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type IngestUnderTest } from '../ingest-under-test.ts'
import { otlpRequest, partialSuccessOf, REJECTED, SIGNALS, takenRows } from '../test-fixtures/otlp-requests.ts'
import { bytesField, protobufFields } from '../test-fixtures/protobuf.ts'
import { startGatedIngest, type GatedIngest } from '../test-fixtures/gated-ingest.ts'
import { setTelemetry } from '../test-fixtures/set-telemetry.ts'

/** What OTLP's specification (docs/specification.md of opentelemetry-proto, section OTLP/gRPC) asks of a server. */
const services = await useServices()
const MAX_BODY = 100_000
/** A change of settings is announced, and a machine may be busy. */
const PATIENCE = { timeout: 10_000 }
let gated: GatedIngest
let redis: TcpGate
let ingest: IngestUnderTest
let client: Client
let zipping: Client
beforeAll(async () => {
  gated = await startGatedIngest(services, MAX_BODY)
  ;({ ingest, redis } = gated)
  const address = `127.0.0.1:${ingest.app.grpcPort}`
  client = new Client(address, credentials.createInsecure())
  zipping = new Client(address, credentials.createInsecure(), {
    'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
  })
})
afterAll(async () => {
  client.close()
  zipping.close()
  await gated.stop()
})
beforeEach(async () => void (await ingest.appended()))

type Signal = (typeof SIGNALS)[number]
const METHODS: Record<Signal, string> = {
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
}
const OK_EMPTY = { answer: Buffer.alloc(0) }

/** The answer of a call, or the error that it ended with. */
function call(signal: Signal, body: Buffer, from = client): Promise<{ answer?: Buffer; error?: ServiceError }> {
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${ingest.key}`)
  const asIs = (value: Buffer) => value
  return new Promise((resolve) => {
    from.makeUnaryRequest(METHODS[signal], asIs, asIs, body, metadata, (error, answer) =>
      resolve(error ? { error } : { answer: answer ?? Buffer.alloc(0) }),
    )
  })
}

/** Seconds of the google.rpc.RetryInfo among an error's details; undefined when there is none. */
function retrySeconds(error: ServiceError | undefined): number | undefined {
  const details = error?.metadata.get('grpc-status-details-bin')[0]
  if (!Buffer.isBuffer(details)) return undefined
  const status = new Map(protobufFields(details))
  expect(Number(status.get(1))).toBe(error?.code)
  const any = new Map(protobufFields(status.get(3) as Buffer))
  expect(String(any.get(1))).toBe('type.googleapis.com/google.rpc.RetryInfo')
  const delay = new Map(protobufFields(any.get(2) as Buffer)).get(1) as Buffer
  return Number(new Map(protobufFields(delay)).get(1))
}

describe.each(SIGNALS)('OTLP/gRPC, %s', (signal) => {
  const request = (...rows: Parameters<typeof otlpRequest>[2]) => otlpRequest(signal, 'protobuf', rows)

  test('Protocol Details: the server MUST support no compression and gzip', async () => {
    expect(await call(signal, request('good'))).toEqual(OK_EMPTY)
    expect(await call(signal, request('good'), zipping)).toEqual(OK_EMPTY)
    expect(await takenRows(ingest, signal)).toBe(2)
  })

  test('Full Success: the response MUST be the Export response, and MUST leave partial_success unset', async () => {
    expect(await call(signal, request('good', 'good'))).toEqual(OK_EMPTY)
    expect(await takenRows(ingest, signal)).toBe(2)
  })

  test('Full Success: an empty request SHOULD succeed, and so do empty envelopes', async () => {
    for (const empty of [Buffer.alloc(0), request()]) expect(await call(signal, empty)).toEqual(OK_EMPTY)
  })

  test('Partial Success: the response MUST set partial_success and its count of rejected rows, and SHOULD say why', async () => {
    const { answer } = await call(signal, request('good', 'old', 'old'))
    expect(partialSuccessOf(signal, 'protobuf', answer!)).toEqual({
      [REJECTED[signal]]: '2',
      errorMessage: expect.stringMatching(/is older than 400 days/),
    })
    expect(await takenRows(ingest, signal)).toBe(1)
  })

  test('Failures: bad data is non-retryable, INVALID_ARGUMENT without RetryInfo, and nothing of it is kept', async () => {
    const whole = request('good', 'good')
    for (const bad of [Buffer.from('this is not protobuf'), whole.subarray(0, whole.length - 3)]) {
      const { error } = await call(signal, bad)
      expect([error?.code, retrySeconds(error)]).toEqual([codes.INVALID_ARGUMENT, undefined])
      expect(error?.details).toMatch(/malformed OTLP protobuf at byte/)
    }
    expect(await takenRows(ingest, signal)).toBe(0)
  })

  test('OTLP/gRPC Request: the server MUST limit a message, also after decompression, and MUST answer RESOURCE_EXHAUSTED as non-retryable', async () => {
    const padding = (bytes: number) => bytesField(15, Buffer.alloc(bytes - 4))
    expect(padding(MAX_BODY).length).toBe(MAX_BODY)
    for (const from of [client, zipping]) {
      expect(await call(signal, padding(MAX_BODY), from)).toEqual(OK_EMPTY)
      const { error } = await call(signal, padding(MAX_BODY + 1), from)
      expect([error?.code, retrySeconds(error)]).toEqual([codes.RESOURCE_EXHAUSTED, undefined])
    }
  })

  test('Failures: what cannot be taken for now SHOULD be UNAVAILABLE, with RetryInfo, and is taken when it is sent again', async () => {
    const body = request('good')
    redis.shut()
    const { error } = await call(signal, body)
    redis.open()
    expect(error).toMatchObject({ code: codes.UNAVAILABLE, details: expect.stringContaining('appending a block') })
    expect(retrySeconds(error)).toBeGreaterThan(0)
    await expect.poll(async () => call(signal, body), PATIENCE).toEqual(OK_EMPTY)
    expect(await takenRows(ingest, signal)).toBe(1)
  })

  test('OTLP/gRPC Throttling: RESOURCE_EXHAUSTED is retryable only with RetryInfo, so above the rate it has one', async () => {
    await setTelemetry(ingest, { samplesPerSecond: 1, logsPerSecond: 1, spansPerSecond: 1 })
    const ten = () => otlpRequest(signal, 'protobuf', Array(10).fill('good'))
    await expect.poll(async () => (await call(signal, ten())).error?.code, PATIENCE).toBe(codes.RESOURCE_EXHAUSTED)
    const seconds = retrySeconds((await call(signal, ten())).error)
    // Long enough to recover, not so long that the client drops its data.
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
    await setTelemetry(ingest, {})
    await expect.poll(async () => call(signal, ten()), PATIENCE).toEqual(OK_EMPTY)
  })

  test('OTLP/gRPC Concurrent Requests: unary calls SHOULD be served concurrently, also on one connection', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(signal, request('good'))))
    expect(answers).toEqual(answers.map(() => OK_EMPTY))
    expect(await takenRows(ingest, signal)).toBe(50)
  })
})

describe('OTLP/gRPC Response', () => {
  test('the server MUST limit the size of its response, however long what it names is', async () => {
    const point = Buffer.from([0x19, ...Buffer.alloc(8, 1), 0x21, ...Buffer.alloc(8)])
    const metric = (i: number) =>
      bytesField(
        2,
        Buffer.concat([bytesField(1, `${i}${'\u0001ü"'.repeat(400)}`), bytesField(5, bytesField(1, point))]),
      )
    const metrics = Buffer.concat(Array.from({ length: 40 }, (_, i) => metric(i)))
    const { answer } = await call('metrics', bytesField(1, bytesField(2, metrics)))
    expect(partialSuccessOf('metrics', 'protobuf', answer!)).toMatchObject({ rejectedDataPoints: '40' })
    expect(answer!.length).toBeLessThan(20_000)
  })
})
