const MAX_LITERAL = 60_000

/** A valid Snappy block that compresses nothing: quick to make where its making must not cost more than its use. */
export function literalSnappy(source: Uint8Array): Buffer {
  const parts: Uint8Array[] = [lengthHead(source.length)]
  for (let at = 0; at < source.length; at += MAX_LITERAL) {
    const piece = source.subarray(at, at + MAX_LITERAL)
    const last = piece.length - 1
    parts.push(Uint8Array.of(61 << 2, last & 255, last >> 8), piece)
  }
  return Buffer.concat(parts)
}

function lengthHead(length: number): Uint8Array {
  const bytes: number[] = []
  let rest = length
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128)
  return Uint8Array.from([...bytes, rest])
}
