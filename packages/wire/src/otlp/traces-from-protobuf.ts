import type { AttributeMap } from './attribute-map.ts'
import { ProtobufRecordAttributes } from './protobuf-record-attributes.ts'
import { ProtobufReader, VARINT, type ByteRange } from './protobuf-reader.ts'
import type { IdField, TextField } from './record-fields.ts'
import type { SpanRecord } from './span-record.ts'
import type { TracesNormaliser } from './traces-normaliser.ts'
import { walkProtobufRecords } from './walk-protobuf-records.ts'

const MESSAGES = { request: 'ExportTraceServiceRequest', resource: 'ResourceSpans', scope: 'ScopeSpans' }

/**
 * Drives the normaliser with an ExportTraceServiceRequest in protobuf. Throws NinesError 'bad_request' for malformed
 * bytes; rows before them have been given to the normaliser by then.
 */
export function tracesFromProtobuf(bytes: Buffer, normaliser: TracesNormaliser): void {
  const reader = new ProtobufReader(bytes)
  const attributes = new ProtobufRecordAttributes(bytes)
  const spans = new ProtobufSpans(bytes, attributes, normaliser.span)
  const onRecord = (range: ByteRange) => {
    spans.read(range)
    normaliser.add()
  }
  walkProtobufRecords({ reader, attributes, source: normaliser.source, onRecord }, MESSAGES)
}

/** Reads Span messages (opentelemetry/proto/trace/v1/trace.proto) into a record. */
class ProtobufSpans {
  readonly #reader: ProtobufReader
  /** For messages inside a span. */
  readonly #inner: ProtobufReader
  readonly #attributes: ProtobufRecordAttributes
  readonly #span: SpanRecord

  constructor(bytes: Buffer, attributes: ProtobufRecordAttributes, span: SpanRecord) {
    this.#reader = new ProtobufReader(bytes)
    this.#inner = new ProtobufReader(bytes)
    this.#attributes = attributes
    this.#span = span
  }

  read({ start, end }: ByteRange): void {
    const reader = this.#reader
    const span = this.#span
    span.begin(reader.bytes)
    reader.open(start, end, 'Span')
    while (reader.next()) {
      switch (reader.field) {
        case 1:
          takeContent(reader, span.traceId)
          break
        case 2:
          takeContent(reader, span.spanId)
          break
        case 3:
          takeContent(reader, span.traceState)
          break
        case 4:
          takeContent(reader, span.parentSpanId)
          break
        case 5:
          takeContent(reader, span.name)
          break
        case 6:
          span.kind = takeVarint(reader)
          break
        case 7:
          span.start.readFixed(reader)
          break
        case 8:
          span.end.readFixed(reader)
          break
        case 9:
          this.#takeAttribute(reader, span.attributes)
          break
        default:
          this.#readRest()
      }
    }
  }

  /** Fields behind those that nearly every span has. */
  #readRest(): void {
    const reader = this.#reader
    const span = this.#span
    switch (reader.field) {
      case 10:
        span.droppedAttributes = takeVarint(reader)
        break
      case 11:
        this.#readEvent(reader.content(), reader.pos)
        break
      case 12:
        span.droppedEvents = takeVarint(reader)
        break
      case 13:
        this.#readLink(reader.content(), reader.pos)
        break
      case 14:
        span.droppedLinks = takeVarint(reader)
        break
      case 15:
        this.#readStatus(reader.content(), reader.pos)
        break
      case 16:
        span.flags = reader.fixed32()
        break
      default:
        reader.skip()
    }
  }

  #readEvent(start: number, end: number): void {
    const reader = this.#inner
    const event = this.#span.nextEvent()
    let dropped = 0
    reader.open(start, end, 'Span.Event')
    while (reader.next()) {
      if (reader.field === 1) event.time.readFixed(reader)
      else if (reader.field === 2) takeContent(reader, event.name)
      else if (reader.field === 3) this.#takeAttribute(reader, event.attributes)
      else if (reader.field === 4) dropped = takeVarint(reader)
      else reader.skip()
    }
    event.attributes.addDropped(dropped)
  }

  #readLink(start: number, end: number): void {
    const reader = this.#inner
    const link = this.#span.nextLink()
    let dropped = 0
    reader.open(start, end, 'Span.Link')
    while (reader.next()) {
      if (reader.field === 1) takeContent(reader, link.traceId)
      else if (reader.field === 2) takeContent(reader, link.spanId)
      else if (reader.field === 3) takeContent(reader, link.traceState)
      else if (reader.field === 4) this.#takeAttribute(reader, link.attributes)
      else if (reader.field === 5) dropped = takeVarint(reader)
      else reader.skip()
    }
    link.attributes.addDropped(dropped)
  }

  /** A status that occurs several times counts as merged: fields that a later one leaves out keep their value. */
  #readStatus(start: number, end: number): void {
    const reader = this.#inner
    reader.open(start, end, 'Status')
    while (reader.next()) {
      if (reader.field === 2) takeContent(reader, this.#span.statusMessage)
      else if (reader.field === 3) this.#span.statusCode = takeVarint(reader)
      else reader.skip()
    }
  }

  #takeAttribute(reader: ProtobufReader, into: AttributeMap): void {
    const start = reader.content()
    this.#attributes.read(start, reader.pos, into)
  }
}

function takeContent(reader: ProtobufReader, into: TextField | IdField): void {
  const start = reader.content()
  into.setBytes(reader.bytes, start, reader.pos)
}

function takeVarint(reader: ProtobufReader): number {
  reader.expect(VARINT)
  return reader.uint32()
}
