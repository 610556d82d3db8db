import { RecentMap } from './recent-map.ts'

/** A stretch of a buffer, with a view on the whole of it for fast reads. */
export interface ByteSpan {
  readonly bytes: Buffer
  readonly view: DataView
  readonly start: number
  readonly end: number
}

interface Entry<V> {
  context: number
  key: Buffer
  value: V
}

/**
 * A bounded map whose keys are bytes within a numbered context. A look-up hashes the bytes where they lie and makes
 * neither an object nor a string, which is what a point of a known series costs. Of two keys with the same 30-bit hash
 * only the newer one is held; keys are always compared in full.
 */
export class ByteKeyMap<V> {
  readonly #entries: RecentMap<number, Entry<V>>

  constructor(limit: number) {
    this.#entries = new RecentMap(limit)
  }

  get(context: number, span: ByteSpan): V | undefined {
    const entry = this.#entries.get(hashSpan(context, span))
    if (entry === undefined || entry.context !== context || entry.key.length !== span.end - span.start) return undefined
    return span.bytes.compare(entry.key, 0, entry.key.length, span.start, span.end) === 0 ? entry.value : undefined
  }

  set(context: number, span: ByteSpan, value: V): void {
    const key = Buffer.from(span.bytes.subarray(span.start, span.end))
    this.#entries.set(hashSpan(context, span), { context, key, value })
  }
}

/** Multiplicative hash over 32-bit words; 30 bits, so that V8 keeps it as a small integer. */
function hashSpan(context: number, { view, start, end }: ByteSpan): number {
  let hash = Math.imul(context, 0x85eb_ca6b) ^ (end - start)
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e37_79b1)
    hash = (hash << 13) | (hash >>> 19)
  }
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x0100_0193)
  hash ^= hash >>> 15
  return Math.imul(hash, 0xc2b2_ae35) >>> 2
}
