import { type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { NinesError } from '@nines/kernel'
import { forgetOwner, recordOwner } from './owner-file.ts'
import { identify } from './process-identity.ts'
import { stopProcess } from './stop-process.ts'

/** A database that this machine runs for us as a child process. */
export interface EmbeddedStore {
  readonly name: string
  /** Connection URL for the store's ordinary client. */
  readonly url: string
  readonly pid: number
  /** Settles when the process has ended for whatever reason, with words for a log: `exit code 1` or `SIGKILL`. */
  readonly exited: Promise<string>
  /** Orderly shutdown; returns when the process is gone. Safe to call twice. */
  stop(): Promise<void>
}

/** Where a store lives; the port must be free and is bound on loopback only. */
export interface EmbeddedStoreOptions {
  dataDir: string
  port: number
  /** File that takes the process's output; default `<dataDir>.log`. */
  logFile?: string
}

export interface ManagedChild {
  name: string
  url: string
  child: ChildProcess
  dataDir: string
  logFile: string
  stopSignal: NodeJS.Signals
  stopDeadlineMs: number
}

/** Opens the log for appending. The child writes to it directly, so that it outlives a killed launcher. */
export function openLog(logFile: string): number {
  mkdirSync(path.dirname(logFile), { recursive: true })
  return openSync(logFile, 'a')
}

/** Turns a freshly spawned process into a store: waits for `ready` or for its early death, records the owner. */
export async function manageChild(
  managed: ManagedChild,
  ready: (signal: AbortSignal) => Promise<void>,
): Promise<EmbeddedStore> {
  const { child, name } = managed
  const abort = new AbortController()
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  if (child.pid !== undefined) recordOwnerOrEnd(managed, child.pid)
  const outcome = await Promise.race([ready(abort.signal).then(() => undefined), exited])
  abort.abort()
  if (outcome !== undefined || child.pid === undefined) {
    forgetOwner(managed.dataDir)
    throw new NinesError('unavailable', `${name} did not start (${outcome}). ${lastLines(managed.logFile)}`.trim())
  }
  const identity = identify(child.pid)
  const stop = async () => {
    if (identity) await stopProcess(identity, managed.stopSignal, managed.stopDeadlineMs)
    await exited
    forgetOwner(managed.dataDir)
  }
  return { name, url: managed.url, pid: child.pid, exited, stop }
}

/** A store that nobody could find again, as when the disk is full, must not go on running. */
function recordOwnerOrEnd({ child, dataDir }: ManagedChild, pid: number): void {
  try {
    recordOwner(dataDir, pid)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

/** Closes our copy of a log after the child has inherited it. */
export function closeLog(fd: number): void {
  closeSync(fd)
}

function lastLines(logFile: string): string {
  try {
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-4).join('\n  ')
    return `Its log ${logFile} ends with:\n  ${lines}`
  } catch {
    return `See ${logFile}.`
  }
}
