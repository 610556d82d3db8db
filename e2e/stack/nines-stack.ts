import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { NinesError } from '@nines/kernel'
import { freePortBlock } from './free-port-block.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** A whole Nines of its own: fresh data directory, free ports, the same launcher that `npm start` runs. */
export interface NinesStack {
  apiUrl: string
  ingestUrl: string
  /** host:port of OTLP over gRPC. */
  ingestGrpc: string
  ingestKey: string
  databaseUrl: string
  redisUrl: string
  /** The telemetry store itself, for what must be seen as it is stored. */
  clickhouseUrl: string
  /** One-time token of the setup link; empty when an admin exists. */
  setupToken: string
  dataDir: string
  /** Pages and control of the demonstration, when the stack was started with it. */
  demoUrl: string
  /** Process id of a supervised child by name: an app, `postgres`, `clickhouse` or `redis`. */
  pidOf(name: string): number
  /** The process that watches over all others and starts them again. */
  launcherPid: number
  /** Everything the launcher printed so far. */
  output(): string
  /** Stops the launcher as Ctrl-C does; deletes the data unless `keepData`, or NINES_E2E_KEEP in the environment. */
  stop(options?: { keepData?: boolean }): Promise<void>
}

const PORTS = [
  'NINES_API_PORT',
  'NINES_INGEST_PORT',
  'NINES_INGEST_GRPC_PORT',
  'NINES_STORE_PORT',
  'NINES_EVALUATE_PORT',
  'NINES_WORKER_PORT',
  'NINES_PROBE_PORT',
  'NINES_AGENT_PORT',
  'NINES_POSTGRES_PORT',
  'NINES_CLICKHOUSE_PORT',
  'NINES_REDIS_PORT',
  'NINES_DEMO_PORT',
  'NINES_DEMO_SHOP_PORT',
] as const

export async function startStack(
  options: { dataDir?: string; arguments?: string[]; env?: Record<string, string>; timeoutMs?: number } = {},
): Promise<NinesStack> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'nines-e2e-'))
  const ports = await freePortBlock(PORTS.length)
  const env: Record<string, string | undefined> = { ...process.env, NINES_DATA_DIR: dataDir, ...options.env }
  // The stack has stores of its own, whatever the caller's environment points at.
  for (const name of ['DATABASE_URL', 'CLICKHOUSE_URL', 'REDIS_URL', 'NINES_INGEST_URL', 'NINES_INGEST_KEY'])
    delete env[name]
  for (const [i, name] of PORTS.entries()) env[name] = String(ports[i])
  env.NINES_PUBLIC_URL = `http://localhost:${env.NINES_API_PORT}`

  const child = spawn(
    process.execPath,
    [path.join(root, 'apps/nines/src/main.ts'), 'up', ...(options.arguments ?? [])],
    {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const apiUrl = env.NINES_PUBLIC_URL
  try {
    await ready(child, apiUrl, () => output, options.timeoutMs ?? 120_000)
  } catch (error) {
    child.kill('SIGTERM')
    throw error
  }
  return {
    apiUrl,
    ingestUrl: `http://127.0.0.1:${env.NINES_INGEST_PORT}`,
    ingestGrpc: `127.0.0.1:${env.NINES_INGEST_GRPC_PORT}`,
    databaseUrl: `postgresql://postgres@127.0.0.1:${env.NINES_POSTGRES_PORT}/nines`,
    redisUrl: `redis://127.0.0.1:${env.NINES_REDIS_PORT}`,
    launcherPid: child.pid ?? 0,
    ingestKey: /nk_[\w-]+/.exec(output)?.[0] ?? '',
    clickhouseUrl: `http://127.0.0.1:${env.NINES_CLICKHOUSE_PORT}`,
    setupToken: /\/setup#([\w-]+)/.exec(output)?.[1] ?? '',
    dataDir,
    demoUrl: `http://127.0.0.1:${env.NINES_DEMO_PORT}`,
    output: () => output,
    pidOf: (name) => pidOf(dataDir, name),
    stop: async ({ keepData = false } = {}) => {
      await stopChild(child)
      if (keepData || process.env.NINES_E2E_KEEP) console.log(`data and logs are kept in ${dataDir}`)
      else rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function pidOf(dataDir: string, name: string): number {
  const lock = JSON.parse(readFileSync(path.join(dataDir, 'launcher.json'), 'utf8')) as {
    children: Record<string, { pid: number }>
  }
  const child = lock.children[name]
  if (child === undefined)
    throw new NinesError('not_found', `the launcher runs no ${name}, only ${Object.keys(lock.children).join(', ')}`)
  return child.pid
}

/** Up means what it means to a person: the launcher printed the ingest key, and the dashboard's address answers. */
async function ready(child: ChildProcess, apiUrl: string, output: () => string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the launcher ended with ${child.exitCode}:\n${output()}`)
    if (/nk_[\w-]+/.test(output())) {
      const answer = await fetch(`${apiUrl}/readyz`).catch(() => undefined)
      if (answer?.ok) return
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the stack was not ready within ${timeoutMs} ms:\n${output()}`)
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 40_000)
  await exited
  clearTimeout(late)
}
