import { chmodSync, mkdirSync, readdirSync, statfsSync } from 'node:fs'
import path from 'node:path'
import { NinesError } from '@nines/kernel'

/** Below this the stores could stop in the middle of a write, so we say so at start instead. */
const MINIMUM_FREE_BYTES = 512 * 1024 * 1024

/**
 * Creates a directory for embedded data. As root it is left traversable (but not listable), because
 * PostgreSQL refuses to run as root and reaches its own directory through it as another user.
 * Throws NinesError with what to do when the directory cannot be made, or is new and the disk nearly full: what has data
 * already starts on any disk, since a store that ended for want of space comes back no other way.
 */
export function prepareDataDirectory(directory: string, minimumFreeBytes = MINIMUM_FREE_BYTES): string {
  const absolute = path.resolve(directory)
  try {
    mkdirSync(absolute, { recursive: true, mode: 0o700 })
    if (process.getuid?.() === 0) chmodSync(absolute, 0o711)
  } catch (error) {
    throw explainFileError(error, absolute)
  }
  if (readdirSync(absolute).length > 0) return absolute
  const { bavail, bsize } = statfsSync(absolute)
  if (bavail * bsize < minimumFreeBytes) {
    throw new NinesError(
      'unavailable',
      `only ${megabytes(bavail * bsize)} MB are free on the disk of ${absolute}, and the stores need ${megabytes(minimumFreeBytes)} MB. ` +
        'Free some space, or set NINES_DATA_DIR to a folder on another disk.',
    )
  }
  return absolute
}

/** A file system error in words that say what to do. */
export function explainFileError(error: unknown, file: string): NinesError {
  const code = (error as NodeJS.ErrnoException).code
  const advice: Record<string, string> = {
    EACCES: `no permission to write to ${file}. Set NINES_DATA_DIR to a folder you own, or give yourself access to this one.`,
    EPERM: `no permission to change ${file}. Set NINES_DATA_DIR to a folder you own, or give yourself access to this one.`,
    EROFS: `${file} is on a read-only file system. Set NINES_DATA_DIR to a folder that can be written.`,
    ENOSPC: `no space left on the disk of ${file}. Free some space, or set NINES_DATA_DIR to a folder on another disk.`,
    ENOTDIR: `${file} cannot be made because a part of the path is a file. Set NINES_DATA_DIR to another folder.`,
    EEXIST: `${file} is a file, not a folder. Move it away or set NINES_DATA_DIR to another folder.`,
  }
  return new NinesError('unavailable', advice[code ?? ''] ?? `cannot use ${file}: ${String(error)}`, { cause: error })
}

const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024)
