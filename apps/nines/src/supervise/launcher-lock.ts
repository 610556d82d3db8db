import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { explainFileError, identify, isAlive, stopProcess, type ProcessIdentity } from '@nines/embedded'
import { NinesError } from '@nines/kernel'

const LEFTOVER_DEADLINE_MS = 10_000
const DYING_MS = 1_000
const WRITE_AGAIN_MS = 1_000

interface LockContent {
  launcher: ProcessIdentity
  /** By name, in the order in which they were started. */
  children: Record<string, ProcessIdentity>
}

/**
 * One launcher per data directory. The lock names the launcher and its children with their start times, so that the
 * next launcher recognises what a killed one has left, and never takes a stranger with the same pid for it.
 */
export class LauncherLock {
  readonly #file: string
  readonly #content: LockContent
  #again: NodeJS.Timeout | undefined

  private constructor(file: string, content: LockContent) {
    this.#file = file
    this.#content = content
  }

  /** Takes the lock, ending what a killed launcher left. Throws NinesError while another launcher lives. */
  static async acquire(dataDir: string): Promise<LauncherLock> {
    const file = path.join(dataDir, 'launcher.json')
    const launcher = identify(process.pid)
    if (!launcher) throw new NinesError('internal', 'this process cannot see its own start time')
    const content: LockContent = { launcher, children: {} }
    for (;;) {
      try {
        writeFileSync(file, JSON.stringify(content), { flag: 'wx', mode: 0o600 })
        return new LauncherLock(file, content)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw explainFileError(error, file)
      }
      const previous = readLock(file)
      if (previous && !(await isGoneSoon(previous.launcher))) throw alreadyRunning(previous.launcher.pid, dataDir)
      if (previous) await stopLeftovers(previous)
      rmSync(file, { force: true })
    }
  }

  /**
   * Remembers a child that has come up, replacing an earlier one of the same name. On a full disk it is written down
   * later: a child that runs is worth more than a note of it.
   */
  recordChild(name: string, pid: number): void {
    const identity = identify(pid)
    if (!identity) return
    this.#content.children[name] = identity
    this.#write()
  }

  release(): void {
    clearTimeout(this.#again)
    rmSync(this.#file, { force: true })
  }

  #write(): void {
    clearTimeout(this.#again)
    try {
      writeFileSync(`${this.#file}.new`, JSON.stringify(this.#content), { mode: 0o600 })
      renameSync(`${this.#file}.new`, this.#file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      this.#again = setTimeout(() => this.#write(), WRITE_AGAIN_MS).unref()
    }
  }
}

function readLock(file: string): LockContent | undefined {
  try {
    const parsed = JSON.parse(readFileSync(file, 'utf8')) as Partial<LockContent>
    return parsed.launcher ? { launcher: parsed.launcher, children: parsed.children ?? {} } : undefined
  } catch {
    return undefined
  }
}

/** A process that was killed a moment ago still shows for as long as the system takes to tear it down. */
async function isGoneSoon(launcher: ProcessIdentity): Promise<boolean> {
  const deadline = Date.now() + DYING_MS
  while (isAlive(launcher) && Date.now() < deadline) await sleep(20)
  return !isAlive(launcher)
}

/** SIGINT because to PostgreSQL it means "now", where SIGTERM would wait for the clients; apps and stores take both. */
async function stopLeftovers({ children }: LockContent): Promise<void> {
  for (const identity of Object.values(children).toReversed())
    await stopProcess(identity, 'SIGINT', LEFTOVER_DEADLINE_MS)
}

function alreadyRunning(pid: number, dataDir: string): NinesError {
  return new NinesError(
    'conflict',
    `Nines is already running on ${dataDir} (process ${pid}). Stop that one first (Ctrl-C, or kill ${pid}), or set NINES_DATA_DIR to another folder.`,
  )
}
