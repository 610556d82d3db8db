import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

/** An evaluate in a process of its own, for tests that kill it. */
export interface EvaluateProcess {
  /** SIGKILL; returns when the process is gone. */
  kill(): Promise<void>
}

const SCRIPT = `
import { start } from ${JSON.stringify(path.join(import.meta.dirname, 'index.ts'))}
await start(process.env)
process.once('disconnect', () => process.exit(1))
process.send('up')
`

export async function spawnEvaluate(env: Record<string, string>): Promise<EvaluateProcess> {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module-typescript', '-e', SCRIPT], {
    env: { ...process.env, NINES_LOG_LEVEL: 'error', ...env },
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
