import { ByteWriter } from './byte-writer.ts'
import type { Load, LoadBatch } from './load-batch.ts'
import { writeNanos } from './nanosecond-patch.ts'
import { keyValue, resource, scope } from './otlp-messages.ts'
import { SampleValues } from './sample-values.ts'
import { benchSeries, type BenchSeries } from './series-labels.ts'

const CUMULATIVE = 2

/** Names by which OTLP carries a pod's labels. */
const RESOURCE_NAMES: Record<string, string> = {
  container: 'k8s.container.name',
  instance: 'service.instance.id',
  job: 'service.name',
  namespace: 'k8s.namespace.name',
  pod: 'k8s.pod.name',
}

/** The series of the remote-write load as OTLP protobuf, uncompressed: a resource a pod, a metric a name. */
export function otlpMetricsLoad(series: number, samplesPerRequest: number): Load {
  const batches: LoadBatch[] = []
  for (let from = 0; from < series; from += samplesPerRequest) {
    batches.push(makeBatch(from, Math.min(samplesPerRequest, series - from)))
  }
  const bytes = batches.reduce((sum, b) => sum + b.body.length, 0)
  return {
    signal: 'samples',
    stepMs: 15_000,
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
  const inOrder: BenchSeries[] = []
  for (const pod of Map.groupBy(all, (s) => JSON.stringify(s.pod)).values()) {
    const metrics = [...Map.groupBy(pod, (s) => s.metric).values()]
    inOrder.push(...metrics.flat())
    request.message(1, resourceMetrics(pod, metrics))
  }
  const kinds = inOrder.map((s) => s.kind)
  return new OtlpMetricsBatch(request, new SampleValues(kinds, from))
}

function resourceMetrics(pod: BenchSeries[], metrics: BenchSeries[][]): ByteWriter {
  const scopeMetrics = new ByteWriter()
  scopeMetrics.message(1, scope('io.opentelemetry.http'))
  for (const series of metrics) scopeMetrics.message(2, metric(series))
  const message = new ByteWriter()
  const labels = pod[0]?.pod ?? []
  message.message(1, resource(labels.map(([name, value]) => [RESOURCE_NAMES[name] ?? name, value])))
  message.message(2, scopeMetrics)
  return message
}

function metric(series: BenchSeries[]): ByteWriter {
  const isCounter = series[0]?.kind === 'counter'
  const data = new ByteWriter()
  for (const one of series) data.message(1, numberPoint(one))
  if (isCounter) {
    data.uint(2, CUMULATIVE)
    data.uint(3, 1)
  }
  const message = new ByteWriter()
  message.string(1, series[0]?.metric ?? '')
  // Metric.sum or Metric.gauge
  message.message(isCounter ? 7 : 5, data)
  return message
}

function numberPoint(series: BenchSeries): ByteWriter {
  const message = new ByteWriter()
  for (const [name, value] of series.own) message.message(7, keyValue(name, value))
  message.fixed64(2, 0n, 'start')
  message.fixed64(3, 0n, 'time')
  message.double(4, 0, 'value')
  return message
}

class OtlpMetricsBatch implements LoadBatch {
  readonly body: Buffer
  readonly rows: number
  readonly #values: SampleValues
  readonly #starts: Uint32Array
  readonly #times: Uint32Array
  readonly #places: Uint32Array
  readonly #view: DataView
  #startMs: number | undefined

  constructor(request: ByteWriter, values: SampleValues) {
    this.body = Buffer.from(request.finish())
    this.rows = values.values.length
    this.#values = values
    this.#starts = request.places('start')
    this.#times = request.places('time')
    this.#places = request.places('value')
    this.#view = new DataView(this.body.buffer, this.body.byteOffset, this.body.length)
  }

  advance(atMs: number): void {
    if (this.#startMs === undefined) {
      this.#startMs = atMs - 60_000
      for (const at of this.#starts) writeNanos(this.#view, at, this.#startMs)
    }
    this.#values.step()
    const { values } = this.#values
    for (let i = 0; i < this.rows; i++) {
      writeNanos(this.#view, this.#times[i] ?? 0, atMs)
      this.#view.setFloat64(this.#places[i] ?? 0, values[i] ?? 0, true)
    }
  }
}
