const SLOTS = 1 << 11

/**
 * Strings of short ASCII texts that come again and again, such as names of metrics and labels: where the text was seen
 * lately no string is made. A text that falls on the slot of another takes its place, so that memory is bounded.
 */
export class InternedTexts {
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => '')

  /** The text of bytes that are known to be ASCII. */
  get(bytes: Buffer, start: number, end: number): string {
    const slot = slotOf(bytes, start, end)
    const known = this.#texts[slot]!
    if (isSame(known, bytes, start, end)) return known
    const text = bytes.toString('latin1', start, end)
    this.#texts[slot] = text
    return text
  }
}

/** A few bytes tell names well enough apart for a cache. */
function slotOf(bytes: Buffer, start: number, end: number): number {
  const size = end - start
  if (size === 0) return 0
  let hash = Math.imul(size, 0x9e37_79b1) ^ bytes[start]!
  hash = Math.imul(hash, 0x0100_0193) ^ bytes[end - 1]!
  hash = Math.imul(hash, 0x0100_0193) ^ bytes[start + (size >> 1)]!
  hash = Math.imul(hash, 0x0100_0193) ^ bytes[start + (size >> 2)]!
  hash = Math.imul(hash, 0x0100_0193) ^ bytes[end - 1 - (size >> 2)]!
  return Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b) >>> 21
}

function isSame(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]!) return false
  return true
}
