import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { identify, stopProcess, type ProcessIdentity } from '@nines/embedded'
import { MEMORY_ENVIRONMENT, NinesError, NODE_OPTIONS_OF_APPS } from '@nines/kernel'
import { untilHung, type LivenessPatience } from './liveness.ts'
import type { RunningProcess } from './supervised.ts'

const HOST = path.resolve(import.meta.dirname, '../host.ts')
const DRAIN_DEADLINE_MS = 10_000
const ROTATE_AT_BYTES = 10 * 1024 * 1024

export interface AppProcessOptions {
  /** Apps that share the process, by name or path. */
  apps: string[]
  env: Record<string, string>
  logFile: string
  /** Health pages by which a hang is recognised; without any it is not. */
  liveness?: { urls: readonly string[]; patience?: LivenessPatience }
}

/**
 * Starts a process that hosts apps. It writes its own log, in its own process group: a Ctrl-C at the terminal
 * reaches only the launcher, which then drains everything in order. A process that hangs is killed, so that whoever
 * waits for its end starts another.
 */
export function startAppProcess({ apps, env, logFile, liveness }: AppProcessOptions): RunningProcess {
  const log = openLog(logFile)
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...NODE_OPTIONS_OF_APPS, HOST, ...apps],
    {
      env: { ...MEMORY_ENVIRONMENT, ...env },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    },
  )
  closeSync(log)
  const ended = new AbortController()
  let hang: string | undefined
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(hang ?? signal ?? `exit code ${code}`))
  })
  void exited.then(() => ended.abort())
  const { pid } = child
  const identity = pid === undefined ? undefined : identify(pid)
  if (pid === undefined) throw new NinesError('unavailable', `no process could be started for ${apps.join(', ')}`)
  const endHang = async (target: ProcessIdentity, urls: readonly string[]) => {
    const reason = await untilHung(urls, ended.signal, liveness?.patience)
    if (!reason) return
    hang = `hung: ${reason}`
    await stopProcess(target, 'SIGKILL', 0)
  }
  if (identity && liveness && liveness.urls.length > 0) void endHang(identity, liveness.urls)
  const stop = async () => {
    ended.abort()
    if (identity) await stopProcess(identity, 'SIGTERM', DRAIN_DEADLINE_MS)
    await exited
  }
  return { pid, exited, stop }
}

/** Opens a log for appending; one that has grown large becomes `<log>.1` first. */
function openLog(logFile: string): number {
  mkdirSync(path.dirname(logFile), { recursive: true })
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size > ROTATE_AT_BYTES) renameSync(logFile, `${logFile}.1`)
  return openSync(logFile, 'a', 0o600)
}
