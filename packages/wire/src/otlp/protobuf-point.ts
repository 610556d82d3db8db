import type { PointHead } from './metrics-normaliser.ts'
import { ProtobufAttributes } from './protobuf-attributes.ts'
import type { ProtobufExemplars } from './protobuf-exemplars.ts'
import { VARINT, type ByteRange, type ProtobufReader } from './protobuf-reader.ts'

/** Field numbers that differ between the messages of points. */
export interface PointFields {
  attributes: number
  flags: number
  /** 0 where points have none. */
  exemplars: number
}

/** What all messages of points have in common: attributes, times, flags and exemplars. */
export class ProtobufPoint implements PointHead {
  readonly attributes: ProtobufAttributes
  start = 0
  at = 0
  flags = 0
  readonly #reader: ProtobufReader
  readonly #fields: PointFields
  readonly #exemplars: ByteRange[] = []

  constructor(reader: ProtobufReader, fields: PointFields) {
    this.#reader = reader
    this.#fields = fields
    this.attributes = new ProtobufAttributes(reader, fields.attributes)
  }

  begin(message: ByteRange, inside: string): void {
    this.start = 0
    this.at = 0
    this.flags = 0
    this.#exemplars.length = 0
    this.attributes.begin(message)
    this.#reader.open(message.start, message.end, inside)
  }

  /** Takes the field that the reader is at; false when it is none of those in common. */
  take(): boolean {
    const reader = this.#reader
    const { field } = reader
    if (field === this.#fields.attributes) this.attributes.pass(reader)
    else if (field === 2) this.start = reader.unixNanosAsMs()
    else if (field === 3) this.at = reader.unixNanosAsMs()
    else if (field === this.#fields.flags) {
      reader.expect(VARINT)
      this.flags = reader.uint32()
    } else if (field === this.#fields.exemplars) this.#exemplars.push(reader.range())
    else return false
    return true
  }

  /** Hands on the exemplars of the point that the normaliser has just got. */
  readExemplars(exemplars: ProtobufExemplars): void {
    for (const range of this.#exemplars) exemplars.read(range, this.at)
  }
}
