import { promisify } from 'node:util'
import { constants, gunzip, gunzipSync, inflate, inflateSync, zstdDecompress, zstdDecompressSync } from 'node:zlib'
import { messageOf, NinesError } from '@nines/kernel'
import type { BodyEncoding } from './content-encoding.ts'
import type { ByteShare } from './byte-budget.ts'
import { join, joinForNow, type BodyChunks } from './join-chunks.ts'
import { tooLarge } from './too-large.ts'

type Compressed = Exclude<BodyEncoding, 'identity' | 'snappy'>

/** A way over the thread pool costs more than decompressing this much at once, and holds up nobody for long. */
const SYNC_COMPRESSED_BYTES = 256 * 1024
const SYNC_PLAIN_BYTES = 4 * 1024 * 1024
const LEAST_CHUNK_BYTES = 16 * 1024
/** RFC 9659: no decoder on the web is asked for a window above 8 MiB. */
const ZSTD_WINDOW_LOG = 23

interface Options {
  maxOutputLength: number
  chunkSize: number
  params?: Record<number, number>
}

const CODECS: Record<
  Compressed,
  { sync: (body: Buffer, options: Options) => Buffer; async: (body: Buffer, options: Options) => Promise<Buffer> }
> = {
  gzip: { sync: gunzipSync, async: promisify(gunzip) },
  deflate: { sync: inflateSync, async: promisify(inflate) },
  zstd: { sync: zstdDecompressSync, async: promisify(zstdDecompress) },
}

/**
 * A body without its compression, taken from the share before it exists: what does not fit is not inflated. Throws
 * 'too_large' beyond `maxBytes`, 'unavailable' beyond the share and 'bad_request' for what is not compressed that way.
 */
export function decompress(
  compressed: BodyChunks,
  encoding: Compressed,
  limits: { maxBytes: number; share: ByteShare },
): Buffer | Promise<Buffer> {
  const body = joinForNow(compressed)
  const room = Math.min(limits.maxBytes, limits.share.room())
  const expected = plainLength(body, encoding)
  if (body.length <= SYNC_COMPRESSED_BYTES && expected <= SYNC_PLAIN_BYTES) {
    const most = Math.min(SYNC_PLAIN_BYTES, room)
    try {
      const plain = CODECS[encoding].sync(body, optionsFor(encoding, most, expected))
      limits.share.take(plain.length)
      return plain
    } catch (error) {
      // A length that lies, or none at all: the slow way knows the real limits.
      if (!isTooLong(error) || most < SYNC_PLAIN_BYTES) throw faultOf(error, encoding, room, limits.maxBytes)
    }
  }
  return decompressApart(join(compressed), encoding, room, limits)
}

async function decompressApart(
  body: Buffer,
  encoding: Compressed,
  room: number,
  { maxBytes, share }: { maxBytes: number; share: ByteShare },
): Promise<Buffer> {
  share.take(room)
  try {
    const plain = await CODECS[encoding].async(body, optionsFor(encoding, room, plainLength(body, encoding)))
    share.give(room - plain.length)
    return plain
  } catch (error) {
    throw faultOf(error, encoding, room, maxBytes)
  }
}

function optionsFor(encoding: Compressed, maxOutputLength: number, expected: number): Options {
  // One chunk for all of it saves putting chunks together; zlib wants one byte of room at the end.
  const chunkSize = Math.max(LEAST_CHUNK_BYTES, Math.min(expected, maxOutputLength) + 64)
  const options: Options = { maxOutputLength: Math.max(1, maxOutputLength), chunkSize }
  if (encoding === 'zstd') options.params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG }
  return options
}

/** What the body claims to be when decompressed; 0 when it does not say. */
function plainLength(body: Buffer, encoding: Compressed): number {
  if (encoding === 'gzip') return body.length < 18 ? 0 : body.readUInt32LE(body.length - 4)
  return encoding === 'zstd' ? zstdContentSize(body) : 0
}

/** Frame_Content_Size of RFC 8878, section 3.1.1. */
function zstdContentSize(body: Buffer): number {
  if (body.length < 18 || body.readUInt32LE(0) !== 0xfd2fb528) return 0
  const descriptor = body[4]!
  const isSingleSegment = (descriptor & 0x20) !== 0
  const at = 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!
  switch (descriptor >> 6) {
    case 0:
      return isSingleSegment ? body[at]! : 0
    case 1:
      return body.readUInt16LE(at) + 256
    case 2:
      return body.readUInt32LE(at)
    default:
      return Number(body.readBigUInt64LE(at))
  }
}

function isTooLong(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
}

function faultOf(error: unknown, encoding: Compressed, room: number, maxBytes: number): unknown {
  if (error instanceof NinesError) return error
  if (!isTooLong(error))
    return new NinesError('bad_request', `the body is not valid ${encoding}: ${messageOf(error)}`, { cause: error })
  if (room < maxBytes)
    return new NinesError('unavailable', 'too much is being received at once; retry', { retryAfterSeconds: 1 })
  return tooLarge(maxBytes, ' after decompression')
}
