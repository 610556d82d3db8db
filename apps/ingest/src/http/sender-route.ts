import type { OtlpEncoding } from '@nines/wire'
import { NinesError } from '@nines/kernel'
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { authenticate } from '../auth/authenticate.ts'
import type { KeyDirectory, SenderKey } from '../auth/key-directory.ts'
import { contentEncoding } from './content-encoding.ts'
import { requireMediaType } from './media-type.ts'
import { RAW_ENCODINGS } from './raw-body.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The key of the sender, set on routes that need one. */
    senderKey: SenderKey | null
  }
}

/** Hooks of a route that takes data from a sender: the key, then what the headers say, before any of the body is read. */
export function senderHooks(keys: KeyDirectory, accepted: OtlpEncoding[]): onRequestAsyncHookHandler[] {
  const checkKey: onRequestAsyncHookHandler = async (request) => {
    request.senderKey = await authenticate(request.headers, keys)
  }
  const checkHeaders: onRequestAsyncHookHandler = async (request) => {
    requireMediaType(request.headers, accepted)
    contentEncoding(request.headers, RAW_ENCODINGS)
  }
  return accepted.length === 0 ? [checkKey] : [checkKey, checkHeaders]
}

export function decorateSender(server: FastifyInstance): void {
  server.decorateRequest('senderKey', null)
}

export function senderOf(request: FastifyRequest): SenderKey {
  if (!request.senderKey) throw new NinesError('internal', 'the route does not check keys')
  return request.senderKey
}
