import { createRequestMeter, startInstruments, type Instruments } from '@nines/instrument'
import {
  collectExternalMemoryLate,
  createLogger,
  messageOf,
  readConfig,
  systemClock,
  type Logger,
  type StartApp,
} from '@nines/kernel'
import { connectRedis, createBlockStream, warnOfRedis, watchConfigChanges, type BlockStream } from '@nines/pipeline'
import { createPrisma, findApiKey } from '@nines/records'
import { ContentHash, loadDecoder, MetricDecoder, MetricReader, SeriesCache } from '@nines/wire'
import { KeyDirectory } from './auth/key-directory.ts'
import { BlockBatcher } from './batch/block-batcher.ts'
import { writeFormats } from './formats/write-formats.ts'
import { startGrpcServer } from './grpc/grpc-server.ts'
import { ByteBudget } from './http/byte-budget.ts'
import { buildHttpServer } from './http/http-server.ts'
import { ingestConfig, type IngestConfig } from './ingest-config.ts'
import { createIngestMeters } from './ingest-meters.ts'
import { diskFill, PressureGauge } from './limits/pressure-gauge.ts'
import { RateLimiter } from './limits/rate-limiter.ts'
import { reportUsage } from './limits/report-usage.ts'
import { UsageRecorder } from './limits/usage-recorder.ts'
import { otlpReaders } from './receive/otlp-readers.ts'
import { Receiver } from './receive/receiver.ts'

const LOOK_EVERY_MS = 500

/** Starts ingest: authenticates, decodes and normalises telemetry and answers 2xx once it is in the block stream. */
export const start = (async (env) => {
  collectExternalMemoryLate()
  const config = readConfig(ingestConfig, env)
  const logger = createLogger('ingest')
  const instruments = startInstruments({
    serviceName: 'nines-ingest',
    ingestUrl: config.NINES_INGEST_URL,
    ingestKey: config.NINES_INGEST_KEY,
  })
  const prisma = createPrisma(config.DATABASE_URL, { maxConnections: 4 })
  const stream = openStream(config, logger)
  const onError = (error: Error) => logger.debug({ reason: messageOf(error) }, 'redis')
  const redis = connectRedis(config.REDIS_URL, { onError })
  const keys = new KeyDirectory({ find: (hash) => findApiKey(prisma, hash), clock: systemClock })
  const watch = await watchConfigChanges(
    { redisUrl: config.REDIS_URL, prefix: config.NINES_REDIS_PREFIX, onError },
    (topic) => (topic === 'keys' || topic === 'telemetry') && keys.invalidate(),
  )
  const intake = openIntake({ config, instruments, stream, decoder: await loadDecoder() })
  const { usage, limiter, pressure, batcher, metrics } = intake
  const looking = setInterval(() => void pressure.look(), LOOK_EVERY_MS)
  const report = reportUsage({
    redis,
    prefix: config.NINES_REDIS_PREFIX,
    usage,
    limiter,
    seriesOf: (workspace, now) => metrics.statistics(workspace, now),
    clock: systemClock,
    logger,
  })
  const http = buildHttpServer({ config, logger, instruments, prisma, stream, keys, ...intake })
  const url = await http.server.listen({ host: config.NINES_HOST, port: config.NINES_INGEST_PORT })
  const grpc = await startGrpcServer({
    host: config.NINES_HOST,
    port: config.NINES_INGEST_GRPC_PORT,
    maxBytes: config.NINES_INGEST_MAX_BODY_BYTES,
    keys,
    logger,
    ...intake,
  }).catch(async (error: unknown) => {
    await http.stop()
    throw error
  })
  logger.info({ url, grpcPort: grpc.port }, 'ingest is up')
  void warnOfRedis(redis, logger)
  return {
    name: 'ingest',
    url,
    /** Port of OTLP over gRPC, also when it was chosen by the system. */
    grpcPort: grpc.port,
    stop: async () => {
      // Own metrics go through this very server, so they leave first.
      await instruments.shutdown()
      await Promise.all([http.stop(), grpc.stop()])
      await batcher.drain()
      clearInterval(looking)
      await report.stop()
      redis.disconnect()
      await watch.close()
      await stream.close()
      await prisma.$disconnect()
    },
  }
}) satisfies StartApp

/** What HTTP and gRPC share. */
function openIntake(parts: {
  config: IngestConfig
  instruments: Instruments
  stream: BlockStream
  decoder: WebAssembly.Module
}) {
  const { config, instruments, stream, decoder } = parts
  const clock = systemClock
  const meters = createIngestMeters(instruments)
  const batcher = new BlockBatcher({
    append: (block, requests) => meters.append(() => stream.appendRequests(block, requests)),
    clock,
    lingerMs: config.NINES_INGEST_LINGER_MS,
  })
  const folder = config.NINES_DATA_DIR
  const disk = folder === undefined ? [] : [() => diskFill(folder, config.NINES_INGEST_MIN_FREE_BYTES)]
  const pressure = new PressureGauge({ probes: [() => stream.fill(), ...disk], clock })
  const limiter = new RateLimiter()
  const usage = new UsageRecorder()
  const metrics = new MetricReader({ cache: new SeriesCache(), decoder: new MetricDecoder(decoder) })
  const contentHash = new ContentHash(decoder)
  const receiver = new Receiver({ limiter, pressure, batcher, usage, meters, clock, contentHash })
  const budget = new ByteBudget(config.NINES_INGEST_MAX_BUFFER_BYTES)
  const readers = otlpReaders(metrics)
  const formats = writeFormats({ otlp: readers, metrics })
  const measure = createRequestMeter(instruments)
  return { meters, batcher, pressure, limiter, usage, receiver, budget, metrics, readers, formats, measure }
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
