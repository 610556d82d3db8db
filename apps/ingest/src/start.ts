import { registerHealth, stoppable } from '@nines/http-server'
import { observeRequests, startInstruments, type Instruments } from '@nines/instrument'
import { createLogger, readConfig, systemClock, type Logger, type StartApp } from '@nines/kernel'
import { createBlockStream, watchConfigChanges, type BlockStream } from '@nines/pipeline'
import { createPrisma, findApiKey, listEnabledChecks, type PrismaClient } from '@nines/records'
import { SeriesCache } from '@nines/wire'
import fastify, { type FastifyInstance } from 'fastify'
import { KeyDirectory } from './auth/key-directory.ts'
import { BlockBatcher } from './batch/block-batcher.ts'
import { answerErrors } from './http/answer-error.ts'
import { takeRawBodies } from './http/raw-body.ts'
import { decorateSender } from './http/sender-route.ts'
import { ingestConfig, type IngestConfig } from './ingest-config.ts'
import { createIngestMeters } from './ingest-meters.ts'
import { registerCheckRuns } from './routes/check-runs.route.ts'
import { registerMetrics } from './routes/metrics.route.ts'
import { registerProbeAssignments } from './routes/probe-assignments.route.ts'

/** A sender that does not finish its request in this time is cut off. */
const REQUEST_TIMEOUT_MS = 60_000
/** Longer than load balancers keep their connections, so that they are the ones who close. */
const KEEP_ALIVE_MS = 75_000

/** Starts ingest: authenticates, decodes and normalises telemetry and answers 2xx once it is in the block stream. */
export const start: StartApp = async (env) => {
  const config = readConfig(ingestConfig, env)
  const logger = createLogger('ingest')
  const instruments = startInstruments({
    serviceName: 'nines-ingest',
    ingestUrl: config.NINES_INGEST_URL,
    ingestKey: config.NINES_INGEST_KEY,
  })
  const prisma = createPrisma(config.DATABASE_URL, { maxConnections: 4 })
  const stream = openStream(config, logger)
  const keys = new KeyDirectory({ find: (hash) => findApiKey(prisma, hash), clock: systemClock })
  const watch = await watchConfigChanges(
    { redisUrl: config.REDIS_URL, prefix: config.NINES_REDIS_PREFIX, onError: (error) => logger.debug({ err: error }) },
    (topic) => topic === 'keys' && keys.invalidate(),
  )
  const { server, stopServer, batcher } = buildServer({ config, logger, instruments, prisma, stream, keys })
  const url = await server.listen({ host: config.NINES_HOST, port: config.NINES_INGEST_PORT })
  logger.info({ url }, 'ingest is up')
  return {
    name: 'ingest',
    url,
    stop: async () => {
      // Own metrics go through this very server, so they leave first.
      await instruments.shutdown()
      await stopServer()
      await batcher.drain()
      await watch.close()
      await stream.close()
      await prisma.$disconnect()
    },
  }
}

function openStream(config: IngestConfig, logger: Logger): BlockStream {
  return createBlockStream({
    redisUrl: config.REDIS_URL,
    prefix: config.NINES_REDIS_PREFIX,
    shards: config.NINES_STREAM_SHARDS,
    maxBytes: config.NINES_STREAM_MAX_BYTES,
    onError: (error) => logger.debug({ err: error }, 'block stream connection'),
  })
}

interface Parts {
  config: IngestConfig
  logger: Logger
  instruments: Instruments
  prisma: PrismaClient
  stream: BlockStream
  keys: KeyDirectory
}

function buildServer(parts: Parts): {
  server: FastifyInstance
  stopServer: () => Promise<void>
  batcher: BlockBatcher
} {
  const { config, logger, instruments, prisma, stream, keys } = parts
  const clock = systemClock
  const meters = createIngestMeters(instruments)
  const batcher = new BlockBatcher({
    append: (block) => meters.append(() => stream.append(block)),
    clock,
    lingerMs: config.NINES_INGEST_LINGER_MS,
  })
  const server = fastify({
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A request that comes on an open connection while the server stops is still taken; then the connection closes.
    return503OnClosing: false,
  })
  answerErrors(server, logger)
  observeRequests(server, instruments)
  takeRawBodies(server, {
    maxBytes: config.NINES_INGEST_MAX_BODY_BYTES,
    maxBufferBytes: config.NINES_INGEST_MAX_BUFFER_BYTES,
  })
  decorateSender(server)
  registerMetrics(server, { keys, batcher, cache: new SeriesCache(), clock, meters })
  registerCheckRuns(server, { keys, batcher, clock, meters })
  registerProbeAssignments(server, { keys, listChecks: (workspaceId) => listEnabledChecks(prisma, workspaceId) })
  registerHealth(
    server,
    { redis: () => stream.ping(), postgres: () => prisma.$queryRaw`select 1` },
    // Known keys keep working without PostgreSQL.
    { isReady: ({ redis, postgres }) => redis === 'ok' && (postgres === 'ok' || keys.size > 0) },
  )
  return { server, stopServer: stoppable(server), batcher }
}
