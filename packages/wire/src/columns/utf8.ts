import { isUtf8 } from 'node:buffer'
import type { ByteStream } from './byte-stream.ts'

/** From this length on a call into native code costs less than a look at each byte. */
const NATIVE_FROM_BYTES = 96

/** Whether a stretch of bytes is well-formed UTF-8. Short ASCII, which most texts of telemetry are, costs no call. */
export function isWellFormed(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < NATIVE_FROM_BYTES) {
    let all = 0
    for (let i = start; i < end; i++) all |= bytes[i]!
    if (all < 0x80) return true
  }
  return isUtf8(bytes.subarray(start, end))
}

/** Writes a text that came as UTF-8 without making a string of it. What is malformed in it becomes U+FFFD. */
export function writeUtf8(stream: ByteStream, bytes: Buffer, start: number, end: number): void {
  if (!isWellFormed(bytes, start, end)) return stream.text(bytes.toString('utf8', start, end))
  stream.varuint(end - start)
  stream.copy(bytes, start, end)
}
