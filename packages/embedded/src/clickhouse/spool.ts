import { createHash, randomUUID } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  createWriteStream,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { rm, stat, writeFile } from 'node:fs/promises'
import { IncomingMessage } from 'node:http'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { freeMemory, messageOf } from '@nines/kernel'
import { SpoolFiles } from './spool-files.ts'

const SHARED_MEMORY = '/dev/shm'
/** A body of unknown length is kept in memory-backed storage while this much of it is free. */
const ASSUMED_BYTES = 128 * 1024 * 1024
/** What has less takes a new file: it would cut one that is used again down to its own size. */
const LARGE_BYTES = 256 * 1024

/**
 * Files that hold the rows of inserts while the engine reads them. Rows never stand in the SQL text: chDB would cut them
 * at the first blank line and execute the rest. Memory-backed where it has room, else beside the data.
 */
export class Spool {
  readonly #memory: string | undefined
  readonly #disk: string
  readonly #files = new SpoolFiles()

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
    if (directory === this.#memory && !(rows instanceof Uint8Array)) {
      const spooled = new MemoryFile(directory, this.#files)
      await spooled.copy(rows)
      return spooled.file
    }
    const file = fileIn(directory)
    try {
      if (rows instanceof Uint8Array) await writeFile(file, rows, { mode: 0o600 })
      else await pipeline(rows, createWriteStream(file, { mode: 0o600 }))
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
    return file
  }

  async discard(file: string): Promise<void> {
    const bytes = path.dirname(file) === this.#memory ? await sizeOf(file) : 0
    if (bytes >= LARGE_BYTES) await this.#files.give(file, bytes)
    else await rm(file, { force: true })
  }

  clear(): void {
    this.#files.clear()
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
 * Rows that are written to memory-backed storage on this thread: a piece takes less than handing it to another thread and
 * back would, and with thousands of pieces in an insert that was a third of the insert's whole cost.
 */
class MemoryFile {
  file = ''
  readonly #directory: string
  readonly #files: SpoolFiles
  #fd: number | undefined
  #held: Buffer[] = []

  constructor(directory: string, files: SpoolFiles) {
    this.#directory = directory
    this.#files = files
  }

  /** Nothing is left of it when it fails. */
  async copy(rows: Readable): Promise<void> {
    const isOwn = rows instanceof IncomingMessage
    let bytes = 0
    try {
      rows.on('data', (piece: Buffer) => {
        try {
          this.#held.push(piece)
          bytes += piece.length
          if (bytes >= LARGE_BYTES) this.#write(this.#fd ?? this.#open(this.#files.take()), isOwn)
        } catch (error) {
          rows.destroy(error instanceof Error ? error : new Error(messageOf(error)))
        }
      })
      await finished(rows)
      const fd = this.#fd ?? this.#open()
      this.#write(fd, isOwn)
      ftruncateSync(fd, bytes)
    } catch (error) {
      if (this.file) await rm(this.file, { force: true })
      throw error
    } finally {
      if (this.#fd !== undefined) closeSync(this.#fd)
    }
  }

  #write(fd: number, isOwn: boolean): void {
    for (const piece of this.#held) {
      for (let at = 0; at < piece.length;) at += writeSync(fd, piece, at)
      // Nobody else looks at it. Left to the collector, pieces cost a sixth of an insert and a hundred megabytes.
      if (isOwn) freeMemory(piece)
    }
    this.#held = []
  }

  #open(known?: string): number {
    this.file = known ?? fileIn(this.#directory)
    this.#fd = openSync(this.file, known === undefined ? 'wx' : 'r+', 0o600)
    return this.#fd
  }
}

function fileIn(directory: string): string {
  return path.join(directory, `${randomUUID()}.rows`)
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch {
    return false
  }
}
