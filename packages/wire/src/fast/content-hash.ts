import { createHash } from 'node:crypto'
import { KEY_BYTES, MARGIN_BYTES, type DecoderExports } from './decoder-exports.ts'

const HASH_BYTES = 16
/** Stays in the processor's cache between being copied and being hashed. A multiple of 1 KiB. */
const PIECE_BYTES = 64 * 1024
/** What the words under the hash are made of. Another text is another hash: every process must have the same. */
const KEY_OF = 'nines: content of a request'

/**
 * 128 bits that stand for the content of a body: the same in every process, so that one recognises what another has taken.
 * Two bodies that nobody made for it have the same with a probability of at most 2^-64 (see assembly/keyed-hash.ts). The words
 * under it are no secret: it does not stand against who tries. It takes a fifth of the time of SHA-1.
 */
export class ContentHash {
  readonly #exports: DecoderExports
  readonly #piece: Buffer
  readonly #hash: Buffer

  /** `module` comes from `loadDecoder`. */
  constructor(module: WebAssembly.Module) {
    // An instance of its own, whose memory never grows: its views hold for ever.
    const exports = new WebAssembly.Instance(module).exports as unknown as DecoderExports
    const at = exports.freeFrom()
    const missing = at + PIECE_BYTES + MARGIN_BYTES - exports.memory.buffer.byteLength
    if (missing > 0) exports.memory.grow(Math.ceil(missing / 65_536))
    const { buffer } = exports.memory
    const key = createHash('shake256', { outputLength: KEY_BYTES }).update(KEY_OF).digest()
    Buffer.from(buffer, exports.keyPointer(), KEY_BYTES).set(key)
    this.#exports = exports
    this.#piece = Buffer.from(buffer, at, PIECE_BYTES)
    this.#hash = Buffer.from(buffer, exports.contentPointer(), HASH_BYTES)
  }

  /** The hash as 16 bytes: a view, valid until the next call. */
  of(content: Buffer): Buffer {
    const exports = this.#exports
    exports.openContent()
    let at = 0
    do {
      const length = content.copy(this.#piece, 0, at, at + PIECE_BYTES)
      exports.absorbContent(this.#piece.byteOffset, length)
      at += length
    } while (at < content.length)
    return this.#hash
  }
}
