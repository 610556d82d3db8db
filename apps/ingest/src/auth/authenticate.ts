import { NinesError } from '@nines/kernel'
import type { KeyDirectory, SenderKey } from './key-directory.ts'

/** The two places where a key may stand, as HTTP headers and as gRPC metadata. */
export interface Credentials {
  authorization?: string | undefined
  'x-nines-key'?: string | string[] | undefined
}

/**
 * The key a request was sent with: `authorization: Bearer nk_...`, `x-nines-key: nk_...` or the password of basic
 * authentication; at once when it is known.
 * Throws or rejects with 'unauthenticated' for a missing, unknown or revoked key and with 'forbidden' for one without
 * the scope `ingest`.
 */
export function authenticate(credentials: Credentials, keys: KeyDirectory): SenderKey | Promise<SenderKey> {
  const token = tokenOf(credentials)
  if (!token)
    throw new NinesError('unauthenticated', 'send an ingest key as "authorization: Bearer nk_..." or as "x-nines-key"')
  const found = keys.lookup(token)
  return found instanceof Promise ? found.then(requireIngest) : requireIngest(found)
}

function requireIngest(key: SenderKey | null): SenderKey {
  if (!key) throw new NinesError('unauthenticated', 'this key is unknown or was revoked')
  if (!key.scopes.includes('ingest')) throw new NinesError('forbidden', 'this key lacks the scope "ingest"')
  return key
}

function tokenOf(credentials: Credentials): string | undefined {
  const authorization = credentials.authorization ?? ''
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? passwordOf(authorization)
  const own = credentials['x-nines-key']
  return bearer ?? (typeof own === 'string' && own !== '' ? own : undefined)
}

/** Many senders know no other way than basic authentication; the key is the password, whatever the user's name. */
function passwordOf(authorization: string): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization)?.[1]
  return encoded && /:(nk_\S+)$/.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1]
}
