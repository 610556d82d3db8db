import { watch, type FSWatcher } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '@nines/kernel'
import type { TargetGroup } from '../config/target-group.ts'
import type { FileProblem } from '../config/yaml-places.ts'
import { parseTargetFile } from './parse-target-file.ts'

export interface TargetFilesOptions {
  /** Absolute, with * in the last part. */
  pattern: string
  refreshMs: number
  /** Called at first and whenever the groups of all files that match have changed. */
  onGroups: (groups: TargetGroup[]) => void
  /** Called once for each text of a file that cannot be read. */
  onProblems: (problems: FileProblem[]) => void
}

export interface TargetFiles {
  stop(): Promise<void>
}

/** Writers touch a file several times; it is read when they have been quiet for this long. */
const QUIET_MS = 50

/**
 * Reads the files that match, again when their directory changes and at every refresh interval, for not every file
 * system tells of changes. A file that is broken keeps the targets it had; one that is gone has none.
 */
export function watchTargetFiles(options: TargetFilesOptions): TargetFiles {
  const stopping = new AbortController()
  const files = new Map<string, { text: string; groups: TargetGroup[] }>()
  let wake = Promise.withResolvers<void>()
  let published = ''

  const read = async (): Promise<void> => {
    const paths = await matchingFiles(options.pattern)
    for (const path of files.keys()) if (!paths.includes(path)) files.delete(path)
    for (const path of paths) {
      const before = files.get(path)
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        options.onProblems([{ where: path, what: messageOf(error) }])
        return null
      })
      if (text === null || text === before?.text) continue
      const parsed = parseTargetFile(path, text)
      if (!Array.isArray(parsed)) options.onProblems(parsed.problems)
      files.set(path, { text, groups: Array.isArray(parsed) ? parsed : (before?.groups ?? []) })
    }
    const groups = [...files.values()].flatMap((file) => file.groups)
    const state = JSON.stringify(groups)
    if (state === published) return
    published = state
    options.onGroups(groups)
  }

  const watcher = watchDirectory(dirname(options.pattern), () => wake.resolve())
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await read().catch((error: unknown) => options.onProblems([{ where: options.pattern, what: messageOf(error) }]))
      const refresh = sleep(options.refreshMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      await Promise.race([wake.promise, refresh])
      await sleep(QUIET_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
      wake = Promise.withResolvers()
    }
  }
  const finished = run()
  return {
    stop: () => {
      watcher?.close()
      stopping.abort()
      return finished
    },
  }
}

/** Null where the directory cannot be watched; refreshing has to do then. */
function watchDirectory(directory: string, onChange: () => void): FSWatcher | null {
  try {
    return watch(directory, { persistent: false }, onChange).on('error', () => undefined)
  } catch {
    return null
  }
}

async function matchingFiles(pattern: string): Promise<string[]> {
  const [before = '', ...after] = basename(pattern).split('*')
  const names = await readdir(dirname(pattern)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const matches = (name: string): boolean =>
    after.length === 0
      ? name === before
      : !name.startsWith('.') &&
        name.length >= before.length + after.join('').length &&
        name.startsWith(before) &&
        name.endsWith(after.join(''))
  return names
    .filter(matches)
    .sort()
    .map((name) => join(dirname(pattern), name))
}
