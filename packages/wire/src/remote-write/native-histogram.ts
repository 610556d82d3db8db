import type { ByteRange, ProtobufReader } from '../otlp/protobuf-reader.ts'
import { VARINT } from '../otlp/protobuf-reader.ts'
import { isStaleWords } from '../metrics/stale-marker.ts'

/** Gaps and lengths of runs of buckets, and what stands in the buckets: counts, or for integers their differences. */
export interface NativeSide {
  /** [offset, length, offset, length, …] */
  spans: number[]
  deltas: number[]
  counts: number[]
}

/** A native histogram as remote write carries it (prometheus.Histogram, io.prometheus.write.v2.Histogram). */
export interface NativeHistogram {
  /** Counts are any numbers, as recording rules make them; else integers. */
  isFloat: boolean
  count: number
  sum: number
  /** The sum is the stale marker: the series has ended. */
  isStale: boolean
  /** -53 for custom bounds, else base = 2^(2^-schema). */
  schema: number
  zeroThreshold: number
  zeroCount: number
  negative: NativeSide
  positive: NativeSide
  /** 3 says that it is a gauge: counts may fall. */
  resetHint: number
  /** Epoch ms. */
  at: number
  /** 0 when unknown. */
  start: number
  customValues: number[]
}

export const GAUGE_HINT = 3
export const CUSTOM_SCHEMA = -53

/** Reads the message; both versions number its fields alike. Unknown fields are passed over. */
export function readNativeHistogram(reader: ProtobufReader, { start, end }: ByteRange): NativeHistogram {
  const histogram: NativeHistogram = {
    isFloat: false,
    count: 0,
    sum: 0,
    isStale: false,
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    negative: { spans: [], deltas: [], counts: [] },
    positive: { spans: [], deltas: [], counts: [] },
    resetHint: 0,
    at: 0,
    start: 0,
    customValues: [],
  }
  const spans: [NativeSide, ByteRange][] = []
  reader.open(start, end, 'Histogram')
  while (reader.next()) {
    if (reader.field === 8) spans.push([histogram.negative, reader.range()])
    else if (reader.field === 11) spans.push([histogram.positive, reader.range()])
    else if (!takeScalar(reader, histogram) && !takeBuckets(reader, histogram)) reader.skip()
  }
  for (const [side, range] of spans) readSpan(reader, range, side)
  return histogram
}

function takeScalar(reader: ProtobufReader, histogram: NativeHistogram): boolean {
  const { field } = reader
  // Of a oneof the last member counts.
  if (field === 1 || field === 2) {
    histogram.isFloat = field === 2
    histogram.count = field === 2 ? reader.double() : varint(reader)
  } else if (field === 3) {
    const offset = reader.fixed64()
    histogram.isStale = isStaleWords(reader.lowWord(offset), reader.highWord(offset))
    histogram.sum = reader.doubleAt(offset)
  } else if (field === 4) {
    reader.expect(VARINT)
    histogram.schema = reader.sint32()
  } else if (field === 5) histogram.zeroThreshold = reader.double()
  else if (field === 6) histogram.zeroCount = varint(reader)
  else if (field === 7) histogram.zeroCount = reader.double()
  else if (field === 14) histogram.resetHint = varint(reader)
  else if (field === 15) histogram.at = reader.int64AsNumber()
  else if (field === 17) histogram.start = reader.int64AsNumber()
  else return false
  return true
}

function takeBuckets(reader: ProtobufReader, { negative, positive, customValues }: NativeHistogram): boolean {
  const double = (offset: number) => reader.doubleAt(offset)
  const { field } = reader
  if (field === 9) reader.varints(() => negative.deltas.push(reader.sint64()))
  else if (field === 10) reader.fixed64s(negative.counts, double)
  else if (field === 12) reader.varints(() => positive.deltas.push(reader.sint64()))
  else if (field === 13) reader.fixed64s(positive.counts, double)
  else if (field === 16) reader.fixed64s(customValues, double)
  else return false
  return true
}

/** BucketSpan: offset = 1 (sint32), length = 2. */
function readSpan(reader: ProtobufReader, { start, end }: ByteRange, side: NativeSide): void {
  let offset = 0
  let length = 0
  reader.open(start, end, 'BucketSpan')
  while (reader.next()) {
    if (reader.field === 1) {
      reader.expect(VARINT)
      offset = reader.sint32()
    } else if (reader.field === 2) {
      reader.expect(VARINT)
      length = reader.uint32()
    } else reader.skip()
  }
  side.spans.push(offset, length)
}

function varint(reader: ProtobufReader): number {
  reader.expect(VARINT)
  return reader.uint64()
}
