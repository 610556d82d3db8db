import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** An app in a process of its own, for tests that kill it. */
export interface AppProcess {
  readonly pid: number
  /** SIGKILL; returns when the process is gone. */
  kill(): Promise<void>
  /** Orderly stop. */
  stop(): Promise<void>
}

/** Most of these processes are killed, and so would never write what they compiled: they do as soon as they are up. */
const scriptFor = (entry: string) => `
import { flushCompileCache } from 'node:module'
import { start } from ${JSON.stringify(entry)}
const app = await start(process.env)
process.once('SIGTERM', () => app.stop().then(() => process.exit(0)))
process.once('disconnect', () => process.exit(1))
flushCompileCache()
process.send('up')
`

/** Starts the app whose module stands at the path `entry`; comes back when it is up. It ends with this process. */
export async function spawnApp(entry: string, env: Record<string, string>): Promise<AppProcess> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', scriptFor(entry)], {
    env: { ...process.env, NINES_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const [first] = (await Promise.race([once(child, 'message'), exited])) as [unknown]
  if (first !== 'up') throw new Error(`${entry} ended while starting`)
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await exited
  }
  return { pid: child.pid ?? 0, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}
