import type { Readable } from 'node:stream'

/** Beyond these a sender is not waited for: the connection is closed under it. */
const MOST_BYTES = 256 * 1024 * 1024
const MOST_MS = 10_000

/**
 * Reads the rest of a refused body and throws it away, within bounds. The answer closes the connection, and a sender
 * that is still writing then would see a broken pipe instead of the answer that says why.
 */
export function discardRest(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    const timer = setTimeout(finish, MOST_MS)
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MOST_BYTES) finish()
    }
    function finish() {
      clearTimeout(timer)
      stream.off('data', onData).off('end', finish).off('close', finish)
      resolve()
    }
    stream.on('error', () => undefined)
    stream.on('data', onData).on('end', finish).on('close', finish)
    if (stream.readableEnded || stream.destroyed) finish()
  })
}
