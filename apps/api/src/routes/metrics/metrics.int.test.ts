import type { CheckRun, SeriesDefinition } from '@nines/contracts'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import {
  BlockBuilder,
  emptyBlock,
  logsFromJson,
  LogsNormaliser,
  tracesFromJson,
  TracesNormaliser,
  type Block,
} from '@nines/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE
let api: ApiUnderTest
let admin: Sender
let checkId: string

const send = (method: string, path: string, body?: unknown) => api.send(method, path, { as: admin, body })
const counter = (id: number, status: string): SeriesDefinition => ({
  id: String(id),
  metric: 'shop.requests',
  kind: 'sum',
  temporality: 'cumulative',
  monotonic: true,
  unit: '1',
  description: 'Requests',
  labels: { status },
})

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  const check = { name: 'home', config: { kind: 'http', url: 'https://example.com/' } }
  checkId = (await send('POST', '/api/v1/checks', check)).json.id
  const { number } = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  // Every minute of the last twenty: 10 requests that succeed, and in the tenth minute 4 that fail.
  const minutes = Array.from({ length: 20 }, (_, i) => NOW - (20 - i) * MINUTE)
  const samples = minutes.flatMap((at, i) => [
    { series: 1n, at, value: 1000 + 10 * i },
    { series: 2n, at, value: 500 + (i >= 10 ? 4 : 0) },
  ])
  const histograms = minutes.map((at, i) => ({
    series: 3n,
    at,
    start: NOW - 86_400_000,
    count: 10 * (i + 1),
    sum: i,
    min: 0,
    max: 1,
    bounds: [0.5, 1],
    bucketCounts: [8 * (i + 1), i + 1, i + 1],
  }))
  const duration = { ...counter(3, ''), metric: 'shop.duration', kind: 'histogram' as const, unit: 's', labels: {} }
  const native = { ...duration, id: '4', kind: 'exponential_histogram' as const, temporality: 'delta' as const }
  const level = { ...counter(5, 'any'), metric: 'queue.length', kind: 'gauge' as const, monotonic: false }
  for (const [i, at] of minutes.entries()) samples.push({ series: 5n, at, value: i })
  await insertBlocks(
    telemetry,
    [
      {
        ...emptyBlock(number, Date.now()),
        series: [counter(1, '200'), counter(2, '500'), duration, native, level],
        samples: {
          series: BigUint64Array.from(samples, (sample) => sample.series),
          at: Float64Array.from(samples, (sample) => sample.at),
          start: new Float64Array(samples.length),
          value: Float64Array.from(samples, (sample) => sample.value),
        },
        histograms,
        exponentialHistograms: minutes.map((at) => ({
          series: 4n,
          at,
          start: at - 1000,
          count: 5,
          sum: 1,
          min: NaN,
          max: NaN,
          scale: 0,
          zeroThreshold: 0,
          zeroCount: 0,
          positiveOffset: -2,
          positiveCounts: [3, 2],
          negativeOffset: 0,
          negativeCounts: [],
        })),
        checkRuns: minutes.map((at, i) => checkRun(at, i % 4 !== 0)),
      },
    ],
    'metrics',
  )
  await insertBlocks(telemetry, [rowsBlock(number)], 'rows')
})

/** Three spans of which one is good, three log records of which one is bad, as they come over OTLP. */
function rowsBlock(workspace: number): Block {
  const builder = new BlockBuilder(workspace, Date.now())
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
  const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)
  const at = NOW - 5 * MINUTE
  const spans = [0, 1, 2].map((i) => ({
    traceId: 'ab'.repeat(16),
    spanId: `000000000000000${i + 1}`,
    name: 'pay',
    kind: 2,
    startTimeUnixNano: nanos(at),
    endTimeUnixNano: nanos(at + (i === 2 ? 101 : 100)),
    status: { code: i === 1 ? 2 : 0 },
  }))
  const resourceSpans = [{ resource, scopeSpans: [{ spans }] }]
  tracesFromJson(Buffer.from(JSON.stringify({ resourceSpans })), new TracesNormaliser(builder, Date.now()))
  const logRecords = ['paid', 'refused', 'paid'].map((stringValue) => ({
    timeUnixNano: nanos(at),
    body: { stringValue },
  }))
  const resourceLogs = [{ resource, scopeLogs: [{ logRecords }] }]
  logsFromJson(Buffer.from(JSON.stringify({ resourceLogs })), new LogsNormaliser(builder, Date.now()))
  return builder.finish()
}

afterAll(async () => {
  await telemetry.close()
  await api.stop()
})

function checkRun(scheduledAt: number, ok: boolean): CheckRun {
  const phases = { dnsMs: 1, connectMs: 1, tlsMs: null, firstByteMs: 1, transferMs: 1 }
  const run = {
    checkId,
    location: 'here',
    runId: `${checkId}@here@${scheduledAt}`,
    scheduledAt,
    startedAt: scheduledAt,
  }
  return { ...run, durationMs: 5, ok, statusCode: ok ? 200 : 500, error: ok ? '' : 'status 500', phases }
}

interface Preview {
  minutes: { at: number; good: number; total: number }[]
  series: number
  notes: string[]
}
const preview = async (sli: object): Promise<Preview> => (await send('POST', '/api/v1/metrics/preview', { sli })).json
const totals = ({ minutes }: Preview) => ({
  good: minutes.reduce((sum, minute) => sum + minute.good, 0),
  total: minutes.reduce((sum, minute) => sum + minute.total, 0),
})

describe('preview of an SLI over the last hour', () => {
  test('ratio with bad: the failures are in their minute', async () => {
    const found = await preview({
      kind: 'ratio',
      bad: { metric: 'shop.requests', matchers: [{ label: 'status', op: '=~', value: '5..' }] },
      total: { metric: 'shop.requests' },
    })
    expect(found.series).toBe(2)
    expect(totals(found)).toEqual({ good: 190, total: 194 })
    expect(found.minutes.filter((minute) => minute.good < minute.total)).toEqual([
      { at: NOW - 10 * MINUTE, good: 10, total: 14 },
    ])
    expect(found.minutes.length).toBeGreaterThanOrEqual(60)
  })

  test('latency: buckets up to the threshold are good', async () => {
    const found = await preview({ kind: 'latency', histogram: { metric: 'shop.duration' }, threshold: 0.5 })
    // Of the native histogram, whose buckets are (0.25, 0.5] and (0.5, 1], three of five.
    expect(totals(found)).toEqual({ good: 19 * 8 + 20 * 3, total: 190 + 100 })
    expect(found).toMatchObject({ series: 2, notes: [] })
  })

  test('a threshold inside a bucket: the preview says which bound applies', async () => {
    const found = await preview({ kind: 'latency', histogram: { metric: 'shop.duration' }, threshold: 0.7 })
    expect(totals(found)).toEqual({ good: 19 * 8 + 20 * 3, total: 290 })
    const note =
      'The threshold 0.7 lies inside a bucket: values up to 0.5 count as good, those up to 1 do not (2 series).'
    expect(found.notes).toEqual([note])
  })

  test('gauge: each sample compares with the threshold', async () => {
    const found = await preview({ kind: 'gauge', gauge: { metric: 'queue.length' }, op: '<', threshold: 15 })
    expect(totals(found)).toEqual({ good: 15, total: 20 })
  })

  test('slices of time and their mean', async () => {
    const of = {
      kind: 'ratio',
      bad: { metric: 'shop.requests', matchers: [{ label: 'status', op: '=', value: '500' }] },
      total: { metric: 'shop.requests' },
    }
    expect(totals(await preview({ kind: 'time_slices', of, sliceTarget: 0.9 }))).toEqual({ good: 18, total: 19 })
    const mean = totals(await preview({ kind: 'ratio_time_slices', of }))
    expect(mean.good).toBeCloseTo(18 + 10 / 14, 9)
    const quarter = await preview({
      kind: 'time_slices',
      of: { kind: 'availability', checkId },
      sliceMinutes: 4,
      sliceTarget: 0.75,
    })
    expect(totals(quarter).total).toBeGreaterThanOrEqual(4)
  })

  test('spans and log records', async () => {
    const spans = { kind: 'spans', service: 'shop', good: { withoutError: true, maxDurationMs: 100 } }
    const found = await preview(spans)
    expect({ ...totals(found), series: found.series }).toEqual({ good: 1, total: 3, series: 0 })
    const logs = { kind: 'logs', total: { service: 'shop' }, bad: { body: { op: '=~', value: 'refus(ed|al)' } } }
    expect(totals(await preview(logs))).toEqual({ good: 2, total: 3 })
  })

  test('availability: runs of the check', async () => {
    const found = await preview({ kind: 'availability', checkId })
    expect({ ...totals(found), series: found.series }).toEqual({ good: 15, total: 20, series: 1 })
  })

  test.each([
    ['nothing', null, /^body\/sli/],
    ['a broken expression', { metric: 'a', matchers: [{ label: 'b', op: '!~', value: '[' }] }, /matchers\/0\/value$/],
  ])('%s: 422 that names the field', async (_name, total, path) => {
    const sli = total && { kind: 'ratio', good: { metric: 'a' }, total }
    const answer = await send('POST', '/api/v1/metrics/preview', { sli })
    expect(answer.status).toBe(422)
    expect(answer.json.issues[0].path).toMatch(path)
  })

  test.each([
    [{ kind: 'gauge', gauge: { metric: 'a' }, op: '=', threshold: 1 }, 'body/sli/op'],
    [{ kind: 'gauge', gauge: { metric: 'a' }, op: '<' }, 'body/sli/threshold'],
    [
      {
        kind: 'gauge',
        gauge: { metric: 'a', matchers: [{ label: 'b', op: '=~', value: '(' }] },
        op: '<',
        threshold: 1,
      },
      'body/sli/gauge/matchers/0/value',
    ],
    [{ kind: 'latency', histogram: { metric: 'a' }, threshold: 0 }, 'body/sli/threshold'],
    [{ kind: 'spans', service: 'a', good: {} }, 'body/sli/good/withoutError'],
    [{ kind: 'spans', service: 'a', good: { withoutError: true }, spanKinds: ['x'] }, 'body/sli/spanKinds/0'],
    [
      { kind: 'spans', service: 'a', good: { withoutError: true }, attributes: [{ label: 'b', op: '=~', value: '[' }] },
      'body/sli/attributes/0/value',
    ],
    [{ kind: 'logs', total: {} }, 'body/sli/good'],
    [{ kind: 'logs', total: {}, bad: { body: { op: '=~', value: 'a(' } } }, 'body/sli/bad/body/value'],
    [
      { kind: 'logs', total: { attributes: [{ label: 'b', op: '!~', value: '(' }] }, bad: { minSeverity: 17 } },
      'body/sli/total/attributes/0/value',
    ],
    [{ kind: 'time_slices', of: { kind: 'availability', checkId: 'x' }, sliceTarget: 0 }, 'body/sli/sliceTarget'],
    [
      { kind: 'time_slices', of: { kind: 'availability', checkId: 'x' }, sliceTarget: 1, sliceMinutes: 6 },
      'body/sli/sliceMinutes',
    ],
    [{ kind: 'time_slices', of: { kind: 'availability', checkId: 'x' }, sliceTarget: 1 }, 'body/sli/of/checkId'],
    [{ kind: 'ratio_time_slices', of: { kind: 'gauge', gauge: { metric: 'a' }, op: '<' } }, 'body/sli/of/threshold'],
    [
      { kind: 'ratio_time_slices', of: { kind: 'logs', total: {}, bad: { body: { op: '=~', value: '(' } } } },
      'body/sli/of/bad/body/value',
    ],
  ])('%j: 422 that names %s', async (sli, path) => {
    const answer = await send('POST', '/api/v1/metrics/preview', { sli })
    expect([answer.status, answer.json.issues[0].path]).toEqual([422, path])
  })
})

describe('metrics', () => {
  test('names, labels and raw samples', async () => {
    const metrics = await send('GET', '/api/v1/metrics?search=SHOP')
    expect(metrics.json.items.map((item: { metric: string }) => item.metric)).toEqual([
      'shop.duration',
      'shop.requests',
    ])
    const labels = await send('GET', '/api/v1/metrics/labels?metric=shop.requests')
    expect(labels.json.items).toEqual([{ label: 'status', values: ['200', '500'] }])
    const span = { from: new Date(NOW - 3 * MINUTE).toISOString(), to: new Date(NOW).toISOString() }
    const query = (metric: string, matchers: object[] = []) =>
      send('POST', '/api/v1/metrics/samples', { metric, matchers, ...span })
    expect((await query('shop.requests', [{ label: 'status', op: '=', value: '200' }])).json).toEqual({
      series: [
        {
          labels: { status: '200' },
          samples: [17, 18, 19].map((i) => [NOW - (20 - i) * MINUTE, 1000 + 10 * i]),
        },
      ],
      truncated: false,
    })
    const counts = (await query('shop.duration')).json.series[0].samples.map((sample: [number, number]) => sample[1])
    expect(counts).toEqual([180, 190, 200])
  })
})

test('the overview shows how much arrives, from Nines’ own telemetry', async () => {
  expect((await send('GET', '/api/v1/overview')).json.samplesPerSecond).toBeNull()
  const { number } = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  const labels = { signal: 'metrics', outcome: 'accepted' }
  const now = Date.now()
  const block = {
    ...emptyBlock(number, now),
    series: [{ ...counter(7, ''), metric: 'nines.ingest.rows', labels }],
    samples: {
      series: BigUint64Array.of(7n, 7n, 7n),
      at: Float64Array.of(now - 30_000, now - 20_000, now - 10_000),
      start: new Float64Array(3),
      // Restarted between the second and the third report.
      value: Float64Array.of(1000, 3000, 2000),
    },
  }
  await insertBlocks(telemetry, [block], 'own')
  expect((await send('GET', '/api/v1/overview')).json.samplesPerSecond).toBe(200)
})

describe('checks', () => {
  test('last run and the share of the last day that passed', async () => {
    const { json } = await send('GET', `/api/v1/checks/${checkId}`)
    expect(json).toMatchObject({ lastRun: { ok: true, scheduledAt: NOW - MINUTE }, uptime24h: 0.75 })
    const span = `from=${new Date(NOW - 5 * MINUTE).toISOString()}&to=${new Date(NOW).toISOString()}`
    const runs = await send('GET', `/api/v1/checks/${checkId}/runs?${span}`)
    expect(runs.json.items.map((run: CheckRun) => run.ok)).toEqual([true, true, true, false, true])
  })

  test('one that an SLO is measured by is not deleted', async () => {
    const service = await send('POST', '/api/v1/services', { slug: 'shop', name: 'Shop' })
    const slo = {
      slug: 'up',
      name: 'Up',
      serviceId: service.json.id,
      sli: { kind: 'availability', checkId },
      target: 0.9,
    }
    const created = await send('POST', '/api/v1/slos', slo)
    const refused = await send('DELETE', `/api/v1/checks/${checkId}`)
    expect(refused).toMatchObject({ status: 409, json: { code: 'conflict' } })
    expect(refused.json.detail).toContain('"Up"')
    expect((await send('DELETE', `/api/v1/services/${service.json.id}`)).status).toBe(409)
    await send('DELETE', `/api/v1/slos/${created.json.id}`)
    expect((await send('DELETE', `/api/v1/checks/${checkId}`)).status).toBe(200)
  })
})
