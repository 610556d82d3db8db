import { createHash, randomUUID } from 'node:crypto'
import { accessSync, constants, createWriteStream, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const SHARED_MEMORY = '/dev/shm'
/** A body of unknown length is kept in memory-backed storage while this much of it is free. */
const ASSUMED_BYTES = 128 * 1024 * 1024

/**
 * Files that hold the rows of inserts while the engine reads them. Rows never stand in the SQL text: chDB would cut them
 * at the first blank line and execute the rest. Memory-backed where it has room, else beside the data.
 */
export class Spool {
  readonly #memory: string | undefined
  readonly #disk: string

  constructor(dataDir: string) {
    const name = `nines-spool-${createHash('sha256').update(path.resolve(dataDir)).digest('hex').slice(0, 16)}`
    this.#memory = isWritable(SHARED_MEMORY) ? path.join(SHARED_MEMORY, name) : undefined
    this.#disk = `${path.resolve(dataDir)}.spool`
    this.clear()
    for (const directory of this.#directories()) mkdirSync(directory, { recursive: true, mode: 0o700 })
  }

  /** Stores rows and returns the file; the caller discards it after the insert. */
  async keep(rows: Uint8Array | Readable, lengthBytes?: number): Promise<string> {
    const file = path.join(this.#directoryFor(lengthBytes ?? ASSUMED_BYTES), `${randomUUID()}.rows`)
    try {
      if (rows instanceof Uint8Array) await writeFile(file, rows, { mode: 0o600 })
      else await pipeline(rows, createWriteStream(file, { mode: 0o600 }))
    } catch (error) {
      await this.discard(file)
      throw error
    }
    return file
  }

  async discard(file: string): Promise<void> {
    await rm(file, { force: true })
  }

  clear(): void {
    for (const directory of this.#directories()) rmSync(directory, { recursive: true, force: true })
  }

  #directories(): string[] {
    return this.#memory ? [this.#memory, this.#disk] : [this.#disk]
  }

  #directoryFor(bytes: number): string {
    if (!this.#memory) return this.#disk
    const { bavail, bsize } = statfsSync(this.#memory)
    return bavail * bsize > bytes * 2 ? this.#memory : this.#disk
  }
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch {
    return false
  }
}
