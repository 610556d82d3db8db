import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { NinesError } from '@nines/kernel'

export interface SpoolEntry {
  id: string
  bytes: Buffer
}

/** A bounded first-in first-out queue of byte strings on disk. */
export interface Spool {
  /** Resolves when the entry is on disk and would survive a crash. Drops the oldest entries to stay in bounds. */
  append(bytes: Uint8Array): Promise<void>
  /** The entry to send next, or null when the spool is empty. */
  oldest(): Promise<SpoolEntry | null>
  /** Forgets an entry; one that is gone already changes nothing. */
  remove(id: string): Promise<void>
  readonly count: number
  readonly bytes: number
  /** Entries given up since the spool was opened, because newer ones needed their room. */
  readonly dropped: number
}

export interface SpoolOptions {
  directory: string
  /** Limit for all entries together. */
  maxBytes: number
  onDropped?: (entries: number) => void
}

const ENTRY = /^(\d{16})\.entry$/

/**
 * Opens the spool in `directory`, creating it if need be, with what an earlier process left there. One process at a
 * time may use it. An entry is one file: written aside, fsynced, then renamed into place, so a crash leaves all or
 * nothing of it. Names ascend, which is the order of sending.
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  const sizes = new Map<string, number>()
  for (const name of (await readdir(options.directory)).sort()) {
    const path = join(options.directory, name)
    if (ENTRY.test(name)) sizes.set(name, (await stat(path)).size)
    else if (name.endsWith('.partial')) await rm(path, { force: true })
  }
  return new DirectorySpool(options, sizes)
}

class DirectorySpool implements Spool {
  readonly #options: SpoolOptions
  /** Size of every entry by name, oldest first. */
  readonly #sizes: Map<string, number>
  #bytes: number
  #nextNumber: number
  #dropped = 0
  /** Appends are made one after another, so that files appear in order. */
  #last: Promise<void> = Promise.resolve()

  constructor(options: SpoolOptions, sizes: Map<string, number>) {
    this.#options = options
    this.#sizes = sizes
    this.#bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    this.#nextNumber = Number(ENTRY.exec([...sizes.keys()].at(-1) ?? '')?.[1] ?? 0) + 1
  }

  get count(): number {
    return this.#sizes.size
  }
  get bytes(): number {
    return this.#bytes
  }
  get dropped(): number {
    return this.#dropped
  }

  append(bytes: Uint8Array): Promise<void> {
    const turn = this.#last.then(() => this.#append(bytes))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async oldest(): Promise<SpoolEntry | null> {
    for (const id of this.#sizes.keys()) {
      const bytes = await readFile(this.#path(id)).catch(nullWhenMissing)
      if (bytes) return { id, bytes }
      this.#forget(id)
    }
    return null
  }

  async remove(id: string): Promise<void> {
    if (!ENTRY.test(id)) throw new NinesError('bad_request', `${id} is no spool entry`)
    this.#forget(id)
    await rm(this.#path(id), { force: true })
  }

  async #append(bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.#options.maxBytes)
      throw new NinesError('too_large', `an entry of ${bytes.length} bytes exceeds the whole spool`)
    await this.#makeRoom(bytes.length)
    const id = `${String(this.#nextNumber++).padStart(16, '0')}.entry`
    const partial = `${this.#path(id)}.partial`
    try {
      await writeDurably(partial, bytes)
      await rename(partial, this.#path(id))
    } catch (error) {
      // On a full disk the halves of entries would take what little room comes free.
      await rm(partial, { force: true })
      throw error
    }
    await syncDirectory(this.#options.directory)
    this.#sizes.set(id, bytes.length)
    this.#bytes += bytes.length
  }

  async #makeRoom(needed: number): Promise<void> {
    let given = 0
    for (const id of this.#sizes.keys()) {
      if (this.#bytes + needed <= this.#options.maxBytes) break
      await this.remove(id)
      given++
    }
    if (given === 0) return
    this.#dropped += given
    this.#options.onDropped?.(given)
  }

  #forget(id: string): void {
    this.#bytes -= this.#sizes.get(id) ?? 0
    this.#sizes.delete(id)
  }

  #path(id: string): string {
    return join(this.#options.directory, id)
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes a rename in the directory durable. Some platforms cannot open a directory; they order renames themselves. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => null)
  if (!handle) return
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
