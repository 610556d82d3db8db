import type { Readable } from 'node:stream'
import { freeMemory, NinesError } from '@nines/kernel'
import { snappySize } from '@nines/wire'
import type { ReceivedBody } from '../receive/receiver.ts'
import type { ByteShare } from './byte-budget.ts'
import type { BodyEncoding } from './content-encoding.ts'
import { decompress } from './decompress.ts'
import { discardRest } from './discard-rest.ts'
import { joinForNow, type BodyChunks } from './join-chunks.ts'
import { tooLarge } from './too-large.ts'

export interface BodyLimits {
  /** Most bytes of a body, before and after decompression. */
  maxBytes: number
  /** Every byte that is kept is taken from it. */
  share: ByteShare
}

export interface ArrivedBody extends ReceivedBody {
  /** Gives its memory back once the request is answered; nobody may look at the bytes afterwards. */
  free: () => void
}

/**
 * The body of a request, decompressed but for snappy. Nothing beyond the limit is ever kept: a longer stream is refused
 * with 'too_large' while it arrives, and decompression stops at the first byte too many.
 */
export async function readBody(
  stream: Readable,
  headers: { encoding: BodyEncoding; declaredLength: number },
  limits: BodyLimits,
): Promise<ArrivedBody> {
  let body: BodyChunks
  try {
    if (headers.declaredLength > limits.maxBytes) throw tooLarge(limits.maxBytes)
    body = await collect(stream, limits)
  } catch (error) {
    await discardRest(stream)
    throw error
  }
  const free = () => body.chunks.forEach(freeMemory)
  if (headers.encoding === 'identity') return { bytes: () => joinForNow(body), plainBytes: body.length, free }
  if (headers.encoding === 'snappy') {
    const { size } = snappySize(joinForNow(body), limits.maxBytes)
    limits.share.take(size)
    return { bytes: () => joinForNow(body), plainBytes: size, free }
  }
  const decompressed = decompress(body, headers.encoding, limits)
  const plain = decompressed instanceof Promise ? await decompressed : decompressed
  free()
  return { bytes: () => plain, plainBytes: plain.length, free: () => freeMemory(plain) }
}

function collect(stream: Readable, { maxBytes, share }: BodyLimits): Promise<BodyChunks> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const stop = () => {
      stream.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
    }
    const refuse = (error: unknown) => {
      stop()
      chunks.length = 0
      reject(error)
    }
    const onData = (chunk: Buffer) => {
      length += chunk.length
      if (length > maxBytes) return refuse(tooLarge(maxBytes))
      try {
        share.take(chunk.length)
        chunks.push(chunk)
      } catch (error) {
        refuse(error)
      }
    }
    const onEnd = () => {
      stop()
      resolve({ chunks, length })
    }
    const onGone = () => {
      stop()
      reject(new NinesError('bad_request', 'the connection ended before the body did'))
    }
    stream.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}
