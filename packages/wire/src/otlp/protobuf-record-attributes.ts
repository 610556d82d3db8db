import type { AttributeMap } from './attribute-map.ts'
import { labelText } from './attribute.ts'
import { readProtobufAnyValue } from './protobuf-attributes.ts'
import { ProtobufReader, type ByteRange } from './protobuf-reader.ts'

const STRING_VALUE = 1
const INT_VALUE = 3

/** Reads KeyValue messages into attribute maps: strings by their place, what is written otherwise as text. */
export class ProtobufRecordAttributes {
  readonly #keyValue: ProtobufReader
  readonly #value: ProtobufReader

  constructor(bytes: Buffer) {
    this.#keyValue = new ProtobufReader(bytes)
    this.#value = new ProtobufReader(bytes)
  }

  /** Adds the KeyValue that lies between two offsets. */
  read(start: number, end: number, into: AttributeMap): void {
    const reader = this.#keyValue
    reader.open(start, end, 'KeyValue')
    let values = 0
    let valueStart = 0
    let valueEnd = 0
    while (reader.next()) {
      if (reader.field === 1) {
        const keyStart = reader.content()
        into.keyAt(keyStart, reader.pos)
      } else if (reader.field === 2) {
        values++
        valueStart = reader.content()
        valueEnd = reader.pos
      } else reader.skip()
    }
    if (values === 1) this.#readValue(valueStart, valueEnd, into)
    else if (values > 1) into.valueText(labelText(this.mergedValue(start, end, 2)))
    into.add()
  }

  /** The AnyValue whose parts are all occurrences of a field in the message between two offsets. */
  mergedValue(start: number, end: number, field: number) {
    const reader = this.#keyValue
    reader.open(start, end, 'AnyValue')
    const parts: Buffer[] = []
    while (reader.next()) {
      if (reader.field === field) {
        const from = reader.content()
        parts.push(reader.bytes.subarray(from, reader.pos))
      } else reader.skip()
    }
    // Of a singular message that occurs several times the parts are merged, which joining their bytes does.
    const bytes = Buffer.concat(parts)
    return readProtobufAnyValue(new ProtobufReader(bytes), { start: 0, end: bytes.length }, 0)
  }

  /** An AnyValue by its place. */
  anyValue(range: ByteRange) {
    return readProtobufAnyValue(this.#value, range, 0)
  }

  #readValue(start: number, end: number, into: AttributeMap): void {
    const reader = this.#value
    reader.open(start, end, 'AnyValue')
    if (!reader.next()) return
    const { field } = reader
    if (field === STRING_VALUE) {
      const from = reader.content()
      if (reader.pos === end) return into.valueAt(from, end)
    } else if (field === INT_VALUE) {
      const integer = reader.smallInt64()
      if (integer !== undefined && reader.pos === end) return into.valueInteger(integer)
    }
    into.valueText(labelText(readProtobufAnyValue(reader, { start, end }, 0)))
  }
}
