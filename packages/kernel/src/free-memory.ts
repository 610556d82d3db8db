/** What is smaller is not worth the call. */
const LEAST_BYTES = 4_096

/**
 * Gives a buffer's memory back at once and not whenever the collector comes by, which is seldom where little but buffers is
 * made. Only for who knows that nobody looks at it any more: it is empty afterwards. Memory of which the buffer is but a
 * part is left alone.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (byteLength >= LEAST_BYTES && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
