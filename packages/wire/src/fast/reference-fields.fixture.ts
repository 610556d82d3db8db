/** Protobuf read the slow and plain way, as something to compare the decoder with. */
export interface ReadField {
  field: number
  wire: number
  /** Of wire type 0 and 1, unsigned. */
  number: bigint
  /** Offsets of the whole field, and of the content of wire type 2. */
  from: number
  start: number
  end: number
}

/** The fields between two offsets; throws where they are malformed. */
export function fieldsOf(bytes: Buffer, start: number, end: number): ReadField[] {
  let p = start
  const varint = () => {
    let value = 0n
    for (let i = 0n; i < 10n; i++) {
      if (p >= end) throw new Error('ends inside a varint')
      const byte = bytes[p++]!
      value |= BigInt(byte & 127) << (7n * i)
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    throw new Error('endless varint')
  }
  const take = (length: bigint) => {
    if (length > BigInt(end - p)) throw new Error('ends inside a field')
    p += Number(length)
    return p - Number(length)
  }
  const fields: ReadField[] = []
  for (let from = p; from < end; from = p) {
    const tag = varint()
    const [field, wire] = [Number(tag >> 3n), Number(tag & 7n)]
    if (field === 0) throw new Error('field 0')
    if (wire === 0) {
      const number = varint()
      fields.push({ field, wire, number, from, start: p, end: p })
    } else if (wire === 1 || wire === 5) {
      const at = take(wire === 1 ? 8n : 4n)
      const number = wire === 1 ? bytes.readBigUInt64LE(at) : 0n
      fields.push({ field, wire, number, from, start: at, end: p })
    } else if (wire === 2) {
      const at = take(varint())
      fields.push({ field, wire, number: 0n, from, start: at, end: p })
    } else throw new Error('a group or worse')
  }
  return fields
}

/** Throws when a known field has another wire type than it should. */
export function expectWires(fields: ReadField[], wires: Record<number, number>): void {
  for (const { field, wire } of fields)
    if ((wires[field] ?? wire) !== wire) throw new Error(`field ${field} has wire type ${wire}`)
}

/** Where fields of one number stand, when one follows the other; otherwise null. */
export function runOf(fields: ReadField[], number: number): { start: number; end: number } | null {
  const run = fields.filter(({ field }) => field === number)
  const isRun = run.every(({ from }, i) => i === 0 || from === run[i - 1]!.end)
  const [first] = run
  return isRun && first ? { start: first.from, end: run[run.length - 1]!.end } : null
}
