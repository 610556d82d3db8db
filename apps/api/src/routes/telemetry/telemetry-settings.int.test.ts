import { DEFAULT_TELEMETRY_SETTINGS } from '@nines/contracts'
import { addTelemetryUsage, connectRedis, watchConfigChanges, writeSeriesUsage } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'

const services = await useServices()
let api: ApiUnderTest
let admin: Sender

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
})
afterAll(() => api.stop())

const SETTINGS = '/api/v1/telemetry/settings'

test('settings are defaults until somebody changes them, who is named; ingest is woken', async () => {
  const before = await api.send('GET', SETTINGS, { as: admin })
  const defaults = DEFAULT_TELEMETRY_SETTINGS
  expect(before.json).toEqual({ settings: defaults, defaults, updatedAt: null, updatedBy: null })

  const heard: string[] = []
  const { redisUrl, redisPrefix: prefix } = services
  const watch = await watchConfigChanges({ redisUrl, prefix }, (topic) => heard.push(topic))
  const body = { ...defaults, samplesPerSecond: 3_000_000_000, logsRetentionDays: 3 }
  const changed = await api.send('PUT', SETTINGS, { as: admin, body })
  expect(changed).toMatchObject({ status: 200, json: { settings: body, updatedBy: { email: expect.any(String) } } })
  expect(Date.parse(changed.json.updatedAt)).toBeGreaterThan(Date.now() - 60_000)
  expect((await api.send('GET', SETTINGS, { as: admin })).json).toEqual(changed.json)
  await expect.poll(() => heard).toEqual(['telemetry'])
  await watch.close()

  // What is left out gets its default again.
  const reset = await api.send('PUT', SETTINGS, { as: admin, body: {} })
  expect(reset.json.settings).toEqual(defaults)
})

test.each([
  [{ samplesPerSecond: 0 }, 'body/samplesPerSecond'],
  [{ metricsRetentionDays: 4_000 }, 'body/metricsRetentionDays'],
  [{ maxLabels: 1.5 }, 'body/maxLabels'],
  [{ samplesPerMinute: 5 }, 'body/'],
])('%o is refused, naming the field', async (body, path) => {
  const answer = await api.send('PUT', SETTINGS, { as: admin, body })
  expect(answer.status).toBe(422)
  expect(answer.json.issues[0].path).toBe(path)
})

test('usage is what the ingest processes counted, with the limit that holds', async () => {
  const { id: workspaceId } = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  const redis = connectRedis(services.redisUrl)
  const now = Date.now()
  const tally = {
    workspaceId,
    accepted: [{ signal: 'logs' as const, rows: 12, bytes: 3_400 }],
    refused: [{ signal: 'metrics' as const, reason: 'series_limit', metric: 'http.requests', rows: 7, requests: 0 }],
  }
  await addTelemetryUsage(redis, services.redisPrefix, [tally, tally], now)
  const snapshot = {
    measuredAt: new Date(now).toISOString(),
    activeSeries: 42,
    topMetrics: [{ metric: 'http.requests', series: 40 }],
    topLabels: [{ label: 'user_id', values: 39 }],
  }
  await writeSeriesUsage(redis, services.redisPrefix, workspaceId, 'replica-1', snapshot)
  redis.disconnect()
  await api.send('PUT', SETTINGS, { as: admin, body: { maxActiveSeries: 50 } })
  const { json } = await api.send('GET', '/api/v1/telemetry/usage', { as: admin })
  expect(json.series).toEqual({ ...snapshot, maxActiveSeries: 50 })
  for (const period of [json.hour, json.day]) {
    expect(period.signals).toContainEqual(
      expect.objectContaining({ signal: 'logs', acceptedRows: 24, acceptedBytes: 6_800, refusedRows: 0 }),
    )
    expect(period.refusals).toEqual([
      { signal: 'metrics', reason: 'series_limit', metric: 'http.requests', rows: 14, requests: 0 },
    ])
  }
})
