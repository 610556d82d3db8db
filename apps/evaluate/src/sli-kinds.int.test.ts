import type { MeasuredSli, SeriesDefinition, SliSpec } from '@nines/contracts'
import type { RunningApp } from '@nines/kernel'
import { minutesOfSlices } from '@nines/slo'
import { readSlices } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock, seriesId, type Block, type ExponentialHistogramRow, type HistogramRow } from '@nines/wire'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createEvaluateBed } from './evaluate-bed.fixture.ts'
import { eventBlock, type LogRow, type SpanRow } from './event-blocks.fixture.ts'
import { start } from './index.ts'

/**
 * Every kind of SLI the same way: rows long ago, rows of the last minutes and rows that come late must count alike whether
 * an evaluator saw them pass or read them from the store.
 */
const MINUTE = 60_000
const services = await useServices()
const bed = createEvaluateBed(services)
let app: RunningApp | undefined

beforeAll(() => bed.prepare())
afterEach(async () => {
  await app?.stop()
  app = undefined
})
afterAll(() => bed.close())

const wholeMinute = (agoMinutes: number) => Math.floor(Date.now() / MINUTE) * MINUTE - agoMinutes * MINUTE
const untilCounts = (sloId: string, counts: { good: number; total: number }) =>
  vi.waitFor(async () => expect(await bed.status(sloId)).toMatchObject(counts), { timeout: 20_000, interval: 100 })

interface Sent {
  block: Block
  good: number
  total: number
}

/**
 * Rows go by while the SLO is evaluated, another evaluator rebuilds it from the store, and hours-old rows come late:
 * always the sum of what was sent is counted, and the persisted minutes sum up to it.
 */
async function countsAlike(name: string, sli: SliSpec, send: (agoMinutes: number) => Sent): Promise<void> {
  const sum = { good: 0, total: 0 }
  const append = async (agoMinutes: number) => {
    const { block, good, total } = send(agoMinutes)
    sum.good += good
    sum.total += total
    await bed.append(block)
  }
  for (const ago of [300, 120, 119, 6]) await append(ago)
  await bed.untilStored()
  const { sloId } = await bed.createSlo(name, sli)
  app = await start(services.env)
  await untilCounts(sloId, sum)
  for (const ago of [4, 3, 2]) await append(ago)
  await untilCounts(sloId, sum)
  await bed.untilStored()
  await app.stop()
  app = await start(services.env)
  await untilCounts(sloId, sum)
  await append(1)
  await append(200)
  await untilCounts(sloId, sum)
  await vi.waitFor(
    async () => {
      const query = { workspace: bed.workspaceNumber, sloId, version: 1, from: 0, to: wholeMinute(1) }
      const late = (await readSlices(bed.telemetry, query)).find(
        (slice) => slice.minute <= wholeMinute(195) && slice.minute > wholeMinute(250),
      )
      expect(late?.total).toBeGreaterThan(0)
    },
    { timeout: 20_000, interval: 200 },
  )
}

function series(kind: SeriesDefinition['kind'], metric: string, temporality: SeriesDefinition['temporality']) {
  const definition = {
    metric,
    kind,
    temporality,
    monotonic: kind !== 'gauge',
    unit: '',
    description: '',
    labels: { kind },
  }
  return { id: seriesId(definition), ...definition }
}

test('a latency over explicit and exponential histograms together', async () => {
  const explicit = series('histogram', 'duration', 'delta')
  const exponential = series('exponential_histogram', 'duration', 'delta')
  const sli: SliSpec = { kind: 'latency', histogram: { metric: 'duration', matchers: [] }, threshold: 0.3 }
  await countsAlike('latency', sli, (ago) => {
    const at = wholeMinute(ago) + 7000
    const common = { at, start: at - 1000, count: 0, sum: 1, min: NaN, max: NaN }
    const histograms: HistogramRow[] = [
      { ...common, series: BigInt(explicit.id), count: 7, bounds: [0.25, 0.5], bucketCounts: [4, 2, 1] },
    ]
    const exponentialHistograms: ExponentialHistogramRow[] = [
      {
        ...common,
        series: BigInt(exponential.id),
        count: 10,
        // Buckets (0.125, 0.25], (0.25, 0.5]: the threshold lies in the second.
        scale: 0,
        zeroThreshold: 0,
        zeroCount: 1,
        positiveOffset: -3,
        positiveCounts: [3, 6],
        negativeOffset: 0,
        negativeCounts: [],
      },
    ]
    const block = { ...emptyBlock(0, at), series: [explicit, exponential], histograms, exponentialHistograms }
    return { block, good: 4 + 1 + 3, total: 17 }
  })
}, 90_000)

test('a gauge against a threshold', async () => {
  const gauge = series('gauge', 'queue.length', 'unspecified')
  const sli: SliSpec = { kind: 'gauge', gauge: { metric: 'queue.length', matchers: [] }, op: '<', threshold: 10 }
  await countsAlike('gauge', sli, (ago) => {
    const values = [9.99, 10, 3, NaN, 11]
    const at = values.map((_, i) => wholeMinute(ago) + i * 10_000)
    const samples = {
      series: BigUint64Array.from(values, () => BigInt(gauge.id)),
      at: Float64Array.from(at),
      start: new Float64Array(values.length),
      value: Float64Array.from(values),
    }
    return { block: { ...emptyBlock(0, Date.now()), series: [gauge], samples }, good: 2, total: 4 }
  })
}, 90_000)

const nanos = (ms: number) => BigInt(ms) * 1_000_000n

test('spans of an operation, each once however often it is sent', async () => {
  const sli: SliSpec = {
    kind: 'spans',
    service: 'shop',
    operation: 'POST /pay',
    spanKinds: ['server'],
    attributes: [{ label: 'http.route', op: '=~', value: '/p.*' }],
    good: { withoutError: true, maxDurationMs: 300 },
  }
  await countsAlike('spans', sli, (ago) => {
    const row = (id: number, change: Partial<SpanRow> = {}): SpanRow => ({
      at: nanos(wholeMinute(ago)) + BigInt(id),
      traceId: ago.toString(16).padStart(32, 'a'),
      spanId: (ago * 100 + id).toString(16).padStart(16, '0'),
      service: 'shop',
      name: 'POST /pay',
      kind: 2,
      statusCode: 0,
      durationNs: 300_000_000,
      attributes: { 'http.route': '/pay' },
      resource: {},
      ...change,
    })
    const spans = [
      row(1),
      row(2, { statusCode: 2 }),
      row(3, { durationNs: 300_000_001 }),
      row(4, { service: 'bank' }),
      row(5, { kind: 3 }),
      row(6, { name: 'GET /' }),
      row(7, { attributes: {} }),
      row(8, { attributes: {}, resource: { 'http.route': '/p' } }),
    ]
    return { block: eventBlock(0, [...spans, ...spans.slice(0, 3)], []), good: 2, total: 4 }
  })
}, 90_000)

test('log records, several that are alike being several', async () => {
  const sli: SliSpec = {
    kind: 'logs',
    total: { service: 'shop', minSeverity: 0, body: { op: 'contains', value: 'order' }, attributes: [] },
    bad: { minSeverity: 0, body: { op: '=~', value: 'refused|failed' }, attributes: [] },
  }
  await countsAlike('logs', sli, (ago) => {
    const row = (body: string, service = 'shop'): LogRow => ({
      at: nanos(wholeMinute(ago)),
      service,
      severityNumber: 9,
      body,
      attributes: {},
      resource: {},
    })
    const logs = [
      ...['order 1 paid', 'order 1 paid', 'order 2 refused', 'started'].map((body) => row(body)),
      row('order 3 failed', 'bank'),
    ]
    return { block: eventBlock(0, [], logs), good: 2, total: 3 }
  })
}, 90_000)

test('slices of time over spans: judged when they end, again when late spans come, alike after a restart', async () => {
  const of: MeasuredSli = {
    kind: 'spans',
    service: 'slow',
    spanKinds: ['server'],
    attributes: [],
    good: { withoutError: true },
  }
  const sli: SliSpec = { kind: 'time_slices', of, sliceMinutes: 1, sliceTarget: 0.75 }
  let id = 0
  const send = (ago: number, good: number, bad: number) => {
    const spans = Array.from({ length: good + bad }, (_, i): SpanRow => {
      const spanId = (++id).toString(16).padStart(16, '0')
      const common = { name: 'x', kind: 2, durationNs: 1, attributes: {}, resource: {}, service: 'slow' }
      return { ...common, at: nanos(wholeMinute(ago)), traceId: 'b'.repeat(32), spanId, statusCode: i < good ? 0 : 2 }
    })
    return bed.append(eventBlock(0, spans, []))
  }
  await send(200, 3, 1)
  await send(199, 2, 1)
  await bed.untilStored()
  const { sloId } = await bed.createSlo('slices', sli)
  app = await start(services.env)
  await untilCounts(sloId, { good: 1, total: 2 })
  await send(3, 400, 0)
  await send(2, 1, 99)
  await untilCounts(sloId, { good: 2, total: 4 })
  // Late: 199 minutes ago it was three of four after all.
  await send(199, 1, 0)
  await untilCounts(sloId, { good: 3, total: 4 })
  await bed.untilStored()
  await app.stop()
  app = await start(services.env)
  await untilCounts(sloId, { good: 3, total: 4 })
  const query = { workspace: bed.workspaceNumber, sloId, version: 1, from: 0, to: wholeMinute(1) }
  await vi.waitFor(
    async () => {
      const stored = await readSlices(bed.telemetry, query)
      // What is stored are the events, so that anybody can say why a slice was bad.
      expect(stored.map(({ good, total }) => [good, total])).toEqual([
        [3, 4],
        [3, 4],
        [400, 400],
        [1, 100],
      ])
      const minutes = minutesOfSlices(stored, sli, Date.now())
      expect(minutes.sum(0, Date.now())).toEqual({ good: 3, total: 4 })
    },
    { timeout: 20_000, interval: 200 },
  )
}, 90_000)
