import type { ByteSpan } from '../byte-key-map.ts'
import { MAX_ATTRIBUTE_DEPTH, type Attribute, type AttributeSource, type AttributeValue } from './attribute.ts'
import { LENGTH, ProtobufReader, rangesOf, type ByteRange } from './protobuf-reader.ts'

/**
 * The KeyValue fields of one message, of which only the extent is noted while walking over it; they are decoded on
 * demand. The bytes from the first to the last of them serve as a key, so that a known series is found without reading
 * its attributes.
 */
export class ProtobufAttributes implements AttributeSource, ByteSpan {
  readonly bytes: Buffer
  readonly view: DataView
  /** Offset of the first attribute's tag. */
  start = 0
  /** Offset behind the last attribute. */
  end = 0
  readonly #reader: ProtobufReader
  readonly #field: number
  readonly #messages: ByteRange[] = []
  /** Other fields stand between the attributes: their bytes are no key. */
  #scattered = false

  /** `walking` is the reader of the message; attributes are read by one of their own. */
  constructor(walking: ProtobufReader, field: number) {
    this.bytes = walking.bytes
    this.#reader = new ProtobufReader(walking.bytes)
    this.view = walking.view
    this.#field = field
  }

  /** Forgets everything and starts on a message. */
  begin(message: ByteRange): void {
    this.#messages.length = 0
    this.start = 0
    this.end = 0
    this.#scattered = false
    this.continue(message)
  }

  /** Adds another message whose attributes count as well. */
  continue(message: ByteRange): void {
    this.#messages.push(message)
  }

  /** Passes over the attribute field that the walking reader is at. */
  pass(walking: ProtobufReader): void {
    walking.expect(LENGTH)
    walking.skip()
    if (this.end === 0) this.start = walking.fieldAt
    else if (this.end !== walking.fieldAt) this.#scattered = true
    this.end = walking.pos
  }

  key(): ByteSpan | undefined {
    return this.#scattered ? undefined : this
  }

  read(): Attribute[] {
    const reader = this.#reader
    const ranges = this.#messages.flatMap(({ start, end }) => {
      reader.open(start, end, 'attributes')
      return rangesOf(reader, this.#field)
    })
    return ranges.map((range) => readKeyValue(reader, range, 0))
  }
}

function readKeyValue(reader: ProtobufReader, { start, end }: ByteRange, depth: number): Attribute {
  reader.open(start, end, 'KeyValue')
  let key = ''
  let value: ByteRange | null = null
  while (reader.next()) {
    if (reader.field === 1) key = reader.string()
    else if (reader.field === 2) value = reader.range()
    else reader.skip()
  }
  return { key, value: value === null ? null : readProtobufAnyValue(reader, value, depth) }
}

/** Decodes an AnyValue of any kind. Leaves the reader at the end of it. */
export function readProtobufAnyValue(reader: ProtobufReader, { start, end }: ByteRange, depth: number): AttributeValue {
  reader.open(start, end, 'AnyValue')
  if (depth > MAX_ATTRIBUTE_DEPTH) throw reader.malformed(`nested deeper than ${MAX_ATTRIBUTE_DEPTH}`)
  let value: AttributeValue = null
  while (reader.next()) {
    if (reader.field === 1) value = reader.string()
    else if (reader.field === 2) value = readBool(reader)
    else if (reader.field === 3) value = reader.int64()
    else if (reader.field === 4) value = reader.double()
    else if (reader.field === 5)
      value = mergedList(
        value,
        nested(reader, (range) => readList(reader, range, depth)),
      )
    else if (reader.field === 6)
      value = mergedMap(
        value,
        nested(reader, (range) => readMap(reader, range, depth)),
      )
    else if (reader.field === 7) value = bytesOf(reader)
    else reader.skip()
  }
  return value
}

/** Parts of the same member of a oneof are merged, in place because they may be many; another member is replaced. */
function mergedList(before: AttributeValue, list: AttributeValue[]): AttributeValue[] {
  if (!Array.isArray(before)) return list
  for (const item of list) before.push(item)
  return before
}

function mergedMap(before: AttributeValue, map: Map<string, AttributeValue>): Map<string, AttributeValue> {
  if (!(before instanceof Map)) return map
  for (const [key, value] of map) before.set(key, value)
  return before
}

function readBool(reader: ProtobufReader): boolean {
  return reader.int64() !== 0n
}

function bytesOf(reader: ProtobufReader): Uint8Array {
  const { start, end } = reader.range()
  return reader.bytes.subarray(start, end)
}

/** Reads a message inside a message and comes back to where the outer one goes on. */
function nested<T>(reader: ProtobufReader, read: (range: ByteRange) => T): T {
  const range = reader.range()
  const { pos, end, inside } = reader
  const value = read(range)
  reader.open(pos, end, inside)
  return value
}

function readList(reader: ProtobufReader, range: ByteRange, depth: number): AttributeValue[] {
  reader.open(range.start, range.end, 'ArrayValue')
  return rangesOf(reader, 1).map((value) => readProtobufAnyValue(reader, value, depth + 1))
}

function readMap(reader: ProtobufReader, range: ByteRange, depth: number): Map<string, AttributeValue> {
  reader.open(range.start, range.end, 'KeyValueList')
  const entries = rangesOf(reader, 1).map((entry) => readKeyValue(reader, entry, depth + 1))
  return new Map(entries.map(({ key, value }) => [key, value]))
}
