import { MAX_ATTRIBUTE_DEPTH, type Attribute, type AttributeSource, type AttributeValue } from './attribute.ts'
import { ProtobufReader, type ByteRange } from './protobuf-reader.ts'

/**
 * The KeyValue fields of one message, noted while walking over it and decoded only on demand. The bytes from the first
 * to the last of them serve as a key, so that a known series is found without reading its attributes.
 */
export class ProtobufAttributes implements AttributeSource {
  readonly #reader: ProtobufReader
  readonly #ranges: ByteRange[] = []
  #from = 0
  #to = 0
  /** Other fields stood between the attributes: their bytes are no key. */
  #scattered = false

  constructor(bytes: Buffer) {
    this.#reader = new ProtobufReader(bytes)
  }

  clear(): void {
    this.#ranges.length = 0
    this.#from = 0
    this.#to = 0
    this.#scattered = false
  }

  /** Notes a KeyValue: where its tag stands and where its content does. */
  add(fieldAt: number, range: ByteRange): void {
    if (this.#ranges.length === 0) this.#from = fieldAt
    else if (this.#to !== fieldAt) this.#scattered = true
    this.#to = range.end
    this.#ranges.push(range)
  }

  key(): string | undefined {
    return this.#scattered ? undefined : this.#reader.bytes.toString('latin1', this.#from, this.#to)
  }

  read(): Attribute[] {
    return this.#ranges.map((range) => readKeyValue(this.#reader, range, 0))
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
  return { key, value: value === null ? null : readAnyValue(reader, value, depth) }
}

function readAnyValue(reader: ProtobufReader, { start, end }: ByteRange, depth: number): AttributeValue {
  reader.open(start, end, 'AnyValue')
  if (depth > MAX_ATTRIBUTE_DEPTH) throw reader.malformed(`nested deeper than ${MAX_ATTRIBUTE_DEPTH}`)
  let value: AttributeValue = null
  while (reader.next()) {
    if (reader.field === 1) value = reader.string()
    else if (reader.field === 2) value = readBool(reader)
    else if (reader.field === 3) value = reader.int64()
    else if (reader.field === 4) value = reader.double()
    else if (reader.field === 5) value = nested(reader, (range) => readList(reader, range, depth))
    else if (reader.field === 6) value = nested(reader, (range) => readMap(reader, range, depth))
    else if (reader.field === 7) value = bytesOf(reader)
    else reader.skip()
  }
  return value
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
  return valuesOf(reader, range, 'ArrayValue').map((value) => readAnyValue(reader, value, depth + 1))
}

function readMap(reader: ProtobufReader, range: ByteRange, depth: number): Map<string, AttributeValue> {
  const entries = valuesOf(reader, range, 'KeyValueList').map((entry) => readKeyValue(reader, entry, depth + 1))
  return new Map(entries.map(({ key, value }) => [key, value]))
}

function valuesOf(reader: ProtobufReader, { start, end }: ByteRange, inside: string): ByteRange[] {
  reader.open(start, end, inside)
  const values: ByteRange[] = []
  while (reader.next()) {
    if (reader.field === 1) values.push(reader.range())
    else reader.skip()
  }
  return values
}
