import type { CachedSeries } from '../series/cached-series.ts'
import type { MetricHead, MetricKind, MetricsNormaliser } from './metrics-normaliser.ts'
import { ProtobufAttributes } from './protobuf-attributes.ts'
import { ProtobufExemplars } from './protobuf-exemplars.ts'
import { ProtobufOtherPoints } from './protobuf-other-points.ts'
import { ProtobufPoints } from './protobuf-points.ts'
import { ProtobufReader, rangesOf, VARINT, type ByteRange } from './protobuf-reader.ts'

/** Field numbers of the oneof `data` of a Metric (opentelemetry/proto/metrics/v1/metrics.proto). */
const DATA_FIELDS: Record<number, MetricKind> = {
  5: 'gauge',
  7: 'sum',
  9: 'histogram',
  10: 'exponential_histogram',
  11: 'summary',
}

/** A part of a request that is to be read: one point, or all points of a metric. The ranges are the messages' contents. */
export interface MetricsPart {
  resourceMetrics: ByteRange
  scopeMetrics: ByteRange
  metric: ByteRange
  /** null for all points of the metric. */
  point: ByteRange | null
}

/**
 * Drives the normaliser with an ExportMetricsServiceRequest in protobuf. Fields may stand in any order, so each message
 * is walked once to find its parts. Throws NinesError 'bad_request' for malformed bytes; rows before them have been
 * given to the normaliser by then.
 */
export function metricsFromProtobuf(bytes: Buffer, normaliser: MetricsNormaliser): void {
  const walk = new MetricsWalk(bytes, normaliser)
  for (const resourceMetrics of walk.resources())
    for (const scopeMetrics of walk.openResource(resourceMetrics))
      for (const metric of walk.openScope(scopeMetrics)) {
        const points = walk.openMetric(metric)
        for (const point of points) walk.readPoint(point)
      }
}

/**
 * The same with the given parts of the request only. Parts of one metric should stand together. `onRead` is told the
 * series that a point went to; null when it was rejected.
 */
export function metricsFromProtobufParts<P extends MetricsPart>(
  bytes: Buffer,
  parts: Iterable<P>,
  normaliser: MetricsNormaliser,
  onRead?: (part: P, series: CachedSeries | null) => void,
): void {
  const walk = new MetricsWalk(bytes, normaliser)
  const opened = { resource: -1, scope: -1, metric: -1 }
  let points: ByteRange[] = []
  for (const part of parts) {
    const { resourceMetrics, scopeMetrics, metric, point } = part
    if (resourceMetrics.start !== opened.resource) {
      walk.openResource(resourceMetrics)
      opened.scope = -1
    }
    if (scopeMetrics.start !== opened.scope) {
      walk.openScope(scopeMetrics)
      opened.metric = -1
    }
    if (metric.start !== opened.metric) points = walk.openMetric(metric)
    opened.resource = resourceMetrics.start
    opened.scope = scopeMetrics.start
    opened.metric = metric.start
    for (const range of point ? [point] : points) walk.readPoint(range)
    onRead?.(part, normaliser.pointSeries)
  }
}

/** Goes into the messages of a request one by one and tells the normaliser what it finds. */
class MetricsWalk {
  readonly #reader: ProtobufReader
  readonly #normaliser: MetricsNormaliser
  readonly #points: ProtobufPoints
  readonly #otherPoints: ProtobufOtherPoints
  #kind: MetricKind = 'gauge'

  constructor(bytes: Buffer, normaliser: MetricsNormaliser) {
    this.#reader = new ProtobufReader(bytes)
    this.#normaliser = normaliser
    const exemplars = new ProtobufExemplars(this.#reader, normaliser)
    this.#points = new ProtobufPoints(this.#reader, normaliser, exemplars)
    this.#otherPoints = new ProtobufOtherPoints(this.#reader, normaliser, exemplars)
  }

  resources(): ByteRange[] {
    this.#reader.open(0, this.#reader.bytes.length, 'ExportMetricsServiceRequest')
    return rangesOf(this.#reader, 1)
  }

  /** Answers the ScopeMetrics. */
  openResource({ start, end }: ByteRange): ByteRange[] {
    const reader = this.#reader
    const [resources, scopes] = this.#fieldsOneAndTwo(start, end, 'ResourceMetrics')
    const attributes = new ProtobufAttributes(reader, 1)
    // A singular message that occurs several times counts as merged.
    for (const resource of resources) {
      attributes.continue(resource)
      reader.open(resource.start, resource.end, 'Resource')
      while (reader.next()) {
        if (reader.field === 1) attributes.pass(reader)
        else reader.skip()
      }
    }
    this.#normaliser.resource(attributes)
    return scopes
  }

  /** Answers the Metrics. */
  openScope({ start, end }: ByteRange): ByteRange[] {
    const reader = this.#reader
    const [scopes, metrics] = this.#fieldsOneAndTwo(start, end, 'ScopeMetrics')
    let name = ''
    for (const scope of scopes) {
      reader.open(scope.start, scope.end, 'InstrumentationScope')
      while (reader.next()) {
        if (reader.field === 1) name = reader.string()
        else reader.skip()
      }
    }
    this.#normaliser.scope(name)
    return metrics
  }

  /** Answers the points. */
  openMetric({ start, end }: ByteRange): ByteRange[] {
    const reader = this.#reader
    reader.open(start, end, 'Metric')
    const texts = { name: '', description: '', unit: '' }
    let kind: MetricKind | undefined
    let data: ByteRange[] = []
    while (reader.next()) {
      const found = DATA_FIELDS[reader.field]
      if (found) {
        // Of a oneof the last member counts; parts of the same member are merged.
        if (found !== kind) data = []
        kind = found
        data.push(reader.range())
      } else if (reader.field === 1) texts.name = reader.string()
      else if (reader.field === 2) texts.description = reader.string()
      else if (reader.field === 3) texts.unit = reader.string()
      else reader.skip()
    }
    if (!kind) return []
    this.#kind = kind
    return this.#openData({ ...texts, kind, temporality: 0, monotonic: false }, data)
  }

  readPoint(point: ByteRange): void {
    if (this.#kind === 'gauge' || this.#kind === 'sum') this.#points.readNumberPoint(point)
    else if (this.#kind === 'histogram') this.#points.readHistogramPoint(point)
    else if (this.#kind === 'summary') this.#otherPoints.readSummaryPoint(point)
    else this.#otherPoints.readExponentialPoint(point)
  }

  #openData(head: MetricHead, data: readonly ByteRange[]): ByteRange[] {
    const reader = this.#reader
    const { kind } = head
    const hasTemporality = kind !== 'gauge' && kind !== 'summary'
    const points: ByteRange[] = []
    for (const { start, end } of data) {
      reader.open(start, end, `Metric.${kind}`)
      while (reader.next()) {
        if (reader.field === 1) points.push(reader.range())
        else if (reader.field === 2 && reader.wire === VARINT && hasTemporality) head.temporality = reader.uint32()
        else if (reader.field === 3 && reader.wire === VARINT && kind === 'sum') head.monotonic = reader.uint32() !== 0
        else reader.skip()
      }
    }
    this.#normaliser.metric(head)
    return points
  }

  #fieldsOneAndTwo(start: number, end: number, inside: string): [ByteRange[], ByteRange[]] {
    const reader = this.#reader
    const [first, second]: [ByteRange[], ByteRange[]] = [[], []]
    reader.open(start, end, inside)
    while (reader.next()) {
      if (reader.field === 1) first.push(reader.range())
      else if (reader.field === 2) second.push(reader.range())
      else reader.skip()
    }
    return [first, second]
  }
}
