import type { Labels } from '@nines/contracts'

/** One measurement that stands for many, with the trace it was made in. */
export interface Exemplar {
  /** Epoch ms. */
  at: number
  value: number
  /** 16 and 8 bytes; null when the measurement belongs to no trace. */
  traceId: Uint8Array | null
  spanId: Uint8Array | null
  /** Attributes of the measurement that its series does not have. */
  labels: Labels
}

/** The bytes of an id in hex of any case; null for anything that is none of that length. */
export function idFromHex(text: string, bytes: 8 | 16): Uint8Array | null {
  return text.length === 2 * bytes && /^[0-9a-fA-F]+$/.test(text) ? Buffer.from(text, 'hex') : null
}

/** An id as bytes; null for one that is empty, all zero or of another length: then it names nothing. */
export function idFromBytes(id: Uint8Array, bytes: 8 | 16): Uint8Array | null {
  return id.length === bytes && id.some((byte) => byte !== 0) ? id : null
}
