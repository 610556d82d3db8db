import type { HistogramPoint, MetricsNormaliser } from './metrics-normaliser.ts'
import { ProtobufAttributes } from './protobuf-attributes.ts'
import { FIXED64, LENGTH, VARINT, type ByteRange, type ProtobufReader } from './protobuf-reader.ts'
import { wordsToMs } from './unix-nanos.ts'

/** Reads data points and hands each to the normaliser. Makes no object for a number point. */
export class ProtobufPoints {
  readonly #reader: ProtobufReader
  readonly #normaliser: MetricsNormaliser
  readonly #numberAttributes: ProtobufAttributes
  readonly #histogramAttributes: ProtobufAttributes

  constructor(reader: ProtobufReader, normaliser: MetricsNormaliser) {
    this.#reader = reader
    this.#normaliser = normaliser
    this.#numberAttributes = new ProtobufAttributes(reader.bytes, 7)
    this.#histogramAttributes = new ProtobufAttributes(reader.bytes, 9)
  }

  readNumberPoint(message: ByteRange): void {
    const reader = this.#reader
    const attributes = this.#numberAttributes
    let start = 0
    let at = 0
    let value: number | undefined
    let flags = 0
    attributes.begin(message)
    reader.open(message.start, message.end, 'NumberDataPoint')
    while (reader.next()) {
      switch (reader.field) {
        case 2:
          start = this.#time()
          break
        case 3:
          at = this.#time()
          break
        case 4:
          value = reader.double()
          break
        case 6:
          value = reader.int64At(reader.fixed64())
          break
        case 7:
          attributes.pass(reader)
          break
        case 8:
          flags = this.#flags()
          break
        default:
          reader.skip()
      }
    }
    this.#normaliser.numberPoint(attributes, start, at, value, flags)
  }

  readHistogramPoint(message: ByteRange): void {
    const reader = this.#reader
    const attributes = this.#histogramAttributes
    const point: HistogramPoint = { count: 0, sum: NaN, min: NaN, max: NaN, bounds: [], bucketCounts: [] }
    let start = 0
    let at = 0
    let flags = 0
    attributes.begin(message)
    reader.open(message.start, message.end, 'HistogramDataPoint')
    while (reader.next()) {
      if (reader.field === 2) start = this.#time()
      else if (reader.field === 3) at = this.#time()
      else if (reader.field === 9) attributes.pass(reader)
      else if (reader.field === 10) flags = this.#flags()
      else this.#histogramField(point)
    }
    this.#normaliser.histogramPoint(attributes, start, at, point, flags)
  }

  #histogramField(point: HistogramPoint): void {
    const reader = this.#reader
    switch (reader.field) {
      case 4:
        point.count = reader.uint64At(reader.fixed64())
        break
      case 5:
        point.sum = reader.double()
        break
      case 6:
        this.#packed(point.bucketCounts, (offset) => reader.uint64At(offset))
        break
      case 7:
        this.#packed(point.bounds, (offset) => reader.doubleAt(offset))
        break
      case 11:
        point.min = reader.double()
        break
      case 12:
        point.max = reader.double()
        break
      default:
        reader.skip()
    }
  }

  /** A repeated 8-byte field, packed or one by one: a parser must take both. */
  #packed(into: number[], valueAt: (offset: number) => number): void {
    const reader = this.#reader
    if (reader.wire === FIXED64) {
      into.push(valueAt(reader.fixed64()))
      return
    }
    reader.expect(LENGTH)
    const { start, end } = reader.range()
    if ((end - start) % 8 !== 0) throw reader.malformed(`field ${reader.field} is no list of 8-byte values`)
    for (let offset = start; offset < end; offset += 8) into.push(valueAt(offset))
  }

  #time(): number {
    const offset = this.#reader.fixed64()
    return wordsToMs(this.#reader.highWord(offset), this.#reader.lowWord(offset))
  }

  #flags(): number {
    this.#reader.expect(VARINT)
    return this.#reader.uint32()
  }
}
