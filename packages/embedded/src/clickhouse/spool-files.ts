import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'

/** What a file holds of memory while nobody uses it. */
const MOST_KEPT_BYTES = 64 * 1024 * 1024
const KEPT_FOR_MS = 10_000

/**
 * Files in memory-backed storage that wait to be written over: pages that are there already take less than half as long to
 * write as fresh ones. One waits at most, and not for long.
 */
export class SpoolFiles {
  #idle: { file: string; timer: NodeJS.Timeout } | undefined

  /** A file to write over from its start and to cut behind its end, if there is one. */
  take(): string | undefined {
    const { file, timer } = this.#idle ?? {}
    clearTimeout(timer)
    this.#idle = undefined
    return file
  }

  /** The rows of `bytes` in the file are not needed any more. */
  async give(file: string, bytes: number): Promise<void> {
    if (this.#idle || bytes > MOST_KEPT_BYTES) return rm(file, { force: true })
    const timer = setTimeout(() => this.clear(), KEPT_FOR_MS)
    timer.unref()
    this.#idle = { file, timer }
  }

  clear(): void {
    const file = this.take()
    if (file !== undefined) rmSync(file, { force: true })
  }
}
