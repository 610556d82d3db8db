import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, type ProcessIdentity } from './process-identity.ts'

/**
 * Asks a process (not necessarily a child) to stop and kills it once `deadlineMs` has passed.
 * Returns when it is gone. A process that is gone already is no error.
 */
export async function stopProcess(target: ProcessIdentity, signal: NodeJS.Signals, deadlineMs: number): Promise<void> {
  const until = Date.now() + deadlineMs
  sendSignal(target, signal)
  while (isAlive(target) && Date.now() < until) await sleep(20)
  sendSignal(target, 'SIGKILL')
  while (isAlive(target)) await sleep(20)
}

function sendSignal(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(target)) return
  try {
    process.kill(target.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
