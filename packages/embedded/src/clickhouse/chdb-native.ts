import { createRequire } from 'node:module'
import path from 'node:path'

/** Opaque handle of one session inside the engine: its own current database and settings. */
export type ChdbConnection = { readonly __connection: unique symbol }
/** Opaque handle of a result that is fetched block by block. */
export type ChdbStream = { readonly __stream: unique symbol }

export interface ChdbResult {
  bytes: Uint8Array
  rowsRead?: number
  bytesRead?: number
  rowsWritten?: number
  bytesWritten?: number
  /** Seconds. */
  elapsed?: number
}

/**
 * The functions of chDB's native module that we use. Its public JavaScript classes are passed by: their insert path
 * ends the payload at the first blank line and executes what follows as SQL, and their sessions are shared.
 */
export interface ChdbNative {
  /** Opens the engine on a directory, or another session of an engine that is open. Costs 0.1 ms once open. */
  CreateConnection(directory: string): ChdbConnection
  /** The engine shuts down with the last connection. */
  CloseConnection(connection: ChdbConnection): void
  /** Runs on the calling thread: for settings and other trifles only. */
  QueryWithConnection(connection: ChdbConnection, sql: string, format: string): string
  QueryAsyncConnection(connection: ChdbConnection, sql: string, format: string): Promise<ChdbResult>
  StreamQuery(connection: ChdbConnection, sql: string, format: string): ChdbStream
  StreamFetch(stream: ChdbStream): Promise<{ done: boolean; bytes: Uint8Array }>
  StreamCancel(stream: ChdbStream): void
}

/** Loads the engine (a shared library of some hundred megabytes) into this process. */
export function loadChdb(): ChdbNative {
  const require = createRequire(import.meta.url)
  const loader = path.join(path.dirname(require.resolve('chdb')), 'dist/loader.js')
  return (require(loader) as { loadNative(): ChdbNative }).loadNative()
}
