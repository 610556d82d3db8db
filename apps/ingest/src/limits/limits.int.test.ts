import { randomUUID } from 'node:crypto'
import { createApiKey } from '@nines/records'
import { connectRedis, readTelemetryUsage } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { counterRequest, startIngestUnderTest, type IngestUnderTest } from '../ingest-under-test.ts'
import { setTelemetry } from '../test-fixtures/set-telemetry.ts'

const services = await useServices()
let ingest: IngestUnderTest
let otherKey: string

beforeAll(async () => {
  ingest = await startIngestUnderTest(services)
  const { prisma } = ingest
  const other = await prisma.workspace.create({ data: { id: 'wsp_other', slug: 'other', name: 'Other' } })
  otherKey = (await createApiKey(prisma, other.id, { name: 'other', scopes: ['ingest'], createdById: null })).secret
})
afterAll(() => ingest.stop())

const send = (points: number, key = ingest.key) =>
  ingest.post('/v1/metrics', JSON.stringify(counterRequest(Array.from({ length: points }, () => ({ asInt: 1 })))), {
    authorization: `Bearer ${key}`,
  })

test('a workspace above its rate is told when to retry, before its body is decoded; others go on', async () => {
  await setTelemetry(ingest, { samplesPerSecond: 100 })
  await expect.poll(async () => (await send(400)).status).toBe(429)
  const refused = await ingest.post('/v1/metrics', 'not even JSON')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toEqual({
    code: 8,
    message: 'the workspace sends more than its limit of 100 samples a second (samplesPerSecond); retry',
  })
  for (let i = 0; i < 5; i++) expect((await send(100, otherKey)).status).toBe(200)
  await setTelemetry(ingest, {})
  await expect.poll(async () => (await send(1)).status).toBe(200)
})

test('bytes have a rate of their own', async () => {
  await setTelemetry(ingest, { bytesPerSecond: 1_000 })
  await expect.poll(async () => (await send(200)).status).toBe(429)
  expect(await (await send(1)).json()).toMatchObject({ message: expect.stringContaining('(bytesPerSecond)') })
  await setTelemetry(ingest, {})
  await expect.poll(async () => (await send(1)).status).toBe(200)
})

test('retention travels in the header of every block', async () => {
  await ingest.appended()
  await setTelemetry(ingest, { metricsRetentionDays: 7, logsRetentionDays: 8, tracesRetentionDays: 9 })
  const newest = async () => {
    expect((await send(1)).status).toBe(200)
    return (await ingest.appended()).at(-1)?.block.retention
  }
  await expect.poll(newest).toEqual({ metrics: 7, logs: 8, traces: 9 })
  await setTelemetry(ingest, {})
})

test('what was accepted and refused is counted for the workspace, and told when ingest stops', async () => {
  const own = await startIngestUnderTest(services)
  const redis = connectRedis(own.redisUrl)
  const usage = async () => (await readTelemetryUsage(redis, own.redisPrefix, own.workspaceId, Date.now())).hour
  const metrics = async () => (await usage()).signals.find((s) => s.signal === 'metrics')
  const before = await metrics()
  const body = JSON.stringify(counterRequest([{ asInt: 1 }, { asInt: 2 }, { asDouble: 'NaN' }]))
  expect((await own.post('/v1/metrics', body)).status).toBe(200)
  expect((await own.post('/v1/metrics', 'nonsense')).status).toBe(400)
  await own.stop()
  const after = await metrics()
  expect(after?.acceptedRows).toBe((before?.acceptedRows ?? 0) + 2)
  expect(after?.acceptedBytes).toBe((before?.acceptedBytes ?? 0) + body.length)
  expect(after?.refusedRows).toBe((before?.refusedRows ?? 0) + 1)
  expect((await usage()).refusals).toContainEqual(expect.objectContaining({ reason: 'bad_request', metric: null }))
  const { series } = await readTelemetryUsage(redis, own.redisPrefix, own.workspaceId, Date.now())
  expect(series.topMetrics).toEqual([{ metric: 'requests', series: 1 }])
  expect(series.topLabels.map(({ label }) => label).toSorted()).toEqual(['otel.scope.name', 'service.name'])
  redis.disconnect()
})

test('series beyond the limit are refused in part and named; what series cost is told', async () => {
  const own = await startIngestUnderTest(services)
  const redis = connectRedis(own.redisUrl)
  await setTelemetry(own, { maxActiveSeries: 2 })
  const point = (shop: string) => ({ asInt: 1, attributes: [{ key: 'shop', value: { stringValue: shop } }] })
  const answerTo = async (shops: string[]) => {
    const response = await own.post('/v1/metrics', JSON.stringify(counterRequest(shops.map(point))))
    return (await response.json()) as object
  }
  // The settings arrive within moments; series that came before them stay.
  await expect.poll(() => answerTo([randomUUID()])).toMatchObject({ partialSuccess: { rejectedDataPoints: '1' } })
  expect(await answerTo([randomUUID(), randomUUID()])).toEqual({
    partialSuccess: {
      rejectedDataPoints: '2',
      errorMessage: 'metric "requests": the workspace has 2 active series already, its limit (2 points)',
    },
  })
  await own.stop()
  const { hour, series } = await readTelemetryUsage(redis, own.redisPrefix, own.workspaceId, Date.now())
  const refusal = { signal: 'metrics', reason: 'series_limit', metric: 'requests' }
  expect(hour.refusals).toContainEqual(expect.objectContaining(refusal))
  expect(series.topMetrics[0]).toMatchObject({ metric: 'requests' })
  expect(series.topLabels.map(({ label }) => label)).toContain('shop')
  expect(series.activeSeries).toBeGreaterThanOrEqual(2)
  redis.disconnect()
})

test('series, labels and times beyond the workspace’s limits are refused by name, counted, and the rest is kept', async () => {
  const own = await startIngestUnderTest(services)
  const limits = { maxActiveSeries: 2, maxLabelValueBytes: 20, maxPastSeconds: 3_600 }
  await setTelemetry(own, limits)
  const point = (shop: string, ageMs = 0) => ({
    asInt: 1,
    timeUnixNano: `${Date.now() - ageMs}000000`,
    attributes: [{ key: 'shop', value: { stringValue: shop } }],
  })
  const points = [point('a'), point('b'), point('c'), point('a', 7_200_000), point('x'.repeat(21))]
  const answer = await own.post('/v1/metrics', JSON.stringify(counterRequest(points)))
  expect(answer.status).toBe(200)
  const { partialSuccess } = (await answer.json()) as { partialSuccess: { rejectedDataPoints: string } }
  expect(partialSuccess.rejectedDataPoints).toBe('3')
  const record = (ageMs: number) => ({ timeUnixNano: `${Date.now() - ageMs}000000`, body: { stringValue: 'paid' } })
  const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [record(0), record(7_200_000)] }] }] }
  expect(await (await own.post('/v1/logs', JSON.stringify(logs))).json()).toEqual({
    partialSuccess: {
      rejectedLogRecords: '1',
      errorMessage: expect.stringContaining('a record is older than 1 hour'),
    },
  })
  await own.stop()
  const redis = connectRedis(own.redisUrl)
  const { hour } = await readTelemetryUsage(redis, own.redisPrefix, own.workspaceId, Date.now())
  for (const reason of ['series_limit', 'clock_window', 'label_limit'])
    expect(hour.refusals).toContainEqual(expect.objectContaining({ signal: 'metrics', reason, metric: 'requests' }))
  redis.disconnect()
  await setTelemetry(ingest, {})
})
