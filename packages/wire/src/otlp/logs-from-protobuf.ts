import type { LogsNormaliser } from './logs-normaliser.ts'
import { ProtobufRecordAttributes } from './protobuf-record-attributes.ts'
import { ProtobufReader, VARINT, type ByteRange } from './protobuf-reader.ts'
import { walkProtobufRecords } from './walk-protobuf-records.ts'

const MESSAGES = { request: 'ExportLogsServiceRequest', resource: 'ResourceLogs', scope: 'ScopeLogs' }
const BODY_FIELD = 5
const STRING_VALUE = 1

/**
 * Drives the normaliser with an ExportLogsServiceRequest in protobuf. Throws NinesError 'bad_request' for malformed
 * bytes; rows before them have been given to the normaliser by then.
 */
export function logsFromProtobuf(bytes: Buffer, normaliser: LogsNormaliser): void {
  const reader = new ProtobufReader(bytes)
  const attributes = new ProtobufRecordAttributes(bytes)
  const records = new ProtobufLogs(reader, attributes, normaliser)
  walkProtobufRecords(
    { reader, attributes, source: normaliser.source, onRecord: (range) => records.read(range) },
    MESSAGES,
  )
}

class ProtobufLogs {
  readonly #reader: ProtobufReader
  readonly #attributes: ProtobufRecordAttributes
  readonly #normaliser: LogsNormaliser

  constructor(reader: ProtobufReader, attributes: ProtobufRecordAttributes, normaliser: LogsNormaliser) {
    this.#reader = reader
    this.#attributes = attributes
    this.#normaliser = normaliser
  }

  read(message: ByteRange): void {
    const reader = this.#reader
    const { record } = this.#normaliser
    const { bytes } = reader
    let bodies = 0
    let bodyStart = 0
    let bodyEnd = 0
    record.begin(bytes)
    reader.open(message.start, message.end, 'LogRecord')
    while (reader.next()) {
      switch (reader.field) {
        case 1:
          record.time.readFixed(reader)
          break
        case 2:
          reader.expect(VARINT)
          record.severityNumber = reader.uint32()
          break
        case 3: {
          const start = reader.content()
          record.severityText.setBytes(bytes, start, reader.pos)
          break
        }
        case BODY_FIELD:
          bodies++
          bodyStart = reader.content()
          bodyEnd = reader.pos
          break
        case 6: {
          const start = reader.content()
          this.#attributes.read(start, reader.pos, record.attributes)
          break
        }
        case 7:
          reader.expect(VARINT)
          record.droppedAttributes = reader.uint32()
          break
        case 8:
          record.flags = reader.fixed32()
          break
        case 9: {
          const start = reader.content()
          record.traceId.setBytes(bytes, start, reader.pos)
          break
        }
        case 10: {
          const start = reader.content()
          record.spanId.setBytes(bytes, start, reader.pos)
          break
        }
        case 11:
          record.observed.readFixed(reader)
          break
        case 12: {
          const start = reader.content()
          record.eventName.setBytes(bytes, start, reader.pos)
          break
        }
        default:
          reader.skip()
      }
    }
    if (bodies === 1) this.#readBody(bodyStart, bodyEnd)
    else if (bodies > 1) record.setBody(this.#attributes.mergedValue(message.start, message.end, BODY_FIELD))
    this.#normaliser.add()
  }

  #readBody(start: number, end: number): void {
    const reader = this.#reader
    reader.open(start, end, 'AnyValue')
    if (reader.next() && reader.field === STRING_VALUE) {
      const from = reader.content()
      if (reader.pos === end) return this.#normaliser.record.body.setBytes(reader.bytes, from, end)
    }
    this.#normaliser.record.setBody(this.#attributes.anyValue({ start, end }))
  }
}
