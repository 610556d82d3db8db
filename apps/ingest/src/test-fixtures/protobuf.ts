/** A field of wire type 2. For tests. */
export function bytesField(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])
}

export function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number << 3), varint(value)])
}

export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return Buffer.concat([varint((number << 3) | 1), bytes])
}

export function fixed64Field(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return Buffer.concat([varint((number << 3) | 1), bytes])
}

/** The fields of a message in their order; those of wire type 2 and of fixed size as bytes. */
export function protobufFields(message: Buffer): [number: number, value: bigint | Buffer][] {
  const fields: [number, bigint | Buffer][] = []
  let at = 0
  const readVarint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const tag = Number(readVarint())
    const wire = tag & 7
    const size = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? Number(readVarint()) : 0
    const value = wire === 0 ? readVarint() : message.subarray(at, at + size)
    if (at + size > message.length) throw new RangeError('the message ends inside a field')
    at += size
    fields.push([tag >>> 3, value])
  }
  return fields
}

/** Snappy's block format without any copies. */
export function snappyLiterals(content: Buffer): Buffer {
  const parts = [varint(content.length)]
  for (let at = 0; at < content.length; at += 65_536) {
    const literal = content.subarray(at, at + 65_536)
    parts.push(Buffer.from([0xf4, (literal.length - 1) & 0xff, (literal.length - 1) >> 8]), literal)
  }
  return Buffer.concat(parts)
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Buffer.from([...bytes, rest])
}
