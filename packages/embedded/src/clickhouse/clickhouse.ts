import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
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

/** The engine cannot interrupt a query; a shutdown that takes longer is forced. */
const STOP_DEADLINE_MS = 35_000
/** Native queries that run at once: each holds a thread of Node's pool from beginning to end. */
const PARALLEL_QUERIES = 16

/** Starts chDB in its own process behind ClickHouse's HTTP protocol; takes the directory over from a killed launcher. */
export async function startClickHouse(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const { port } = options
  const dataDir = prepareDataDirectory(options.dataDir)
  const logFile = options.logFile ?? `${dataDir}.log`
  await stopLeftoverOwner(dataDir, 'SIGTERM', STOP_DEADLINE_MS)
  await requireFreePort(port, 'ClickHouse')
  const log = openLog(logFile)
  const child = fork(path.join(import.meta.dirname, 'clickhouse-server.ts'), [path.resolve(dataDir), String(port)], {
    // The engine reads the config.xml that lies there.
    cwd: path.join(import.meta.dirname, 'engine'),
    env: { ...process.env, UV_THREADPOOL_SIZE: String(PARALLEL_QUERIES) },
    execArgv: [],
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
  })
  closeLog(log)
  const url = `http://127.0.0.1:${port}`
  const managed = {
    name: 'ClickHouse',
    url,
    child,
    dataDir,
    logFile,
    stopSignal: 'SIGTERM' as const,
    stopDeadlineMs: STOP_DEADLINE_MS,
  }
  return manageChild(managed, () => untilReadyMessage(child))
}

function untilReadyMessage(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('message', () => resolve()))
}
