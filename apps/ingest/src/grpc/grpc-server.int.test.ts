import { Client, compressionAlgorithms, credentials, Metadata, status as codes, type ServiceError } from '@grpc/grpc-js'
import { useServices } from '@nines/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeKey, startIngestUnderTest, type IngestUnderTest } from '../ingest-under-test.ts'
import { setTelemetry } from '../test-fixtures/set-telemetry.ts'
import { gaugeRequest } from '../test-fixtures/gauge-request.ts'

const services = await useServices()
let ingest: IngestUnderTest
let client: Client

const MAX_BODY = 100_000
beforeAll(async () => {
  ingest = await startIngestUnderTest(services, { NINES_INGEST_MAX_BODY_BYTES: String(MAX_BODY) })
})
afterAll(() => ingest.stop())
beforeEach(() => {
  client = new Client(`127.0.0.1:${ingest.app.grpcPort}`, credentials.createInsecure())
})
afterEach(() => client.close())

const PATHS = {
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
}
/** The answer of a call, or the error that it ended with. */
function call(
  path: string,
  body: Buffer,
  headers: Record<string, string> = { authorization: `Bearer ${ingest.key}` },
  from = client,
): Promise<{ answer?: Buffer; error?: ServiceError }> {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  const asIs = (value: Buffer) => value
  return new Promise((resolve) => {
    from.makeUnaryRequest(path, asIs, asIs, body, metadata, (error, answer) =>
      resolve(error ? { error } : { answer: answer ?? Buffer.alloc(0) }),
    )
  })
}
const details = (error: ServiceError | undefined) => error?.metadata.get('grpc-status-details-bin')[0]?.toString() ?? ''
const values = async () => (await ingest.appended()).flatMap((e) => [...e.block.samples.value])

describe('OTLP/gRPC: success', () => {
  test('an empty request is a success, for every signal', async () => {
    for (const path of Object.values(PATHS))
      expect(await call(path, Buffer.alloc(0))).toEqual({ answer: Buffer.alloc(0) })
  })

  test('full success leaves partial_success unset, and the rows are in the stream by then', async () => {
    expect(await call(PATHS.metrics, gaugeRequest(2.5))).toEqual({ answer: Buffer.alloc(0) })
    expect(await values()).toEqual([2.5])
  })

  test('the key may come as x-nines-key', async () => {
    expect(await call(PATHS.metrics, gaugeRequest(3), { 'x-nines-key': ingest.key })).toEqual({
      answer: Buffer.alloc(0),
    })
    expect(await values()).toEqual([3])
  })

  test('gzip', async () => {
    const zipping = new Client(`127.0.0.1:${ingest.app.grpcPort}`, credentials.createInsecure(), {
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
    })
    expect(await call(PATHS.metrics, gaugeRequest(4), undefined, zipping)).toEqual({ answer: Buffer.alloc(0) })
    zipping.close()
    expect(await values()).toEqual([4])
  })

  test('a partial success is OK with the number and the reason of what was rejected', async () => {
    const { answer } = await call(PATHS.metrics, Buffer.concat([gaugeRequest(NaN), gaugeRequest(5)]))
    expect([answer?.[0], answer?.[2], answer?.[3]]).toEqual([0x0a, 0x08, 1])
    expect(answer?.toString()).toContain('a value is NaN')
    expect(await values()).toEqual([5])
  })
})

describe('OTLP/gRPC: failure', () => {
  test('without a key or with an unknown one: UNAUTHENTICATED', async () => {
    const { secret } = await makeKey(ingest, ['read'])
    expect((await call(PATHS.metrics, gaugeRequest(1), {})).error?.code).toBe(codes.UNAUTHENTICATED)
    const unknown = await call(PATHS.metrics, gaugeRequest(1), { authorization: 'Bearer nk_wrong' })
    expect(unknown.error).toMatchObject({ code: codes.UNAUTHENTICATED, details: 'this key is unknown or was revoked' })
    const weak = await call(PATHS.metrics, gaugeRequest(1), { 'x-nines-key': secret })
    expect(weak.error?.code).toBe(codes.PERMISSION_DENIED)
    expect(await values()).toEqual([])
  })

  test('bad data is INVALID_ARGUMENT, which is not retried', async () => {
    const { error } = await call(PATHS.metrics, Buffer.from('this is not protobuf'))
    expect(error).toMatchObject({
      code: codes.INVALID_ARGUMENT,
      details: expect.stringContaining('malformed OTLP protobuf'),
    })
    expect(details(error)).toBe('')
  })

  test('a message beyond the limit is RESOURCE_EXHAUSTED without RetryInfo, which forbids a retry', async () => {
    const { error } = await call(PATHS.metrics, Buffer.alloc(MAX_BODY + 1))
    expect(error?.code).toBe(codes.RESOURCE_EXHAUSTED)
    expect(details(error)).not.toContain('RetryInfo')
    const zipping = new Client(`127.0.0.1:${ingest.app.grpcPort}`, credentials.createInsecure(), {
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
    })
    const zipped = await call(PATHS.metrics, Buffer.alloc(MAX_BODY + 1), undefined, zipping)
    zipping.close()
    expect(zipped.error?.code).toBe(codes.RESOURCE_EXHAUSTED)
  })

  test('above the rate it is RESOURCE_EXHAUSTED with RetryInfo', async () => {
    await setTelemetry(ingest, { samplesPerSecond: 1 })
    await expect
      .poll(async () => (await call(PATHS.metrics, Buffer.concat(Array(20).fill(gaugeRequest(1))))).error?.code)
      .toBe(codes.RESOURCE_EXHAUSTED)
    const { error } = await call(PATHS.metrics, gaugeRequest(1))
    expect(error?.details).toContain('limit of 1 samples a second')
    expect(details(error)).toContain('type.googleapis.com/google.rpc.RetryInfo')
    // Another signal has a rate of its own.
    expect((await call(PATHS.logs, Buffer.alloc(0))).error).toBeUndefined()
    await setTelemetry(ingest, {})
    await expect.poll(async () => (await call(PATHS.metrics, gaugeRequest(1))).error).toBeUndefined()
  })

  test('an unknown method is UNIMPLEMENTED', async () => {
    expect(
      (await call('/opentelemetry.proto.collector.profiles.v1.ProfilesService/Export', Buffer.alloc(0))).error?.code,
    ).toBe(codes.UNIMPLEMENTED)
  })
})

test('stopping answers the calls under way', async () => {
  const own = await startIngestUnderTest(services, { NINES_INGEST_LINGER_MS: '1000' })
  const caller = new Client(`127.0.0.1:${own.app.grpcPort}`, credentials.createInsecure())
  // Nothing to wait for: the connection stands from here on.
  await call(PATHS.metrics, Buffer.alloc(0), { 'x-nines-key': own.key }, caller)
  const sent = [1, 2, 3].map((value) => call(PATHS.metrics, gaugeRequest(value), { 'x-nines-key': own.key }, caller))
  await new Promise((resolve) => setTimeout(resolve, 300))
  await own.stop()
  for (const outcome of await Promise.all(sent)) expect(outcome).toEqual({ answer: Buffer.alloc(0) })
  caller.close()
})
