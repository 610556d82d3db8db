import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareDataDirectory } from '../data-directory.ts'
import { requireFreePort } from '../ports.ts'
import {
  closeLog,
  manageChild,
  openLog,
  type EmbeddedStore,
  type EmbeddedStoreOptions,
} from '../process/embedded-store.ts'
import { stopLeftoverOwner } from '../process/owner-file.ts'
import { ensureRedisBinary } from './redis-binary.ts'

const STOP_DEADLINE_MS = 10_000

export interface RedisOptions extends EmbeddedStoreOptions {
  /** Hears about an installation by the system's package manager. */
  announce?: (line: string) => void
  /** `always` makes an acknowledged write survive power loss; tests may choose `no`. */
  appendFsync?: 'always' | 'everysec' | 'no'
}

/** Starts redis-server on loopback with an append-only file; takes over the directory from a killed launcher. */
export async function startRedis(options: RedisOptions): Promise<EmbeddedStore> {
  const { port, appendFsync = 'always' } = options
  const binary = ensureRedisBinary(options.announce)
  const dataDir = prepareDataDirectory(options.dataDir)
  const logFile = options.logFile ?? `${dataDir}.log`
  await stopLeftoverOwner(dataDir, 'SIGTERM', STOP_DEADLINE_MS)
  await requireFreePort(port, 'Redis')
  const log = openLog(logFile)
  // Relative to the working directory: a path with quotes or blanks never meets Redis's own argument parser.
  const settings = {
    dir: '.',
    port: String(port),
    bind: '127.0.0.1',
    appendonly: 'yes',
    appendfsync: appendFsync,
    'maxmemory-policy': 'noeviction',
    // Telemetry passes through at tens of megabytes a second; rewriting the file every 64 MiB would never end.
    'auto-aof-rewrite-min-size': '512mb',
    save: '',
    daemonize: 'no',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn(binary, args, { cwd: dataDir, stdio: ['ignore', log, log], detached: true })
  closeLog(log)
  const url = `redis://127.0.0.1:${port}`
  const managed = {
    name: 'Redis',
    url,
    child,
    dataDir,
    logFile,
    stopSignal: 'SIGTERM' as const,
    stopDeadlineMs: STOP_DEADLINE_MS,
  }
  return manageChild(managed, (signal) => untilPong(port, signal))
}

/** Polls until Redis has loaded its data and answers PING. */
async function untilPong(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await ping(port))) await sleep(15)
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'))
    const finish = (pong: boolean) => {
      socket.destroy()
      resolve(pong)
    }
    socket.setTimeout(1000, () => finish(false))
    socket.once('data', (answer) => finish(answer.toString().startsWith('+PONG')))
    socket.once('error', () => finish(false))
    socket.once('close', () => finish(false))
  })
}
