import { randomBytes } from 'node:crypto'
import { chmodSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startClickHouse, startPostgres, startRedis } from '@nines/embedded'
import { newToken, NinesError } from '@nines/kernel'
import { createBlockStream, createBucketBook, readSummedUpTo, type BlockStream, type BucketBook } from '@nines/pipeline'
import { applyMigrations, generateClient } from '@nines/schema'
import { migrateTelemetry } from '@nines/telemetry'
import { startApp } from './app-process.ts'
import { startFeed } from './feed.ts'
import { StoredRows } from './stored-rows.ts'
import type { Target } from './target.ts'
import type { NamedProcess } from '../usage/usage-meter.ts'

const PREFIX = 'nines'
const DATABASE = 'nines'
const DRAIN_DEADLINE_MS = 300_000
/** Thirty days that come at once are summed up from the oldest bucket on. */
const SUM_DEADLINE_MS = 1_800_000
/** A bucket of five minutes and what is waited for behind it. */
const OPEN_MS = 420_000
const HOUR_MS = 3_600_000

export interface NinesTarget extends Target {
  rows: StoredRows
  /** Its telemetry store, for loads that would take too long through ingest. */
  telemetry: { url: string; database: string }
  /** Number of the only workspace, which rows of telemetry carry; there with the option `api`. */
  workspace?: number
  /** What evaluation lives between, for loads and looks that would take too long through the API. */
  evaluation: { databaseUrl: string; redisUrl: string; redisPrefix: string }
  /** Where what is sent goes, and a copy of every slice that evaluation gives out; there with `evaluate: 'fed'`. */
  feed?: { redisUrl: string }
  /** Starts evaluation later; it ends with the target. */
  startEvaluate(): Promise<NamedProcess>
  /** Where queries go and the key that may ask and write; there with the option `api`. */
  api?: { url: string; key: string }
}

export interface NinesOptions {
  /** When Redis writes its file through to the disk; the launcher's own choice by default. */
  appendFsync?: 'always' | 'everysec' | undefined
  /** Starts the API too, for queries. Its time and memory count. */
  api?: boolean
  /**
   * Starts evaluation too. 'fed': what is sent comes to it alone, by an ingest and a Redis of its own, and the others have to
   * do with nothing but what evaluation gives out.
   */
  evaluate?: boolean | 'fed'
  /** Starts the worker too, which carries alerts on. */
  worker?: boolean
}

interface Stores {
  postgres: Stoppable
  redis: Stoppable
  clickhouse: Stoppable
}
type Stoppable = { url: string; pid: number; stop(): Promise<void> }

/**
 * Ingest and store as processes of their own on PostgreSQL, Redis with its append-only file and ClickHouse, as the
 * launcher starts them, self-telemetry included. Evaluation and the API take no part in taking telemetry in.
 */
export async function startNines(folder: string, options: NinesOptions = {}): Promise<NinesTarget> {
  chmodSync(folder, 0o711)
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of stops.toReversed()) await end()
  }
  try {
    const stores = await startStores(folder, options)
    stops.push(...Object.values(stores).map((store: Stoppable) => () => store.stop()))
    const keys = {
      secretKey: randomBytes(32).toString('base64'),
      ingestKey: newToken('nk_'),
      internalKey: newToken('nk_'),
    }
    await generateClient()
    await applyMigrations(stores.postgres.url)
    // Loaded late: it imports the generated client.
    const { bootstrapInstallation } = await import('@nines/records')
    await bootstrapInstallation(stores.postgres.url, { ...keys, demo: false })
    await migrateTelemetry({ url: stores.clickhouse.url, database: DATABASE })
    const env = await environment(folder, stores, keys)
    const ingest = await startApp('ingest', env, folder)
    stops.push(() => ingest.stop())
    const store = await startApp('store', env, folder)
    stops.push(() => store.stop())
    const api = options.api ? await startApi(env, folder, stores.postgres.url) : undefined
    if (api) stops.push(() => api.app.stop())
    const feed = options.evaluate === 'fed' ? await startFeed(env, folder) : undefined
    if (feed) stops.push(() => feed.stop())
    const evaluate = feed
      ? await feed.startEvaluate()
      : options.evaluate
        ? await startApp('evaluate', env, folder)
        : undefined
    if (evaluate) stops.push(() => evaluate.stop())
    const worker = options.worker ? await startApp('worker', env, folder) : undefined
    if (worker) stops.push(() => worker.stop())
    const stream = createBlockStream({ redisUrl: stores.redis.url, prefix: PREFIX })
    stops.push(() => stream.close())
    const book = createBucketBook({ redisUrl: stores.redis.url, prefix: PREFIX })
    stops.push(async () => book.close())
    const rows = new StoredRows({ url: stores.clickhouse.url, database: DATABASE })
    stops.push(() => rows.close())
    return {
      name: 'nines',
      url: feed?.url ?? `http://127.0.0.1:${env.NINES_INGEST_PORT}`,
      headers: { authorization: `Bearer ${keys.ingestKey}` },
      processes: [
        { name: 'ingest', pid: ingest.pid },
        { name: 'redis', pid: stores.redis.pid },
        { name: 'store', pid: store.pid },
        { name: 'clickhouse', pid: stores.clickhouse.pid },
        { name: 'postgres', pid: stores.postgres.pid },
        ...(api ? [{ name: 'api', pid: api.app.pid }] : []),
        ...(evaluate ? [{ name: 'evaluate', pid: evaluate.pid }] : []),
        ...(worker ? [{ name: 'worker', pid: worker.pid }] : []),
        ...(feed ? [{ name: 'feed_redis', pid: feed.redisPid }] : []),
      ],
      drain: () => untilStored(stream),
      settle: () => untilSummedUp(book, stream.shards),
      stored: (signal) => (signal === 'samples' ? rows.samples() : rows.rowsOf(signal)),
      diskBytes: () => rows.diskUse(),
      rows,
      telemetry: { url: stores.clickhouse.url, database: DATABASE },
      evaluation: { databaseUrl: stores.postgres.url, redisUrl: stores.redis.url, redisPrefix: PREFIX },
      async startEvaluate() {
        const late = await startApp('evaluate', env, folder)
        stops.push(() => late.stop())
        return { name: 'evaluate', pid: late.pid }
      },
      ...(feed && { feed: { redisUrl: feed.redisUrl } }),
      ...(api && { workspace: api.workspace }),
      ...(api && { api: { url: `http://127.0.0.1:${env.NINES_API_PORT}`, key: api.key } }),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startStores(folder: string, { appendFsync }: NinesOptions): Promise<Stores> {
  const place = async (name: string) => ({ dataDir: path.join(folder, name), port: await freePort() })
  const [postgres, redis, clickhouse] = await Promise.all([
    startPostgres({ ...(await place('postgres')), database: 'nines' }),
    startRedis({ ...(await place('redis')), ...(appendFsync ? { appendFsync } : {}) }),
    startClickHouse(await place('clickhouse')),
  ])
  return { postgres, redis, clickhouse }
}

async function environment(
  folder: string,
  { postgres, redis, clickhouse }: Stores,
  { secretKey, internalKey }: { secretKey: string; internalKey: string },
): Promise<Record<string, string>> {
  const ingestPort = String(await freePort())
  return {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    NINES_REDIS_PREFIX: PREFIX,
    CLICKHOUSE_URL: clickhouse.url,
    CLICKHOUSE_DATABASE: DATABASE,
    NINES_SECRET_KEY: secretKey,
    NINES_HOST: '127.0.0.1',
    NINES_PUBLIC_URL: 'http://localhost:8080',
    NINES_INGEST_PORT: ingestPort,
    NINES_INGEST_GRPC_PORT: String(await freePort()),
    NINES_STORE_PORT: String(await freePort()),
    NINES_API_PORT: String(await freePort()),
    NINES_EVALUATE_PORT: String(await freePort()),
    NINES_WORKER_PORT: String(await freePort()),
    // Their own metrics go through themselves, as in an installation.
    NINES_INGEST_URL: `http://127.0.0.1:${ingestPort}`,
    NINES_INGEST_KEY: internalKey,
    NINES_DATA_DIR: folder,
    NINES_LOG_LEVEL: 'warn',
  }
}

/** The API with a key that may read and write. */
async function startApi(env: Record<string, string>, folder: string, databaseUrl: string) {
  const { createApiKey, createPrisma } = await import('@nines/records')
  const prisma = createPrisma(databaseUrl, { maxConnections: 1 })
  try {
    const workspace = await prisma.workspace.findFirstOrThrow()
    const scopes = ['read' as const, 'write' as const]
    const { secret } = await createApiKey(prisma, workspace.id, { name: 'bench', scopes, createdById: null })
    return { app: await startApp('api', env, folder), key: secret, workspace: workspace.number }
  } finally {
    await prisma.$disconnect()
  }
}

/** Everything appended until now is behind the store's position once this returns. */
async function untilStored(stream: BlockStream): Promise<void> {
  const deadline = Date.now() + DRAIN_DEADLINE_MS
  for (let shard = 0; shard < stream.shards; shard++) {
    const last = await stream.lastId(shard)
    if (last === null) continue
    for (let stored = '0-0'; isBefore(stored, last); stored = await stream.storePosition(shard)) {
      if (Date.now() > deadline) throw new NinesError('unavailable', 'the store did not catch up')
      await sleep(50)
    }
  }
}

/** Rollups hold everything but the last minutes, whose buckets are still open, once this returns. */
async function untilSummedUp(book: BucketBook, shards: number): Promise<void> {
  const deadline = Date.now() + SUM_DEADLINE_MS
  for (let shard = 0; shard < shards; shard++) {
    for (;;) {
      const { fiveMinutes, hours } = await readSummedUpTo(book, shard, Date.now())
      if (fiveMinutes > Date.now() - OPEN_MS && hours > Date.now() - OPEN_MS - HOUR_MS) break
      if (Date.now() > deadline) throw new NinesError('unavailable', 'the store did not sum up what was loaded')
      await sleep(1_000)
    }
  }
}

/** Whether one stream id comes before another. */
function isBefore(a: string, b: string): boolean {
  const [aMs = 0, aSequence = 0] = a.split('-').map(Number)
  const [bMs = 0, bSequence = 0] = b.split('-').map(Number)
  return aMs === bMs ? aSequence < bSequence : aMs < bMs
}
