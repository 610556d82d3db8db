import type { CheckRun, SeriesDefinition } from '@nines/contracts'
import {
  BlockBuilder,
  emptyBlock,
  logsFromJson,
  LogsNormaliser,
  seriesId,
  tracesFromJson,
  TracesNormaliser,
  type Block,
  type ExponentialHistogramRow,
  type HistogramRow,
} from '@nines/wire'

export const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const DAYS = 29

/** When the month ends, epoch ms: nothing that is looked at lies behind it. */
export const END = Math.floor(Date.now() / (10 * MINUTE)) * 10 * MINUTE - 10 * MINUTE
export const START = END - DAYS * DAY

/** Instants of the month, so many ms apart, each in the middle of its minute. */
function instants(step: number): number[] {
  return Array.from({ length: (DAYS * DAY) / step }, (_, i) => START + i * step + MINUTE / 2)
}

interface Family {
  series: SeriesDefinition[]
  samples: [id: bigint, at: number, value: number][]
  histograms: HistogramRow[]
  exponentialHistograms: ExponentialHistogramRow[]
}

const none = (): Family => ({ series: [], samples: [], histograms: [], exponentialHistograms: [] })

function series(metric: string, labels: Record<string, string>, change: Partial<SeriesDefinition> = {}) {
  const definition = {
    metric,
    kind: 'sum' as const,
    temporality: 'cumulative' as const,
    monotonic: true,
    unit: '',
    description: '',
    labels,
    ...change,
  }
  return { id: seriesId(definition), ...definition }
}

/** A counter that grows at each instant by what `grows` says. */
function counter(family: Family, definition: SeriesDefinition, step: number, grows: (i: number) => number): void {
  family.series.push(definition)
  let sum = 0
  for (const [i, at] of instants(step).entries()) {
    sum = definition.temporality === 'delta' ? grows(i) : sum + grows(i)
    family.samples.push([BigInt(definition.id), at, sum])
  }
}

/** A running explicit-bounds histogram. */
function histogram(family: Family, definition: SeriesDefinition, grows: (i: number) => number[]): void {
  family.series.push(definition)
  let counts = [0, 0, 0, 0, 0]
  for (const [i, at] of instants(10 * MINUTE).entries()) {
    const more = grows(i)
    counts = counts.map((count, bucket) => count + (more[bucket] ?? 0))
    const count = counts.reduce((sum, one) => sum + one, 0)
    const row = { series: BigInt(definition.id), at, start: 0, count, sum: count / 10, min: NaN, max: NaN }
    family.histograms.push({ ...row, bounds: [0.1, 0.25, 0.5, 1], bucketCounts: counts })
  }
}

/** OpenTelemetry's HTTP metrics: one of some 5,000 requests fails, one of 250 takes longer than half a second. */
function otel(): Family {
  const family = none()
  const of = (route: string, status: string) =>
    series(
      'http.server.request.duration',
      { 'service.name': 'otel', 'http.route': route, 'http.response.status_code': status },
      { kind: 'histogram', monotonic: false, unit: 's' },
    )
  histogram(family, of('/a', '200'), () => [160, 30, 9, 1, 0])
  histogram(family, of('/b', '200'), () => [48, 1, 1, 0, 0])
  histogram(family, of('/a', '500'), (i) => [Number(i % 20 === 10), 0, 0, 0, 0])
  return family
}

/** Prometheus counters: one request in a hundred fails on one day, none on the others. */
function prom(): Family {
  const family = none()
  const isBad = (i: number) => Math.floor(i / 1440) === 10 && i % 2 === 0
  counter(family, series('http_requests_total', { job: 'prom', code: '200' }), MINUTE, (i) => (isBad(i) ? 49 : 50))
  counter(family, series('http_requests_total', { job: 'prom', code: '500' }), MINUTE, (i) => Number(isBad(i)))
  for (const [le, count] of Object.entries({ '0.1': 180, '0.3': 199, '1.0': 200, '+Inf': 200 }))
    counter(family, series('http_request_duration_seconds_bucket', { job: 'prom', le }), 10 * MINUTE, () => count)
  counter(family, series('http_request_duration_seconds_count', { job: 'prom' }), 10 * MINUTE, () => 200)
  // Of another service, which the same job scrapes.
  const other = series('http_requests_total', { job: 'prom', service: 'other', code: '500' })
  counter(family, other, HOUR, () => 1_000)
  return family
}

/** Ten requests an hour, one of which failed in the first week and one in the last. */
function rare(): Family {
  const family = none()
  const of = (status: string) => series('http_requests_total', { service: 'rare', status }, { temporality: 'delta' })
  const isBad = (i: number) => i === 70 || i === 600
  counter(family, of('200'), HOUR, (i) => (isBad(i) ? 9 : 10))
  counter(family, of('500'), HOUR, (i) => Number(isBad(i)))
  return family
}

/** What the store computes from spans of two operations, and a queue's lag. */
function red(): Family {
  const family = none()
  const of = (metric: string, operation: string, status: string, change: Partial<SeriesDefinition> = {}) => {
    const labels = { 'span.name': operation, 'span.kind': 'SPAN_KIND_SERVER', 'status.code': `STATUS_CODE_${status}` }
    return series(metric, { 'service.name': 'red', ...labels }, { temporality: 'delta', ...change })
  }
  const calls = 'traces.span.metrics.calls'
  counter(family, of(calls, 'GET /x', 'UNSET'), 10 * MINUTE, () => 100)
  counter(family, of(calls, 'POST /y', 'UNSET'), 10 * MINUTE, () => 40)
  counter(family, of(calls, 'POST /z', 'UNSET'), 10 * MINUTE, () => 1)
  counter(family, of(calls, 'GET /x', 'ERROR'), 10 * MINUTE, (i) => Number(i % 10 === 0))
  const native = { kind: 'exponential_histogram', monotonic: false, unit: 's' } as const
  for (const [operation, counts] of [
    ['GET /x', [90, 9, 1]],
    ['POST /y', [0, 40, 0]],
  ] as const) {
    const definition = of('traces.span.metrics.duration', operation, 'UNSET', native)
    family.series.push(definition)
    for (const at of instants(10 * MINUTE)) {
      const count = counts.reduce((sum: number, one) => sum + one, 0)
      family.exponentialHistograms.push({
        series: BigInt(definition.id),
        at,
        start: at - 1000,
        count,
        sum: count / 10,
        min: NaN,
        max: NaN,
        scale: 0,
        zeroThreshold: 0,
        zeroCount: 0,
        // (1/16, 1/8], (1/8, 1/4], (1/4, 1/2] seconds.
        positiveOffset: -4,
        positiveCounts: [...counts],
        negativeOffset: 0,
        negativeCounts: [],
      })
    }
  }
  const lag = series(
    'orders.queue.lag',
    { 'service.name': 'red' },
    { kind: 'gauge', temporality: 'unspecified', monotonic: false, unit: 's' },
  )
  counter(family, { ...lag, temporality: 'delta' }, 10 * MINUTE, (i) => (i % 50 === 0 ? 90 : 2 + (i % 7)))
  family.series.splice(-1, 1, lag)
  return family
}

/** A month of series of services that send them in different shapes. */
export function seriesBlock(workspace: number): Block {
  const families = [otel(), prom(), rare(), red()]
  const samples = families.flatMap((family) => family.samples)
  return {
    ...emptyBlock(workspace, Date.now()),
    series: families.flatMap((family) => family.series),
    samples: {
      series: BigUint64Array.from(samples, ([id]) => id),
      at: Float64Array.from(samples, ([, at]) => at),
      start: new Float64Array(samples.length),
      value: Float64Array.from(samples, ([, , value]) => value),
    },
    histograms: families.flatMap((family) => family.histograms),
    exponentialHistograms: families.flatMap((family) => family.exponentialHistograms),
  }
}

/** Runs of a check every ten minutes, of which one in two hundred failed. */
export function checkRuns(checkId: string): CheckRun[] {
  return instants(10 * MINUTE).map((at, i) => ({
    checkId,
    location: 'here',
    runId: `${checkId}@here@${at}`,
    scheduledAt: at,
    startedAt: at,
    durationMs: 5,
    ok: i % 200 !== 100,
    statusCode: 200,
    error: '',
    phases: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, transferMs: null },
  }))
}

const resourceOf = (service: string) => ({
  attributes: [{ key: 'service.name', value: { stringValue: service } }],
})
const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)

/** Twenty spans an hour of a service without metrics: one in five hundred failed, one in fifty took 800 ms. */
export function spansBlock(workspace: number): Block {
  const builder = new BlockBuilder(workspace, Date.now())
  const traces = new TracesNormaliser(builder, Date.now())
  const spans = instants(3 * MINUTE).map((at, i) => ({
    traceId: i.toString(16).padStart(32, 'a'),
    spanId: i.toString(16).padStart(16, 'b'),
    name: 'GET /',
    kind: 2,
    startTimeUnixNano: nanos(at),
    endTimeUnixNano: nanos(at + (i % 50 === 7 ? 800 : 100)),
    status: { code: i % 500 === 3 ? 2 : 0 },
    attributes: [],
  }))
  const resourceSpans = [{ resource: resourceOf('spans'), scopeSpans: [{ spans }] }]
  tracesFromJson(Buffer.from(JSON.stringify({ resourceSpans })), traces)
  return builder.finish()
}

/** Thirty log records an hour of a service that sends nothing else: one in a hundred is an error. */
export function logsBlock(workspace: number): Block {
  const builder = new BlockBuilder(workspace, Date.now())
  const records = new LogsNormaliser(builder, Date.now())
  const logRecords = instants(2 * MINUTE).map((at, i) => ({
    timeUnixNano: nanos(at),
    severityNumber: i % 100 === 5 ? 17 : 9,
    body: { stringValue: `line ${i}` },
    attributes: [],
  }))
  const resourceLogs = [{ resource: resourceOf('logs'), scopeLogs: [{ logRecords }] }]
  logsFromJson(Buffer.from(JSON.stringify({ resourceLogs })), records)
  return builder.finish()
}
