import { idFromBytes } from '../metrics/exemplar.ts'
import type { MetricsNormaliser } from './metrics-normaliser.ts'
import { ProtobufAttributes } from './protobuf-attributes.ts'
import type { ByteRange, ProtobufReader } from './protobuf-reader.ts'

const NONE = new Uint8Array(0)

/**
 * Reads exemplars (opentelemetry.proto.metrics.v1.Exemplar): time = 2, as_double = 3, span_id = 4, trace_id = 5,
 * as_int = 6, filtered_attributes = 7.
 */
export class ProtobufExemplars {
  readonly #reader: ProtobufReader
  readonly #normaliser: MetricsNormaliser
  readonly #attributes: ProtobufAttributes

  constructor(reader: ProtobufReader, normaliser: MetricsNormaliser) {
    this.#reader = reader
    this.#normaliser = normaliser
    this.#attributes = new ProtobufAttributes(reader, 7)
  }

  read(message: ByteRange, pointAt: number): void {
    const reader = this.#reader
    const attributes = this.#attributes
    let at = 0
    let value: number | undefined
    let traceId: Uint8Array = NONE
    let spanId: Uint8Array = NONE
    attributes.begin(message)
    reader.open(message.start, message.end, 'Exemplar')
    while (reader.next()) {
      if (reader.field === 2) at = reader.unixNanosAsMs()
      else if (reader.field === 3) value = reader.double()
      else if (reader.field === 4) spanId = reader.bytesField()
      else if (reader.field === 5) traceId = reader.bytesField()
      else if (reader.field === 6) value = reader.int64At(reader.fixed64())
      else if (reader.field === 7) attributes.pass(reader)
      else reader.skip()
    }
    const ids = { traceId: idFromBytes(traceId, 16), spanId: idFromBytes(spanId, 8) }
    this.#normaliser.exemplar(attributes, { at, value, ...ids }, pointAt)
  }
}
