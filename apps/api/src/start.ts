import {
  collectExternalMemoryLate,
  createLogger,
  deriveSecret,
  messageOf,
  readConfig,
  systemClock,
  type RunningApp,
  type StartApp,
} from '@nines/kernel'
import { stoppable } from '@nines/http-server'
import { startInstruments } from '@nines/instrument'
import { connectRedis, createBucketBook, createDeadLetters, createJobQueue, watchConfigChanges } from '@nines/pipeline'
import { createPrisma, findApiKey } from '@nines/records'
import { createTelemetry, FinishedBuckets } from '@nines/telemetry'
import type { FastifyInstance } from 'fastify'
import { ApiKeyCache } from './auth/api-key-cache.ts'
import { createAuth } from './auth/auth.ts'
import { apiConfig, publicIngestGrpcUrl, publicIngestUrl, type ApiConfig } from './config.ts'
import type { ApiContext } from './context.ts'
import { createAnnouncer } from './live/announcer.ts'
import { createLiveHub } from './live/live-hub.ts'
import { createQueryEngine } from './routes/telemetry-query/query-engine.ts'
import { PastMinutesReader } from './routes/slos/backtest/past-minutes.ts'
import { createServer } from './server.ts'
import { HeadClient } from './telemetry/head-client.ts'
import { createRollupProgress } from './telemetry/rollup-progress.ts'

/** Starts the API and the dashboard. Comes up also while a store is away: /readyz says which, requests answer 503. */
export const start: StartApp = async (env): Promise<RunningApp> => {
  // Columns of reports, backtests and queries go through.
  collectExternalMemoryLate()
  const config = readConfig(apiConfig, env)
  const logger = createLogger('api', env.NINES_LOG_LEVEL)
  const onError = (error: Error) => logger.warn({ reason: messageOf(error) }, 'redis')
  const redisUrl = config.REDIS_URL
  const prefix = config.NINES_REDIS_PREFIX
  const prisma = createPrisma(config.DATABASE_URL, { maxConnections: 20 })
  const telemetry = createTelemetry({ url: config.CLICKHOUSE_URL, database: config.CLICKHOUSE_DATABASE })
  const redis = connectRedis(redisUrl, { onError })
  const queue = createJobQueue({ redisUrl, prefix, onError })
  const deadLetters = createDeadLetters({ redisUrl, prefix, shards: config.NINES_STREAM_SHARDS })
  const instruments = startInstruments({
    serviceName: 'nines-api',
    ingestUrl: config.NINES_INGEST_URL,
    ingestKey: config.NINES_INGEST_KEY,
  })
  const hub = await createLiveHub({ redisUrl, prefix, onError })
  const publicUrl = config.NINES_PUBLIC_URL.replace(/\/+$/, '')
  const secretKey = config.NINES_SECRET_KEY
  const keys = new ApiKeyCache((hash) => findApiKey(prisma, hash), systemClock)
  const onConfig = (topic: string) => {
    if (topic === 'keys') keys.forget()
  }
  const changes = await watchConfigChanges({ redisUrl, prefix, onError }, onConfig)
  const heads = new HeadClient({
    redis,
    prefix,
    shards: config.NINES_STREAM_SHARDS,
    secret: deriveSecret('resident head', secretKey),
    clock: systemClock,
  })
  const book = createBucketBook({ redisUrl, prefix })
  const buckets = new FinishedBuckets()
  const rollups = createRollupProgress({ book, shards: config.NINES_STREAM_SHARDS, clock: systemClock, buckets })
  const context: ApiContext = {
    prisma,
    telemetry,
    engine: createQueryEngine({ telemetry, rollups, buckets, askHead: (...asked) => heads.ask(...asked) }),
    pastMinutes: new PastMinutesReader(telemetry),
    redis,
    redisPrefix: prefix,
    queue,
    deadLetters,
    auth: createAuth({ prisma, publicUrl, secretKey }),
    keys,
    announce: createAnnouncer({ redis, prefix, queue, logger, onConfig }),
    publicUrl,
    publicIngestUrl: publicIngestUrl(config),
    publicIngestGrpcUrl: publicIngestGrpcUrl(config),
    secretKey,
    logger,
  }
  const server = await createServer({
    context,
    hub,
    instruments,
    webDir: config.NINES_WEB_DIR,
    trustedProxies: config.NINES_TRUST_PROXY,
  })
  const stopServer = stoppable(server)
  const release = async () => {
    await Promise.allSettled([
      hub.close(),
      changes.close(),
      queue.close(),
      telemetry.close(),
      prisma.$disconnect(),
      instruments.shutdown(),
    ])
    heads.close()
    book.close()
    deadLetters.close()
    redis.disconnect()
  }
  const url = await listen(server, config).catch(async (error: unknown) => {
    await release()
    throw error
  })
  logger.info({ url }, 'listening')
  return {
    name: 'api',
    url,
    stop: async () => {
      await stopServer()
      await release()
    },
  }
}

async function listen(server: FastifyInstance, config: ApiConfig): Promise<string> {
  return server.listen({ host: config.NINES_HOST, port: config.NINES_API_PORT })
}
