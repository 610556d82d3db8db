import type { HttpCheckConfig } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { WorkspaceCaller } from '../../auth/caller.ts'

/**
 * A check of a private address makes the probe a door into the network behind it, so only an admin opens it. Keeping a
 * permission that the check has for the very same URL needs none.
 */
export function requirePrivatePermission(
  caller: WorkspaceCaller,
  config: HttpCheckConfig,
  current?: HttpCheckConfig,
): void {
  if (!config.allowPrivate || (caller.kind === 'member' && caller.role === 'admin')) return
  if (current?.allowPrivate && current.url === config.url) return
  const message = 'only an admin who is signed in may allow private addresses'
  throw new NinesError('forbidden', message, { issues: [{ path: 'body/config/allowPrivate', message }] })
}
