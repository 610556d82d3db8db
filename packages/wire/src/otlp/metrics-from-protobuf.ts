import type { SeriesKind } from '@nines/contracts'
import type { MetricsNormaliser } from './metrics-normaliser.ts'
import { ProtobufAttributes } from './protobuf-attributes.ts'
import { ProtobufPoints } from './protobuf-points.ts'
import { ProtobufReader, rangesOf, VARINT, type ByteRange } from './protobuf-reader.ts'

/** Field numbers of the oneof `data` of a Metric (opentelemetry/proto/metrics/v1/metrics.proto). */
const DATA_FIELDS: Record<number, SeriesKind | 'exponential histogram' | 'summary'> = {
  5: 'gauge',
  7: 'sum',
  9: 'histogram',
  10: 'exponential histogram',
  11: 'summary',
}

/**
 * Drives the normaliser with an ExportMetricsServiceRequest in protobuf. Fields may stand in any order, so each message
 * is walked once to find its parts. Throws NinesError 'bad_request' for malformed bytes; rows before them have been
 * given to the normaliser by then.
 */
export function metricsFromProtobuf(bytes: Buffer, normaliser: MetricsNormaliser): void {
  const reader = new ProtobufReader(bytes)
  const walk: Walk = { reader, normaliser, points: new ProtobufPoints(reader, normaliser) }
  reader.open(0, bytes.length, 'ExportMetricsServiceRequest')
  for (const range of rangesOf(reader, 1)) readResourceMetrics(walk, range)
}

interface Walk {
  reader: ProtobufReader
  normaliser: MetricsNormaliser
  points: ProtobufPoints
}

function readResourceMetrics({ reader, normaliser, points }: Walk, { start, end }: ByteRange): void {
  reader.open(start, end, 'ResourceMetrics')
  const resources: ByteRange[] = []
  const scopes: ByteRange[] = []
  while (reader.next()) {
    if (reader.field === 1) resources.push(reader.range())
    else if (reader.field === 2) scopes.push(reader.range())
    else reader.skip()
  }
  const attributes = new ProtobufAttributes(reader.bytes, 1)
  // A singular message that occurs several times counts as merged.
  for (const resource of resources) {
    attributes.continue(resource)
    reader.open(resource.start, resource.end, 'Resource')
    while (reader.next()) {
      if (reader.field === 1) attributes.pass(reader)
      else reader.skip()
    }
  }
  normaliser.resource(attributes)
  for (const scope of scopes) readScopeMetrics({ reader, normaliser, points }, scope)
}

function readScopeMetrics(walk: Walk, { start, end }: ByteRange): void {
  const { reader, normaliser } = walk
  reader.open(start, end, 'ScopeMetrics')
  const scopes: ByteRange[] = []
  const metrics: ByteRange[] = []
  while (reader.next()) {
    if (reader.field === 1) scopes.push(reader.range())
    else if (reader.field === 2) metrics.push(reader.range())
    else reader.skip()
  }
  let name = ''
  for (const scope of scopes) {
    reader.open(scope.start, scope.end, 'InstrumentationScope')
    while (reader.next()) {
      if (reader.field === 1) name = reader.string()
      else reader.skip()
    }
  }
  normaliser.scope(name)
  for (const metric of metrics) readMetric(walk, metric)
}

function readMetric(walk: Walk, { start, end }: ByteRange): void {
  const { reader } = walk
  reader.open(start, end, 'Metric')
  const head = { name: '', description: '', unit: '' }
  let kind: (typeof DATA_FIELDS)[number] | undefined
  let data: ByteRange[] = []
  while (reader.next()) {
    const found = DATA_FIELDS[reader.field]
    if (found) {
      // Of a oneof the last member counts; parts of the same member are merged.
      if (found !== kind) data = []
      kind = found
      data.push(reader.range())
    } else if (reader.field === 1) head.name = reader.string()
    else if (reader.field === 2) head.description = reader.string()
    else if (reader.field === 3) head.unit = reader.string()
    else reader.skip()
  }
  if (kind) readData(walk, head, kind, data)
}

function readData(
  { reader, normaliser, points }: Walk,
  head: { name: string; description: string; unit: string },
  kind: (typeof DATA_FIELDS)[number],
  data: ByteRange[],
): void {
  let temporality = 0
  let monotonic = false
  const found: ByteRange[] = []
  for (const range of data) {
    reader.open(range.start, range.end, `Metric.${kind}`)
    while (reader.next()) {
      if (reader.field === 1) found.push(reader.range())
      else if (reader.field === 2 && reader.wire === VARINT && kind !== 'gauge') temporality = reader.uint32()
      else if (reader.field === 3 && reader.wire === VARINT && kind === 'sum') monotonic = reader.uint32() !== 0
      else reader.skip()
    }
  }
  if (kind === 'exponential histogram' || kind === 'summary')
    return normaliser.rejectPoints(head.name, unsupportedKind(kind), found.length)
  normaliser.metric({ ...head, kind, temporality, monotonic })
  for (const range of found) {
    if (kind === 'histogram') points.readHistogramPoint(range)
    else points.readNumberPoint(range)
  }
}

/** The same words in every encoding. */
export function unsupportedKind(kind: 'exponential histogram' | 'summary'): string {
  return kind === 'summary'
    ? 'summaries are not accepted; export a histogram instead'
    : 'exponential histograms are not accepted yet; export explicit buckets instead'
}
