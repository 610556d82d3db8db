/** Writes protobuf field by field, so that tests decide about order, absence and nonsense. */

export function varint(value: bigint | number): Buffer {
  const out: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 127n) | 128)
  return Buffer.from([...out, Number(rest)])
}

const tag = (field: number, wire: number) => varint(field * 8 + wire)

export function bytes(field: number, content: Uint8Array | string): Buffer {
  const buffer = Buffer.from(content)
  return Buffer.concat([tag(field, 2), varint(buffer.length), buffer])
}

export function message(field: number, fields: Buffer[]): Buffer {
  return bytes(field, Buffer.concat(fields))
}

export function integer(field: number, value: bigint | number): Buffer {
  return Buffer.concat([tag(field, 0), varint(value)])
}

export function fixed64(field: number, bits: bigint): Buffer {
  const word = Buffer.alloc(8)
  word.writeBigUInt64LE(BigInt.asUintN(64, bits))
  return Buffer.concat([tag(field, 1), word])
}

/** A number, or the bits of one. */
export function double(field: number, value: number | bigint): Buffer {
  return fixed64(field, typeof value === 'bigint' ? value : bitsOf(value))
}

export function bitsOf(value: number): bigint {
  const word = Buffer.alloc(8)
  word.writeDoubleLE(value)
  return word.readBigUInt64LE()
}

/** Something that no message has: parsers must pass over it. */
export const UNKNOWN = [
  integer(99, 2n ** 63n),
  fixed64(100, 1n),
  bytes(101, 'future'),
  Buffer.from([0xb5, 0x06, 1, 2, 3, 4]),
]

/** Every order of a few things. */
export function* permutations<T>(items: T[]): Generator<T[]> {
  if (items.length < 2) yield items
  for (let i = 0; i < items.length; i++)
    for (const rest of permutations(items.toSpliced(i, 1))) yield [items[i]!, ...rest]
}
