import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, NinesError } from '@nines/kernel'
import { Client } from 'pg'
import { prepareDataDirectory } from '../data-directory.ts'
import { requireFreePort } from '../ports.ts'
import {
  closeLog,
  manageChild,
  openLog,
  type EmbeddedStore,
  type EmbeddedStoreOptions,
} from '../process/embedded-store.ts'
import { commandLineOf, identify } from '../process/process-identity.ts'
import { stopProcess } from '../process/stop-process.ts'
import { choosePostgresAccount, type PostgresAccount } from './postgres-account.ts'
import { locatePostgresBinaries } from './postgres-binaries.ts'

const STOP_DEADLINE_MS = 15_000
const ORPHANS_GONE_WITHIN_MS = 10_000

export interface PostgresOptions extends EmbeddedStoreOptions {
  /** Database to create and to name in the URL; default `postgres`. */
  database?: string
  /** Server settings on top of the defaults, such as `{fsync: 'off'}` for tests. */
  settings?: Record<string, string>
}

/**
 * Starts PostgreSQL on loopback, making the cluster on first use. A server that a killed launcher left on the
 * same directory is stopped first; committed rows survive. Trusts loopback connections as user `postgres`.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedStore> {
  const { port, database = 'postgres' } = options
  const binaries = await locatePostgresBinaries()
  const parent = prepareDataDirectory(path.dirname(path.resolve(options.dataDir)))
  const dataDir = path.join(parent, path.basename(options.dataDir))
  const logFile = options.logFile ?? `${dataDir}.log`
  const account = choosePostgresAccount(binaries.postgres, dataDir)
  if (!existsSync(path.join(dataDir, 'PG_VERSION'))) initialiseCluster(binaries.initdb, dataDir, account)
  await stopLeftoverPostmaster(dataDir)
  await requireFreePort(port, 'PostgreSQL')
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...options.settings,
  }
  const args = ['-D', dataDir, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])]
  const place = { dataDir, logFile, port, url: `postgresql://postgres@127.0.0.1:${port}/${database}` }
  const store = await spawnServer([...account.prefix, binaries.postgres, ...args], account, place)
  if (database !== 'postgres') await createDatabaseIfMissing(port, database)
  return store
}

interface ServerPlace {
  dataDir: string
  logFile: string
  port: number
  url: string
}

/** Starts the server; after a kill -9 its orphaned backends hold the shared memory a moment longer, and it is tried again. */
async function spawnServer(
  commandLine: string[],
  account: PostgresAccount,
  place: ServerPlace,
): Promise<EmbeddedStore> {
  const { dataDir, logFile, url } = place
  const [program = '', ...args] = commandLine
  const deadline = Date.now() + ORPHANS_GONE_WITHIN_MS
  for (;;) {
    const log = openLog(logFile)
    const child = spawn(program, args, { ...account.ids, cwd: dataDir, stdio: ['ignore', log, log], detached: true })
    closeLog(log)
    // SIGINT is PostgreSQL's fast shutdown: it ends open sessions and writes a checkpoint.
    const stopping = { stopSignal: 'SIGINT' as const, stopDeadlineMs: STOP_DEADLINE_MS }
    try {
      const managed = { name: 'PostgreSQL', url, child, dataDir, logFile, ...stopping }
      return await manageChild(managed, (signal) => untilAccepting(place.port, signal))
    } catch (error) {
      if (Date.now() > deadline || !/shared memory block/.test(messageOf(error))) throw error
      await sleep(100)
    }
  }
}

/** Makes the cluster beside its place and moves it there whole, so that an interrupted start leaves no half of one. */
function initialiseCluster(initdb: string, dataDir: string, account: PostgresAccount): void {
  const fresh = `${dataDir}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o700 })
  if (account.ids.uid !== undefined) chownSync(fresh, account.ids.uid, account.ids.gid ?? account.ids.uid)
  const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const [program, ...args] = [
    ...account.prefix,
    initdb,
    '-D',
    fresh,
    '-U',
    'postgres',
    '-A',
    'trust',
    ...locale,
    '--no-sync',
  ]
  const result = spawnSync(program, args, { ...account.ids, cwd: fresh, encoding: 'utf8' })
  if (result.status !== 0) {
    const reason = (result.stderr || String(result.error ?? '')).trim().split('\n').slice(-3).join(' ')
    throw new NinesError('unavailable', `PostgreSQL could not set up ${dataDir}: ${reason}`)
  }
  renameSync(fresh, dataDir)
}

/** The pid file names the server that owns the directory; it is ours to stop only while its arguments say so. */
async function stopLeftoverPostmaster(dataDir: string): Promise<void> {
  const pidFile = path.join(dataDir, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10)
  const identity = identify(pid)
  if (identity && commandLineOf(pid).includes(dataDir)) await stopProcess(identity, 'SIGINT', STOP_DEADLINE_MS)
  rmSync(pidFile, { force: true })
}

async function untilAccepting(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await sleep(20)
    }
  }
}

async function createDatabaseIfMissing(port: number, database: string): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [database])
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
}
