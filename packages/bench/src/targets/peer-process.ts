import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'

const START_DEADLINE_MS = 30_000

export interface PeerProcess {
  pid: number
  stop(): Promise<void>
}

/** Starts a peer's server and waits until `healthUrl` answers 200. It ends with this process. */
export async function startPeer(
  command: string,
  args: string[],
  logFile: string,
  healthUrl: string,
): Promise<PeerProcess> {
  const log = openSync(logFile, 'a')
  const child = spawn(command, args, { stdio: ['ignore', log, log] })
  closeSync(log)
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const stop = async () => {
    process.off('exit', endWithUs)
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  try {
    await untilHealthy(child, healthUrl)
  } catch (error) {
    await stop()
    throw new NinesError('unavailable', `${command} did not start, see ${logFile}`, { cause: error })
  }
  return { pid: child.pid ?? 0, stop }
}

async function untilHealthy(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new NinesError('unavailable', `ended with exit code ${child.exitCode}`)
    const answer = await fetch(url).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.ok) return
    await sleep(100)
  }
  throw new NinesError('unavailable', `${url} did not answer within ${START_DEADLINE_MS} ms`)
}

/** Sum of a metric's values on a page in Prometheus' text format. */
export async function scrapeSum(url: string, metric: string, label = ''): Promise<number> {
  const text = await (await fetch(url)).text()
  let sum = 0
  for (const line of text.split('\n')) {
    if (!line.startsWith(metric) || !line.includes(label)) continue
    const next = line[metric.length]
    if (next === '{' || next === ' ') sum += Number(line.slice(line.lastIndexOf(' ') + 1))
  }
  return sum
}
