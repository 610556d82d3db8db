/** A body as it arrived. */
export interface BodyChunks {
  chunks: readonly Buffer[]
  length: number
}

/** Larger bodies are seldom, and would keep the memory for ever. */
const MOST_SHARED_BYTES = 4 * 1024 * 1024

let shared = Buffer.alloc(0)

/**
 * The whole body, to be read at once: several chunks are put together in memory that the next call uses again, because
 * fresh memory for every body costs more, page faults and garbage collection included, than reading it.
 */
export function joinForNow({ chunks, length }: BodyChunks): Buffer {
  const [first] = chunks
  if (chunks.length === 1 && first) return first
  if (length > MOST_SHARED_BYTES) return Buffer.concat(chunks, length)
  if (shared.length < length) shared = Buffer.allocUnsafeSlow(Math.min(MOST_SHARED_BYTES, 2 * length))
  let at = 0
  for (const chunk of chunks) at += chunk.copy(shared, at)
  return shared.subarray(0, length)
}

/** The whole body in memory of its own, for those who read it later. */
export function join({ chunks, length }: BodyChunks): Buffer {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)
}
