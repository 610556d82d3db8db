import { NinesError } from '@nines/kernel'
import type { WorkspaceCaller } from './caller.ts'

/** Somewhere that Nines is to send requests to. */
interface Destination {
  url: string
  allowPrivate: boolean
}

/**
 * A check or channel of a private address is a door into the network behind Nines, so only an admin who is signed in
 * opens it. Keeping a permission that it has for the very same URL needs none.
 *
 * @param path of the destination in the request
 */
export function requirePrivatePermission(
  caller: WorkspaceCaller,
  path: string,
  wanted: Destination,
  current?: Destination,
): void {
  if (!wanted.allowPrivate || (caller.kind === 'member' && caller.role === 'admin')) return
  if (current?.allowPrivate && current.url === wanted.url) return
  const message = 'only an admin who is signed in may allow private addresses'
  throw new NinesError('forbidden', message, { issues: [{ path: `${path}/allowPrivate`, message }] })
}
