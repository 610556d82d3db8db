export type Field = [number: number, content: Buffer]

/** Puts the fields of a message into an order; occurrences of one field keep theirs. */
export type FieldOrder = (fields: Field[]) => Field[]

export const inOrder: FieldOrder = (fields) => fields

/** Mixes the fields of each message, as a sender is allowed to. */
export function mixedOrder(seed: number): FieldOrder {
  let state = seed >>> 0
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return (fields) => {
    const queues = Object.values(Object.groupBy(fields, ([number]) => number)).map((queue) => [...(queue ?? [])])
    const mixed: Field[] = []
    while (queues.length > 0) {
      const i = random(queues.length)
      mixed.push(queues[i]!.shift()!)
      if (queues[i]!.length === 0) queues.splice(i, 1)
    }
    return mixed
  }
}

/** The content of a message with these fields. */
export function joinFields(fields: Field[], order: FieldOrder): Buffer {
  return Buffer.concat(order(fields).map(([, content]) => content))
}

export function varint(value: bigint): Buffer {
  const out: number[] = []
  let rest = BigInt.asUintN(64, value)
  for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 127n) | 128)
  return Buffer.from([...out, Number(rest)])
}

function tag(number: number, wire: number): Buffer {
  return varint(BigInt(number * 8 + wire))
}

export function bytes(number: number, content: Buffer): Field {
  return [number, Buffer.concat([tag(number, 2), varint(BigInt(content.length)), content])]
}

export function varintField(number: number, value: bigint): Field {
  return [number, Buffer.concat([tag(number, 0), varint(value)])]
}

export function fixed(number: number, value: bigint): Field {
  const out = Buffer.alloc(8)
  out.writeBigUInt64LE(BigInt.asUintN(64, value))
  return [number, Buffer.concat([tag(number, 1), out])]
}

export function double(number: number, value: number): Field {
  return [number, Buffer.concat([tag(number, 1), doubleBytes(value)])]
}

export function doubleBytes(value: number): Buffer {
  const out = Buffer.alloc(8)
  out.writeDoubleLE(value)
  return out
}

/** sint32 and sint64. */
export function zigzag(value: bigint): bigint {
  return value >= 0n ? 2n * value : -2n * value - 1n
}

export function packedVarints(number: number, values: readonly bigint[]): Field[] {
  return values.length === 0 ? [] : [bytes(number, Buffer.concat(values.map(varint)))]
}

export function packedDoubles(number: number, values: readonly number[]): Field[] {
  return values.length === 0 ? [] : [bytes(number, Buffer.concat(values.map(doubleBytes)))]
}
