import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { NinesError } from '@nines/kernel'

const SERVERS = ['redis-server', 'valkey-server']

/** Install commands of the package managers we know, each tried when its first word is on PATH. */
const INSTALLERS = [
  {
    manager: 'apt-get',
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', '--no-install-recommends', 'redis-server'],
    ],
  },
  { manager: 'dnf', commands: [['dnf', 'install', '-y', 'redis']] },
  { manager: 'apk', commands: [['apk', 'add', 'redis']] },
  { manager: 'pacman', commands: [['pacman', '-Sy', '--noconfirm', 'valkey']] },
  { manager: 'zypper', commands: [['zypper', '--non-interactive', 'install', 'redis']] },
  { manager: 'brew', commands: [['brew', 'install', 'redis']] },
]

/**
 * Path of a Redis (or Valkey) server, installing it with the system's package manager when it is missing.
 * `announce` hears one line before an installation starts. Throws NinesError with what to do when that fails.
 */
export function ensureRedisBinary(
  announce: (line: string) => void = () => {},
  searchPath = process.env.PATH ?? '',
): string {
  const found = findOnPath(SERVERS, searchPath)
  if (found) return found
  const installer = INSTALLERS.find((i) => findOnPath([i.manager], searchPath))
  if (!installer) throw missing('no known package manager was found on this machine')
  const mayInstall = installer.manager === 'brew' || process.getuid?.() === 0
  const manual = installer.commands.map((c) => c.join(' ')).join(' && ')
  if (!mayInstall) throw missing(`installing it needs root: run "sudo ${manual.replaceAll('&& ', '&& sudo ')}" once`)
  announce(`redis-server is missing, installing it with ${installer.manager}`)
  const problem = install(installer.commands)
  const installed = findOnPath(SERVERS, searchPath)
  if (installed) return installed
  throw missing(`"${manual}" failed: ${problem}`)
}

/** Runs the commands in turn; an outdated package list is tried as it stands before it is refreshed. */
function install(commands: string[][]): string {
  const attempts = commands.length > 1 ? [commands.at(-1) ?? [], ...commands] : commands
  let problem = ''
  for (const [index, [program = '', ...args]] of attempts.entries()) {
    const result = spawnSync(program, args, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    problem = (result.stderr || result.stdout || String(result.error ?? '')).trim().split('\n').slice(-3).join(' ')
    if (result.status === 0 && (commands.length === 1 || index === 0 || index === attempts.length - 1)) return ''
  }
  return problem
}

/** First of these programs that PATH holds as an executable file. */
export function findOnPath(programs: string[], searchPath = process.env.PATH ?? ''): string | undefined {
  for (const program of programs) {
    for (const directory of searchPath.split(path.delimiter).filter(Boolean)) {
      const candidate = path.join(directory, program)
      try {
        accessSync(candidate, constants.X_OK)
        return candidate
      } catch {
        // Not here: look in the next directory.
      }
    }
  }
  return undefined
}

function missing(reason: string): NinesError {
  return new NinesError(
    'unavailable',
    `Redis is needed and redis-server is not on PATH; ${reason}. Or set REDIS_URL to a Redis 7+ or Valkey server that you run.`,
  )
}
