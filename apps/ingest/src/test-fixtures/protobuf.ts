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
