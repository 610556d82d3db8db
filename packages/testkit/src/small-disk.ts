import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const MIB = 1024 * 1024

/** A small file system of its own that can be filled up. */
export interface SmallDisk {
  folder: string
  freeBytes(): number
  /** Takes space until so much is free; 0 takes the last byte. */
  fillTo(freeBytes: number): Promise<void>
  /** Gives back what `fillTo` took. */
  empty(): void
  unmount(): void
}

/** Mounts one in memory; a string says why that is not possible here. */
export function mountSmallDisk(bytes: number): SmallDisk | string {
  const folder = mkdtempSync(path.join(tmpdir(), 'nines-small-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0711`, 'tmpfs', folder])
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true })
    return `a file system cannot be mounted here (${String(mounted.error ?? mounted.stderr).trim()})`
  }
  const piece = Buffer.alloc(4 * MIB)
  const filler = path.join(folder, 'filler')
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
  return {
    folder,
    freeBytes,
    async fillTo(target) {
      const file = await open(filler, 'a')
      try {
        for (let left = freeBytes() - target; left > 0; left = freeBytes() - target)
          await file.write(piece.subarray(0, Math.min(left, piece.length)))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        await file.close()
      }
    },
    empty: () => rmSync(filler, { force: true }),
    unmount() {
      spawnSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
