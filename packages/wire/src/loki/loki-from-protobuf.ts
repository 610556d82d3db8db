import type { LogsNormaliser } from '../otlp/logs-normaliser.ts'
import { ProtobufReader, rangesOf, VARINT, type ByteRange } from '../otlp/protobuf-reader.ts'
import { LokiStream } from './loki-stream.ts'

const FORMAT = 'Loki protobuf'
const NANOS_PER_SECOND = 1e9
/** Ends of what google.protobuf.Timestamp may say: the years 1 to 9999. */
const MAX_SECONDS = 253_402_300_799

/**
 * Drives the normaliser with a logproto.PushRequest, decompressed. An entry that cannot be kept is rejected by its
 * stream; malformed bytes throw NinesError 'bad_request', and rows before them have been given to the normaliser by then.
 * https://github.com/grafana/loki/blob/main/pkg/push/push.proto
 */
export function lokiFromProtobuf(bytes: Buffer, normaliser: LogsNormaliser): void {
  const push = new LokiPush(bytes, normaliser)
  const reader = new ProtobufReader(bytes, FORMAT)
  reader.open(0, bytes.length, 'PushRequest')
  for (const stream of rangesOf(reader, 1)) push.readStream(stream)
}

class LokiPush {
  readonly #reader: ProtobufReader
  /** For messages inside an entry. */
  readonly #inner: ProtobufReader
  readonly #stream: LokiStream
  readonly #normaliser: LogsNormaliser
  #seconds = 0
  #nanos = 0

  constructor(bytes: Buffer, normaliser: LogsNormaliser) {
    this.#reader = new ProtobufReader(bytes, FORMAT)
    this.#inner = new ProtobufReader(bytes, FORMAT)
    this.#stream = new LokiStream(normaliser)
    this.#normaliser = normaliser
  }

  readStream({ start, end }: ByteRange): void {
    const reader = this.#reader
    reader.open(start, end, 'StreamAdapter')
    let labels = ''
    const entries: ByteRange[] = []
    while (reader.next()) {
      if (reader.field === 1) labels = reader.string()
      else if (reader.field === 2) entries.push(reader.range())
      else reader.skip()
    }
    this.#stream.beginText(labels)
    for (const entry of entries) this.#readEntry(entry)
  }

  #readEntry({ start, end }: ByteRange): void {
    const reader = this.#reader
    const record = this.#stream.beginEntry(reader.bytes)
    this.#seconds = 0
    this.#nanos = 0
    reader.open(start, end, 'EntryAdapter')
    while (reader.next()) {
      // Field 4, `parsed`, is what a query found in the line: no part of what a sender says.
      if (reader.field > 3) reader.skip()
      else {
        const from = reader.content()
        if (reader.field === 1) this.#readTimestamp(from, reader.pos)
        else if (reader.field === 2) record.body.setBytes(reader.bytes, from, reader.pos)
        else this.#readMetadata(from, reader.pos)
      }
    }
    const fault = this.#timestampFault()
    if (fault) return this.#stream.rejectEntry(fault)
    record.time.setSeconds(this.#seconds, this.#nanos)
    this.#stream.endEntry()
  }

  #readTimestamp(start: number, end: number): void {
    const reader = this.#inner
    reader.open(start, end, 'Timestamp')
    while (reader.next()) {
      if (reader.field === 1) this.#seconds = reader.smallInt64() ?? Number(reader.int64())
      else if (reader.field === 2) {
        reader.expect(VARINT)
        this.#nanos = reader.uint32() | 0
      } else reader.skip()
    }
  }

  #timestampFault(): string {
    if (this.#seconds < 0) return 'an entry is older than 400 days'
    if (this.#seconds > MAX_SECONDS) return 'an entry is more than 10 minutes in the future'
    return this.#nanos >= 0 && this.#nanos < NANOS_PER_SECOND
      ? ''
      : 'the nanoseconds of an entry are not below one second'
  }

  #readMetadata(start: number, end: number): void {
    const reader = this.#inner
    const { attributes } = this.#normaliser.record
    const { bytes } = reader
    let nameStart = 0
    let nameEnd = 0
    let valueStart = 0
    let valueEnd = 0
    reader.open(start, end, 'LabelPairAdapter')
    while (reader.next()) {
      if (reader.field > 2) reader.skip()
      else if (reader.field === 1) {
        nameStart = reader.content()
        nameEnd = reader.pos
      } else {
        valueStart = reader.content()
        valueEnd = reader.pos
      }
    }
    attributes.keyAt(nameStart, nameEnd)
    attributes.valueAt(valueStart, valueEnd)
    attributes.add()
    if (this.#stream.mayKnow(nameEnd - nameStart, bytes[nameStart]!))
      this.#stream.recognise(bytes.toString('utf8', nameStart, nameEnd), bytes.toString('utf8', valueStart, valueEnd))
  }
}
