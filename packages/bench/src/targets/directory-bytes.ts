import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

/** Bytes of all files under a folder; files that vanish meanwhile do not count. */
export function directoryBytes(folder: string): number {
  let sum = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) sum += statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0
  }
  return sum
}
