import type { IncomingHttpHeaders } from 'node:http'
import { NinesError } from '@nines/kernel'
import type { KeyDirectory, SenderKey } from './key-directory.ts'

/**
 * The key a request was sent with: `authorization: Bearer nk_...` or `x-nines-key: nk_...`. Throws 'unauthenticated'
 * for a missing, unknown or revoked key and 'forbidden' for one without the scope `ingest`.
 */
export async function authenticate(headers: IncomingHttpHeaders, keys: KeyDirectory): Promise<SenderKey> {
  const token = tokenOf(headers)
  if (!token)
    throw new NinesError('unauthenticated', 'send an ingest key as "authorization: Bearer nk_..." or as "x-nines-key"')
  const key = await keys.lookup(token)
  if (!key) throw new NinesError('unauthenticated', 'this key is unknown or was revoked')
  if (!key.scopes.includes('ingest')) throw new NinesError('forbidden', 'this key lacks the scope "ingest"')
  return key
}

function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  const own = headers['x-nines-key']
  return bearer ?? (typeof own === 'string' && own !== '' ? own : undefined)
}
