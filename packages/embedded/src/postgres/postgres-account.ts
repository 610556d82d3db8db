import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, existsSync, lstatSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { NinesError } from '@nines/kernel'

/** How a PostgreSQL program is started, since it refuses to run as root. */
export interface PostgresAccount {
  /** Put before the program's own command line; empty when it runs directly. */
  prefix: string[]
  /** Passed to spawn. */
  ids: { uid?: number; gid?: number }
}

/** Kernel's overflow id: "nobody" in a user namespace that maps nothing else. */
const NOBODY = 65_534

/**
 * Chooses the account for PostgreSQL. Not root: ourselves. Root: an unprivileged user, provided that user can reach
 * the programs and the data through every parent folder; else (a checkout under /root) root under another name,
 * inside a user namespace, where files stay ours and PostgreSQL sees an ordinary user.
 * The data directory's ownership is brought in line with the choice.
 */
export function choosePostgresAccount(binary: string, dataDir: string): PostgresAccount {
  if (process.getuid?.() !== 0) return { prefix: [], ids: {} }
  const owner = existingOwner(dataDir)
  const user = owner ?? unprivilegedUser()
  if (user && isReachable(binary) && isReachable(dataDir)) {
    chownTree(dataDir, user.uid, user.gid)
    return { prefix: [], ids: user }
  }
  if (canUseUserNamespace()) {
    chownTree(dataDir, 0, 0)
    return { prefix: ['unshare', '-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`], ids: {} }
  }
  throw new NinesError(
    'unavailable',
    `PostgreSQL does not run as root, and no other user can reach ${path.dirname(binary)} and ${dataDir}. ` +
      'Run Nines as an ordinary user, move the checkout and NINES_DATA_DIR to folders that others may enter (such as /srv), or set DATABASE_URL.',
  )
}

/** Whoever owns an existing cluster keeps it. */
function existingOwner(dataDir: string): { uid: number; gid: number } | undefined {
  const version = path.join(dataDir, 'PG_VERSION')
  if (!existsSync(version)) return undefined
  const { uid, gid } = statSync(version)
  return uid === 0 ? undefined : { uid, gid }
}

function unprivilegedUser(): { uid: number; gid: number } | undefined {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // No such user: try the next.
    }
  }
  return undefined
}

/** Whether every folder above the file lets any user pass. */
function isReachable(file: string): boolean {
  for (let folder = path.dirname(path.resolve(file)); ; folder = path.dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false
    if (folder === path.dirname(folder)) return true
  }
}

function canUseUserNamespace(): boolean {
  return (
    spawnSync('unshare', ['-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, 'true'], { stdio: 'ignore' })
      .status === 0
  )
}

function chownTree(file: string, uid: number, gid: number): void {
  if (!existsSync(file)) return
  const stat = lstatSync(file)
  const wasRight = stat.uid === uid && stat.gid === gid
  if (!wasRight) chownSync(file, uid, gid)
  if (!stat.isDirectory()) return
  const version = path.join(file, 'PG_VERSION')
  // The tree is changed as a whole: a folder and its version file with the right owner vouch for the rest.
  if (wasRight && existsSync(version) && lstatSync(version).uid === uid) return
  for (const entry of readdirSync(file)) chownTree(path.join(file, entry), uid, gid)
}
