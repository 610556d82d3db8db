import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Redis } from 'ioredis'
import { connectRedis } from './redis-connection.ts'
import { beatReplica, removeReplica } from './replica-beat.ts'
import { readSeriesUsage, writeSeriesUsage } from './series-usage.ts'
import { addTelemetryUsage, readTelemetryUsage, type UsageTally } from './telemetry-usage.ts'

const { redisUrl, redisPrefix: prefix } = await useServices()
let redis: Redis
beforeAll(() => {
  redis = connectRedis(redisUrl)
})
afterAll(() => redis.disconnect())

const NOW = Date.UTC(2026, 0, 10, 12, 34)
const HOUR = 3_600_000
const accepted = (workspaceId: string, rows: number): UsageTally => ({
  workspaceId,
  accepted: [{ signal: 'metrics', rows, bytes: 10 * rows }],
  refused: [],
})
const metricsOf = async (workspaceId: string, now = NOW) => {
  const { hour, day } = await readTelemetryUsage(redis, prefix, workspaceId, now)
  return [hour, day].map((period) => period.signals.find((s) => s.signal === 'metrics')?.acceptedRows)
}

test('counts are summed over the last hour and day, for each workspace', async () => {
  await addTelemetryUsage(redis, prefix, [accepted('a', 1), accepted('b', 1_000)], NOW)
  await addTelemetryUsage(redis, prefix, [accepted('a', 10)], NOW - 50 * 60_000)
  await addTelemetryUsage(redis, prefix, [accepted('a', 100)], NOW - 2 * HOUR)
  await addTelemetryUsage(redis, prefix, [accepted('a', 100_000)], NOW - 25 * HOUR)
  expect(await metricsOf('a')).toEqual([11, 111])
  expect(await metricsOf('a', NOW + 2 * HOUR)).toEqual([0, 111])
})

test('metric names of senders do not fill the memory', async () => {
  const refused = (from: number): UsageTally => ({
    workspaceId: 'c',
    accepted: [],
    refused: Array.from({ length: 600 }, (_, i) => ({
      signal: 'metrics',
      reason: 'series_limit',
      metric: `m${from + i}`,
      rows: 1,
      requests: 0,
    })),
  })
  for (const from of [0, 600, 1_200]) await addTelemetryUsage(redis, prefix, [refused(from)], NOW)
  const { hour } = await readTelemetryUsage(redis, prefix, 'c', NOW)
  expect(hour.signals.find((s) => s.signal === 'metrics')?.refusedRows).toBe(1_800)
  expect(hour.refusals[0]).toEqual({ signal: 'metrics', reason: 'series_limit', metric: null, rows: 600, requests: 0 })
})

test('what several replicas know of series is put together without counting a series twice', async () => {
  const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString()
  await writeSeriesUsage(redis, prefix, 'd', 'one', {
    measuredAt: at(0),
    activeSeries: 70,
    topMetrics: [{ metric: 'x', series: 60 }],
    topLabels: [{ label: 'pod', values: 5 }],
  })
  await writeSeriesUsage(redis, prefix, 'd', 'two', {
    measuredAt: at(3),
    activeSeries: 80,
    topMetrics: [
      { metric: 'x', series: 50 },
      { metric: 'y', series: 65 },
    ],
    topLabels: [],
  })
  expect(await readSeriesUsage(redis, prefix, 'd')).toEqual({
    measuredAt: at(3),
    activeSeries: 80,
    topMetrics: [
      { metric: 'y', series: 65 },
      { metric: 'x', series: 60 },
    ],
    topLabels: [{ label: 'pod', values: 5 }],
  })
  expect(await readSeriesUsage(redis, prefix, 'nobody')).toMatchObject({ measuredAt: null, activeSeries: 0 })
})

test('replicas are counted while they live', async () => {
  expect(await beatReplica(redis, prefix, 'ingest', 'one')).toBe(1)
  expect(await beatReplica(redis, prefix, 'ingest', 'two')).toBe(2)
  expect(await beatReplica(redis, prefix, 'ingest', 'one')).toBe(2)
  await removeReplica(redis, prefix, 'ingest', 'two')
  expect(await beatReplica(redis, prefix, 'ingest', 'one')).toBe(1)
})
