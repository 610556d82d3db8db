import { systemClock, type RunningApp } from '@nines/kernel'
import { createBlockStream, createJobQueue } from '@nines/pipeline'
import { createTelemetry, migrateTelemetry } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { BlockBuilder, tracesFromJson, TracesNormaliser, type Block } from '@nines/wire'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { start } from '../start.ts'
import { untilStored } from '../stored-totals.ts'

const services = await useServices()
const clickhouse = { url: services.clickhouseUrl, database: services.clickhouseDatabase }
const telemetry = createTelemetry(clickhouse)
const stream = createBlockStream({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
let app: RunningApp | undefined

beforeAll(() => migrateTelemetry(clickhouse))
afterAll(async () => {
  await app?.stop()
  await stream.close()
  await telemetry.close()
})

const hex = (n: number, digits: number) => (n + 1).toString(16).padStart(digits, '0')

function spansBlock(workspace: number, count: number, service: string, version?: string): Block {
  const now = systemClock.now()
  const builder = new BlockBuilder(workspace, now)
  const normaliser = new TracesNormaliser(builder, now)
  const spans = Array.from({ length: count }, (_, i) => ({
    traceId: hex(i, 32),
    spanId: hex(i, 16),
    name: 'GET /',
    kind: 2,
    startTimeUnixNano: `${now - 200}000000`,
    endTimeUnixNano: `${now - 100}000000`,
    status: i % 10 === 0 ? { code: 2 } : {},
  }))
  const attributes = { 'service.name': service, ...(version !== undefined && { 'service.version': version }) }
  const resource = {
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } })),
  }
  const request = { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }
  tracesFromJson(Buffer.from(JSON.stringify(request)), normaliser)
  return builder.finish()
}

test('spans become series of calls and durations of their workspace, found by their labels', async () => {
  for (const [workspace, count] of [
    [1, 50],
    [2, 30],
    [1, 70],
  ] as const)
    await stream.append(spansBlock(workspace, count, `shop-${workspace}`))
  app = await start(services.env)
  await untilStored(stream)
  const calls = await telemetry.rows(`
    SELECT s.workspace AS workspace, s.labels['service.name'] AS service, s.labels['status.code'] AS status,
      sum(p.value) AS calls
    FROM samples AS p INNER JOIN (SELECT DISTINCT workspace, series, labels, metric FROM series) AS s
      ON p.workspace = s.workspace AND p.series = s.series
    WHERE s.metric = 'traces.span.metrics.calls' GROUP BY ALL ORDER BY workspace, status`)
  expect(calls).toEqual([
    { workspace: 1, service: 'shop-1', status: 'STATUS_CODE_ERROR', calls: 12 },
    { workspace: 1, service: 'shop-1', status: 'STATUS_CODE_UNSET', calls: 108 },
    { workspace: 2, service: 'shop-2', status: 'STATUS_CODE_ERROR', calls: 3 },
    { workspace: 2, service: 'shop-2', status: 'STATUS_CODE_UNSET', calls: 27 },
  ])
  const [durations] = await telemetry.rows<{ count: number; sum: number }>(
    'SELECT sum(count) AS count, sum(sum) AS sum FROM exponential_histograms',
  )
  expect(durations?.count).toBe(150)
  expect(durations?.sum).toBeCloseTo(15)
})

test('each version that spans carry is told once', async () => {
  const queue = createJobQueue({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
  const told = async () => (await queue.counts()).noteVersion.waiting
  expect(await told()).toBe(0)
  for (const version of ['1', '2', '1', '2']) await stream.append(spansBlock(3, 5, 'shop', version))
  await stream.append(spansBlock(4, 5, 'shop', '1'))
  await untilStored(stream)
  await vi.waitFor(async () => expect(await told()).toBe(3), { timeout: 10_000, interval: 50 })
  await stream.append(spansBlock(3, 7, 'shop', '2'))
  await untilStored(stream)
  expect(await told()).toBe(3)
  await queue.close()
})
