import { spawnSync } from 'node:child_process'

/** Moves a process with all its threads to one core; what it starts from now on inherits it. False without taskset. */
export function pinToCore(core: number, pid = process.pid): boolean {
  const { status } = spawnSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' })
  return status === 0
}
