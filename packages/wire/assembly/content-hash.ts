// The hash of a whole body, which is handed over piece by piece. The host sets its own words under the hash.

import { absorb } from './keyed-hash'

/** Tells bodies from everything else that is hashed. */
const CONTENT_TAG: u32 = 3

/** The state, 16 bytes. */
const STATE: usize = memory.data(16, 16)

export function contentPointer(): usize {
  return STATE
}

export function openContent(): void {
  v128.store(STATE, i64x2.splat(0))
}

/** Adds the next piece; all but the last are of a multiple of 1 KiB. Reads up to 16 bytes behind it. */
export function absorbContent(p: usize, length: u32): void {
  v128.store(STATE, absorb(v128.load(STATE), p, length, CONTENT_TAG))
}
