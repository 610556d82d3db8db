import { ByteWriter } from './byte-writer.ts'
import type { Load, LoadBatch } from './load-batch.ts'
import { keyValue, resource, scope } from './otlp-messages.ts'
import { SampleValues } from './sample-values.ts'
import { benchSeries, type BenchSeries, type SampleKind } from './series-labels.ts'

const CUMULATIVE = 2

/** Names by which OTLP carries a pod's labels. */
const RESOURCE_NAMES: Record<string, string> = {
  container: 'k8s.container.name',
  instance: 'service.instance.id',
  job: 'service.name',
  namespace: 'k8s.namespace.name',
  pod: 'k8s.pod.name',
}

/** Places of a point's start time, time and value in the request. */
interface PointPlaces {
  start: number
  time: number
  value: number
  kind: SampleKind
}

/** The series of the remote-write load as OTLP protobuf, uncompressed: a resource a pod, a metric a name. */
export function otlpMetricsLoad(series: number, samplesPerRequest: number): Load {
  const batches: LoadBatch[] = []
  for (let from = 0; from < series; from += samplesPerRequest) {
    batches.push(makeBatch(from, Math.min(samplesPerRequest, series - from)))
  }
  const bytes = batches.reduce((sum, b) => sum + b.body.length, 0)
  return {
    path: '/v1/metrics',
    headers: { 'content-type': 'application/x-protobuf' },
    batches,
    sentBytes: bytes,
    plainBytes: bytes,
  }
}

function makeBatch(from: number, rows: number): OtlpMetricsBatch {
  const all = Array.from({ length: rows }, (_, i) => benchSeries(from + i))
  const request = new ByteWriter()
  const places: PointPlaces[] = []
  for (const pod of Map.groupBy(all, (s) => JSON.stringify(s.pod)).values()) {
    const { body, points } = resourceMetrics(pod)
    const at = request.message(1, body)
    places.push(...moved(points, at))
  }
  return new OtlpMetricsBatch(Buffer.from(request.finish()), places, from)
}

function resourceMetrics(pod: BenchSeries[]): { body: ByteWriter; points: PointPlaces[] } {
  const scopeMetrics = new ByteWriter()
  scopeMetrics.message(1, scope('io.opentelemetry.http'))
  const points: PointPlaces[] = []
  for (const [name, series] of Map.groupBy(pod, (s) => s.metric)) {
    const metric = metricMessage(name, series)
    points.push(...moved(metric.points, scopeMetrics.message(2, metric.body)))
  }
  const body = new ByteWriter()
  const labels = pod[0]?.pod ?? []
  body.message(1, resource(labels.map(([name, value]) => [RESOURCE_NAMES[name] ?? name, value])))
  return { body, points: moved(points, body.message(2, scopeMetrics)) }
}

function metricMessage(name: string, series: BenchSeries[]): { body: ByteWriter; points: PointPlaces[] } {
  const kind = series[0]?.kind ?? 'constant'
  const data = new ByteWriter()
  const points: PointPlaces[] = []
  for (const one of series) {
    const point = numberPoint(one)
    points.push(...moved([point.places], data.message(1, point.body)))
  }
  if (kind === 'counter') {
    data.uint(2, CUMULATIVE)
    data.uint(3, 1)
  }
  const body = new ByteWriter()
  body.string(1, name)
  // Metric.sum or Metric.gauge
  return { body, points: moved(points, body.message(kind === 'counter' ? 7 : 5, data)) }
}

function numberPoint(series: BenchSeries): { body: ByteWriter; places: PointPlaces } {
  const body = new ByteWriter()
  for (const [name, value] of series.own) body.message(7, keyValue(name, value))
  const start = body.fixed64(2, 0n)
  const time = body.fixed64(3, 0n)
  const value = body.double(4, 0)
  return { body, places: { start, time, value, kind: series.kind } }
}

function moved(points: PointPlaces[], by: number): PointPlaces[] {
  return points.map((p) => ({ kind: p.kind, start: p.start + by, time: p.time + by, value: p.value + by }))
}

class OtlpMetricsBatch implements LoadBatch {
  readonly body: Buffer
  readonly rows: number
  readonly #values: SampleValues
  readonly #startPlaces: Uint32Array
  readonly #timePlaces: Uint32Array
  readonly #valuePlaces: Uint32Array
  readonly #view: DataView
  #startMs: number | undefined

  constructor(body: Buffer, places: PointPlaces[], firstIndex: number) {
    this.body = body
    this.rows = places.length
    this.#values = new SampleValues(
      places.map((p) => p.kind),
      firstIndex,
    )
    this.#startPlaces = Uint32Array.from(places, (p) => p.start)
    this.#timePlaces = Uint32Array.from(places, (p) => p.time)
    this.#valuePlaces = Uint32Array.from(places, (p) => p.value)
    this.#view = new DataView(body.buffer, body.byteOffset, body.length)
  }

  advance(atMs: number): void {
    if (this.#startMs === undefined) {
      this.#startMs = atMs - 60_000
      const start = BigInt(this.#startMs) * 1_000_000n
      for (const place of this.#startPlaces) this.#view.setBigUint64(place, start, true)
    }
    this.#values.step()
    const { values } = this.#values
    const nanos = BigInt(atMs) * 1_000_000n
    const low = Number(nanos & 0xffff_ffffn)
    const high = Number(nanos >> 32n)
    for (let i = 0; i < this.rows; i++) {
      const time = this.#timePlaces[i] ?? 0
      this.#view.setUint32(time, low, true)
      this.#view.setUint32(time + 4, high, true)
      this.#view.setFloat64(this.#valuePlaces[i] ?? 0, values[i] ?? 0, true)
    }
  }
}
