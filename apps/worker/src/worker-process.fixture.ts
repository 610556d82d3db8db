import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

/** A worker in a process of its own, for tests that kill it. */
export interface WorkerProcess {
  /** SIGKILL; returns when the process is gone. */
  kill(): Promise<void>
}

const SCRIPT = `
import { start } from ${JSON.stringify(path.join(import.meta.dirname, 'index.ts'))}
const app = await start(process.env)
process.once('disconnect', () => process.exit(1))
process.send('up')
`

/** Comes back when the worker is up. */
export async function spawnWorker(env: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', SCRIPT], {
    env: { ...process.env, ...env, NINES_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return {
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
