import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'
import { stopProcess } from './stop-process.ts'

/** Beside the data directory, so that no store trips over a file it does not know. */
const fileOf = (dataDir: string) => `${path.resolve(dataDir)}.owner.json`

/** Remembers which process serves a data directory, for a later start that finds the launcher killed. */
export function recordOwner(dataDir: string, pid: number): void {
  const identity = identify(pid)
  if (identity) writeFileSync(fileOf(dataDir), JSON.stringify(identity))
}

/** Forgets the owner after an orderly stop. */
export function forgetOwner(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true })
}

/** Stops the process that a killed launcher left serving this data directory, if there is one. */
export async function stopLeftoverOwner(dataDir: string, signal: NodeJS.Signals, deadlineMs: number): Promise<void> {
  const owner = readOwner(dataDir)
  if (owner && isAlive(owner)) await stopProcess(owner, signal, deadlineMs)
  forgetOwner(dataDir)
}

function readOwner(dataDir: string): ProcessIdentity | undefined {
  try {
    const parsed = JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Partial<ProcessIdentity>
    if (typeof parsed.pid === 'number' && typeof parsed.startedAt === 'string')
      return { pid: parsed.pid, startedAt: parsed.startedAt }
  } catch {
    // No file, or one cut short by a crash: nobody to stop.
  }
  return undefined
}
