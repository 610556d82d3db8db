import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

/** A store in a process of its own, for tests that kill it. */
export interface StoreProcess {
  readonly pid: number
  /** SIGKILL; returns when the process is gone. */
  kill(): Promise<void>
  /** Orderly stop. */
  stop(): Promise<void>
}

const SCRIPT = `
import { start } from ${JSON.stringify(path.join(import.meta.dirname, 'index.ts'))}
const app = await start(process.env)
process.once('SIGTERM', () => app.stop().then(() => process.exit(0)))
process.once('disconnect', () => process.exit(1))
process.send('up')
`

export async function spawnStore(env: Record<string, string>): Promise<StoreProcess> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', SCRIPT], {
    env: { ...process.env, NINES_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return { pid: child.pid ?? 0, kill: () => end(child, 'SIGKILL'), stop: () => end(child, 'SIGTERM') }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}
