import type { HistogramPoint } from '../metrics/explicit-histogram.ts'
import type { MetricsNormaliser } from './metrics-normaliser.ts'
import type { ProtobufExemplars } from './protobuf-exemplars.ts'
import { ProtobufPoint } from './protobuf-point.ts'
import type { ByteRange, ProtobufReader } from './protobuf-reader.ts'

const NUMBER_FIELDS = { attributes: 7, flags: 8, exemplars: 5 }
const HISTOGRAM_FIELDS = { attributes: 9, flags: 10, exemplars: 8 }

/** Reads data points and hands each to the normaliser. Makes no object for a number point. */
export class ProtobufPoints {
  readonly #reader: ProtobufReader
  readonly #normaliser: MetricsNormaliser
  readonly #number: ProtobufPoint
  readonly #histogram: ProtobufPoint
  readonly #exemplars: ProtobufExemplars

  constructor(reader: ProtobufReader, normaliser: MetricsNormaliser, exemplars: ProtobufExemplars) {
    this.#reader = reader
    this.#normaliser = normaliser
    this.#number = new ProtobufPoint(reader, NUMBER_FIELDS)
    this.#histogram = new ProtobufPoint(reader, HISTOGRAM_FIELDS)
    this.#exemplars = exemplars
  }

  readNumberPoint(message: ByteRange): void {
    const reader = this.#reader
    const point = this.#number
    let value: number | undefined
    point.begin(message, 'NumberDataPoint')
    while (reader.next()) {
      if (reader.field === 4) value = reader.double()
      else if (reader.field === 6) value = reader.int64At(reader.fixed64())
      else if (!point.take()) reader.skip()
    }
    this.#normaliser.numberPoint(point.attributes, point.start, point.at, value, point.flags)
    point.readExemplars(this.#exemplars)
  }

  readHistogramPoint(message: ByteRange): void {
    const reader = this.#reader
    const point = this.#histogram
    const values: HistogramPoint = { count: 0, sum: NaN, min: NaN, max: NaN, bounds: [], bucketCounts: [] }
    point.begin(message, 'HistogramDataPoint')
    while (reader.next()) if (!takeHistogramField(reader, values) && !point.take()) reader.skip()
    this.#normaliser.histogramPoint(point, values)
    point.readExemplars(this.#exemplars)
  }
}

function takeHistogramField(reader: ProtobufReader, point: HistogramPoint): boolean {
  const { field } = reader
  if (field === 4) point.count = reader.uint64At(reader.fixed64())
  else if (field === 5) point.sum = reader.double()
  else if (field === 6) reader.fixed64s(point.bucketCounts, (offset) => reader.uint64At(offset))
  else if (field === 7) reader.fixed64s(point.bounds, (offset) => reader.doubleAt(offset))
  else if (field === 11) point.min = reader.double()
  else if (field === 12) point.max = reader.double()
  else return false
  return true
}
