import type { ExponentialPoint } from '../metrics/exponential-histogram.ts'
import { sparseBuckets, type DenseBuckets } from '../metrics/sparse-buckets.ts'
import type { MetricsNormaliser } from './metrics-normaliser.ts'
import type { ProtobufExemplars } from './protobuf-exemplars.ts'
import { ProtobufPoint } from './protobuf-point.ts'
import { VARINT, type ByteRange, type ProtobufReader } from './protobuf-reader.ts'
import type { SummaryPoint } from './summary-series.ts'

const EXPONENTIAL_FIELDS = { attributes: 1, flags: 10, exemplars: 11 }
const SUMMARY_FIELDS = { attributes: 7, flags: 8, exemplars: 0 }

/** Reads the points of exponential histograms and summaries and hands each to the normaliser. */
export class ProtobufOtherPoints {
  readonly #reader: ProtobufReader
  readonly #normaliser: MetricsNormaliser
  readonly #exponential: ProtobufPoint
  readonly #summary: ProtobufPoint
  readonly #exemplars: ProtobufExemplars

  constructor(reader: ProtobufReader, normaliser: MetricsNormaliser, exemplars: ProtobufExemplars) {
    this.#reader = reader
    this.#normaliser = normaliser
    this.#exponential = new ProtobufPoint(reader, EXPONENTIAL_FIELDS)
    this.#summary = new ProtobufPoint(reader, SUMMARY_FIELDS)
    this.#exemplars = exemplars
  }

  /**
   * ExponentialHistogramDataPoint: count = 4, sum = 5, scale = 6, zero_count = 7, positive = 8, negative = 9, min = 12,
   * max = 13, zero_threshold = 14.
   */
  readExponentialPoint(message: ByteRange): void {
    const reader = this.#reader
    const point = this.#exponential
    const values = { count: 0, sum: NaN, min: NaN, max: NaN, scale: 0, zeroThreshold: 0, zeroCount: 0 }
    const positive: ByteRange[] = []
    const negative: ByteRange[] = []
    point.begin(message, 'ExponentialHistogramDataPoint')
    while (reader.next()) {
      if (reader.field === 8) positive.push(reader.range())
      else if (reader.field === 9) negative.push(reader.range())
      else if (!takeExponentialField(reader, values) && !point.take()) reader.skip()
    }
    const sides = { positive: this.#side(positive), negative: this.#side(negative) }
    this.#normaliser.exponentialPoint(point, { ...values, ...sides })
    point.readExemplars(this.#exemplars)
  }

  /** SummaryDataPoint: count = 4, sum = 5, quantile_values = 6, each with quantile = 1 and value = 2. */
  readSummaryPoint(message: ByteRange): void {
    const reader = this.#reader
    const point = this.#summary
    const values: SummaryPoint = { count: 0, sum: 0, quantiles: [] }
    const quantiles: ByteRange[] = []
    point.begin(message, 'SummaryDataPoint')
    while (reader.next()) {
      if (reader.field === 4) values.count = reader.uint64At(reader.fixed64())
      else if (reader.field === 5) values.sum = reader.double()
      else if (reader.field === 6) quantiles.push(reader.range())
      else if (!point.take()) reader.skip()
    }
    values.quantiles = quantiles.map((range) => this.#quantile(range))
    this.#normaliser.summaryPoint(point, values)
  }

  #quantile({ start, end }: ByteRange): { quantile: number; value: number } {
    const reader = this.#reader
    const found = { quantile: 0, value: 0 }
    reader.open(start, end, 'ValueAtQuantile')
    while (reader.next()) {
      if (reader.field === 1) found.quantile = reader.double()
      else if (reader.field === 2) found.value = reader.double()
      else reader.skip()
    }
    return found
  }

  /** Buckets: offset = 1 (sint32), bucket_counts = 2 (uint64, packed as a rule). Parts of the message are merged. */
  #side(parts: readonly ByteRange[]) {
    const reader = this.#reader
    const dense: DenseBuckets = { offset: 0, counts: [] }
    for (const { start, end } of parts) {
      reader.open(start, end, 'Buckets')
      while (reader.next()) {
        if (reader.field === 1) {
          reader.expect(VARINT)
          dense.offset = reader.sint32()
        } else if (reader.field === 2) reader.varints(() => dense.counts.push(reader.uint64()))
        else reader.skip()
      }
    }
    return sparseBuckets(dense)
  }
}

function takeExponentialField(reader: ProtobufReader, point: Omit<ExponentialPoint, 'positive' | 'negative'>): boolean {
  const { field } = reader
  if (field === 4) point.count = reader.uint64At(reader.fixed64())
  else if (field === 5) point.sum = reader.double()
  else if (field === 6) {
    reader.expect(VARINT)
    point.scale = reader.sint32()
  } else if (field === 7) point.zeroCount = reader.uint64At(reader.fixed64())
  else if (field === 12) point.min = reader.double()
  else if (field === 13) point.max = reader.double()
  else if (field === 14) point.zeroThreshold = reader.double()
  else return false
  return true
}
