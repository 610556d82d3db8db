import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { messageOf, NinesError } from '@nines/kernel'
import { discardRest } from './discard-rest.ts'

const inflate = promisify(gunzip)

export interface BodyLimits {
  /** Most bytes of a body, before and after decompression. */
  maxBytes: number
  /** Called with every number of bytes before they are kept; throws when there is no room for them. */
  hold: (bytes: number) => void
}

/**
 * The body of a request, decompressed. Nothing beyond the limit is ever kept: a longer stream is refused with
 * 'too_large' while it arrives, and decompression stops at the first byte too many.
 */
export async function readBody(
  stream: Readable,
  headers: { encoding: string; declaredLength: number },
  limits: BodyLimits,
): Promise<Buffer> {
  const { maxBytes } = limits
  let body: Buffer
  try {
    if (headers.declaredLength > maxBytes) throw tooLarge(maxBytes)
    body = await collect(stream, limits)
  } catch (error) {
    await discardRest(stream)
    throw error
  }
  if (headers.encoding === 'identity') return body
  let plain: Buffer
  try {
    plain = await inflate(body, { maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(maxBytes, ' after decompression')
    throw new NinesError('bad_request', `the body is not valid gzip: ${messageOf(error)}`, { cause: error })
  }
  limits.hold(plain.length)
  return plain
}

function collect(stream: Readable, limits: BodyLimits): Promise<Buffer> {
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
      if (length > limits.maxBytes) return refuse(tooLarge(limits.maxBytes))
      try {
        limits.hold(chunk.length)
        chunks.push(chunk)
      } catch (error) {
        refuse(error)
      }
    }
    const onEnd = () => {
      stop()
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length))
    }
    const onGone = () => {
      stop()
      reject(new NinesError('bad_request', 'the connection ended before the body did'))
    }
    stream.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}

function tooLarge(maxBytes: number, when = ''): NinesError {
  return new NinesError('too_large', `the body is larger than ${maxBytes} bytes${when}; send smaller batches`)
}
