import { createHash, randomUUID } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  createWriteStream,
  mkdirSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { IncomingMessage } from 'node:http'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { freeMemory, messageOf } from '@nines/kernel'

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
    const directory = this.#directoryFor(lengthBytes ?? ASSUMED_BYTES)
    const file = path.join(directory, `${randomUUID()}.rows`)
    try {
      if (rows instanceof Uint8Array) await writeFile(file, rows, { mode: 0o600 })
      else if (directory === this.#memory) await copyToMemory(rows, file)
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

/**
 * Writes on this thread: into memory a piece takes less than handing it to another thread and back would, and with
 * thousands of pieces in an insert that was a third of the insert's whole cost.
 */
async function copyToMemory(rows: Readable, file: string): Promise<void> {
  const fd = openSync(file, 'wx', 0o600)
  try {
    rows.on('data', (piece: Buffer) => {
      try {
        for (let at = 0; at < piece.length;) at += writeSync(fd, piece, at)
        // Nobody else looks at it. Left to the collector, pieces cost a sixth of an insert and a hundred megabytes.
        if (rows instanceof IncomingMessage) freeMemory(piece)
      } catch (error) {
        rows.destroy(error instanceof Error ? error : new Error(messageOf(error)))
      }
    })
    await finished(rows)
  } finally {
    closeSync(fd)
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
