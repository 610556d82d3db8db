import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MEMORY_ENVIRONMENT, NinesError, NODE_OPTIONS_OF_APPS } from '@nines/kernel'

const HOST = path.resolve(import.meta.dirname, '../../../../apps/nines/src/host.ts')
const READY_DEADLINE_MS = 60_000

export interface AppProcess {
  pid: number
  stop(): Promise<void>
}

/**
 * One of our apps as a process of its own that ends with this one; answers once it is ready. `entry` is a file with the app's
 * `start` where it is not the app itself.
 */
export async function startApp(
  name: string,
  env: Record<string, string>,
  folder: string,
  entry = name,
): Promise<AppProcess> {
  const logFile = path.join(folder, 'logs', `${name}.log`)
  mkdirSync(path.dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'a')
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...NODE_OPTIONS_OF_APPS, HOST, entry],
    {
      env: { ...MEMORY_ENVIRONMENT, ...process.env, ...env },
      // The channel ends the app with this process.
      stdio: ['ignore', log, log, 'ipc'],
    },
  )
  closeSync(log)
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  const url = `http://127.0.0.1:${env[`NINES_${name.toUpperCase()}_PORT`]}/readyz`
  const deadline = Date.now() + READY_DEADLINE_MS
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.ok) return { pid: child.pid ?? 0, stop }
    await sleep(100)
  }
  await stop()
  throw new NinesError('unavailable', `${name} did not become ready, see ${logFile}`)
}
