import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { startHealthServer } from '@nines/http-server'
import { startInstruments } from '@nines/instrument'
import {
  collectExternalMemoryLate,
  createLogger,
  deriveSecret,
  messageOf,
  readConfig,
  type Logger,
  type StartApp,
} from '@nines/kernel'
import { connectRedis, createBlockStream, createBucketBook, createDeadLetters, createJobQueue } from '@nines/pipeline'
import { createTelemetry, migrateTelemetry, type MigrateOptions } from '@nines/telemetry'
import { HeadOffice } from './head/head-office.ts'
import { serveHead } from './head/serve-head.ts'
import { backoffMs, pause } from './pause.ts'
import { RecordInserter } from './record-inserter.ts'
import { recordSteps } from './record-steps.ts'
import { RollupKeeper } from './rollups/rollup-keeper.ts'
import { RunningShards } from './rollups/running-shards.ts'
import { summingIn } from './rollups/summing.ts'
import { ShardStore } from './shard-store.ts'
import { storeAppConfig } from './store-config.ts'
import { StoreMeter } from './store-meter.ts'

/** What a stop waits for an insert that is under way. */
const DRAIN_MS = 10_000

/**
 * Moves blocks from the stream into ClickHouse, each row once. Any number of these may run: each shard has one owner, the
 * others stand by. Comes up also while its stores are away.
 */
export const start: StartApp = async (env) => {
  collectExternalMemoryLate()
  const config = readConfig(storeAppConfig, env)
  const logger = createLogger('store', env.NINES_LOG_LEVEL)
  const { CLICKHOUSE_URL: url, CLICKHOUSE_DATABASE: database, CLICKHOUSE_CLUSTER: cluster } = config
  const clickhouse = { url, database, cluster }
  const instruments = startInstruments({
    serviceName: 'nines-store',
    ingestUrl: config.NINES_INGEST_URL,
    ingestKey: config.NINES_INGEST_KEY,
  })
  const telemetry = createTelemetry(clickhouse)
  const redis = { redisUrl: config.REDIS_URL, prefix: config.NINES_REDIS_PREFIX }
  const stream = createBlockStream({
    ...redis,
    shards: config.NINES_STREAM_SHARDS,
    maxBytes: config.NINES_STREAM_MAX_BYTES,
  })
  const deadLetters = createDeadLetters({ ...redis, shards: config.NINES_STREAM_SHARDS })
  const book = createBucketBook(redis)
  const queue = createJobQueue(redis)
  const owner = `${hostname()}/${process.pid}/${randomUUID()}`
  const meter = new StoreMeter(instruments)
  const inserter = new RecordInserter({ stream, telemetry, deadLetters, meter, logger, owner })
  const shardCount = config.NINES_STREAM_SHARDS
  const directory = connectRedis(redis.redisUrl)
  const headParts = { redis: directory, prefix: redis.prefix, shards: shardCount, telemetry, logger, owner }
  const secretKey = config.NINES_SECRET_KEY
  const heads = secretKey === undefined ? undefined : new HeadOffice(headParts)
  const health = await startHealthServer(
    { host: config.NINES_HOST, port: config.NINES_STORE_PORT },
    { redis: () => stream.ping(), clickhouse: () => telemetry.ping() },
    {
      routes: (server) => {
        if (heads && secretKey !== undefined) serveHead(server, heads, deriveSecret('resident head', secretKey))
      },
    },
  )
  heads?.listensAt(health.url)

  const running = new RunningShards(logger)
  const rollups = new RollupKeeper({ book, summing: summingIn(telemetry, { shardCount, running }), logger })
  const steps = recordSteps(book, queue)
  const parts = { stream, inserter, steps, rollups, running, meter, logger, owner, ...(heads && { heads }) }

  const stopping = new AbortController()
  const shards = Array.from({ length: shardCount }, (_, shard) => shard)
  const storing = migrateUntilDone(clickhouse, logger, stopping.signal).then(() =>
    Promise.all(shards.map((shard) => new ShardStore(shard, parts).run(stopping.signal))),
  )
  return {
    name: 'store',
    url: health.url,
    async stop() {
      stopping.abort()
      await Promise.race([storing, sleep(DRAIN_MS, undefined, { ref: false })])
      // Ends an insert that ClickHouse has not answered; its record stays open for the next owner.
      await telemetry.close()
      await storing
      await health.stop()
      await instruments.shutdown()
      heads?.stop()
      directory.disconnect()
      deadLetters.close()
      book.close()
      await queue.close()
      await stream.close()
    },
  }
}

/** Tables first: nothing is stored before they are as this version wants them. */
async function migrateUntilDone(clickhouse: MigrateOptions, logger: Logger, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      return await migrateTelemetry(clickhouse)
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'the telemetry store could not be prepared yet')
      await pause(backoffMs(attempt), signal)
    }
  }
}
