import { hostname } from 'node:os'
import { startHealthServer } from '@nines/http-server'
import { startInstruments } from '@nines/instrument'
import { createLogger, messageOf, readConfig, type RunningApp } from '@nines/kernel'
import { connectRedis, createBlockStream, createJobQueue, watchConfigChanges } from '@nines/pipeline'
import { createPrisma } from '@nines/records'
import { createTelemetry } from '@nines/telemetry'
import { evaluatorConfig, type EvaluatorConfig } from './evaluator-config.ts'
import type { EvaluatorStores } from './evaluator-state.ts'
import { Evaluator } from './evaluator.ts'

/** Starts evaluate: SLO definitions and blocks in; statuses, verdicts and slices out. `open` says what it lives between. */
export async function start(
  env: Record<string, string | undefined>,
  open: typeof openStores = openStores,
): Promise<RunningApp> {
  const config = readConfig(evaluatorConfig, env)
  const logger = createLogger('evaluate')
  const onError = (error: Error) => logger.debug({ reason: messageOf(error) }, 'Redis connection')
  const stores = open(config, onError)
  const instruments = startInstruments({
    serviceName: 'nines-evaluate',
    ingestUrl: config.NINES_INGEST_URL,
    ingestKey: config.NINES_INGEST_KEY,
  })
  const health = await startHealthServer(
    { host: config.NINES_HOST, port: config.NINES_EVALUATE_PORT },
    {
      postgres: () => stores.prisma.$queryRaw`select 1`,
      redis: () => stores.stream.ping(),
      clickhouse: () => stores.telemetry.ping(),
    },
  )
  const { url } = health
  const replica = config.NINES_REPLICA_ID ?? `${hostname()}:${new URL(url).port}`
  const evaluator = new Evaluator(replica, stores, logger, instruments)
  const watch = await watchConfigChanges(
    { redisUrl: config.REDIS_URL, prefix: config.NINES_REDIS_PREFIX, onError },
    (topic) => {
      if (topic === 'slos' || topic === 'checks') evaluator.wake()
    },
  )
  evaluator.start()
  logger.info({ url }, 'evaluate is up')
  return {
    name: 'evaluate',
    url,
    async stop() {
      await watch.close()
      await evaluator.stop()
      await health.stop()
      await instruments.shutdown()
      await closeStores(stores)
    },
  }
}

/** The stores of an installation. */
export function openStores(config: EvaluatorConfig, onError: (error: Error) => void): EvaluatorStores {
  const { REDIS_URL: redisUrl, NINES_REDIS_PREFIX: prefix } = config
  return {
    prefix,
    redis: connectRedis(redisUrl, { onError }),
    prisma: createPrisma(config.DATABASE_URL),
    telemetry: createTelemetry({ url: config.CLICKHOUSE_URL, database: config.CLICKHOUSE_DATABASE }),
    stream: createBlockStream({ redisUrl, prefix, shards: config.NINES_STREAM_SHARDS, onError }),
    jobs: createJobQueue({ redisUrl, prefix, onError }),
  }
}

async function closeStores(stores: EvaluatorStores): Promise<void> {
  await Promise.allSettled([
    stores.jobs.close(),
    stores.stream.close(),
    stores.telemetry.close(),
    stores.prisma.$disconnect(),
  ])
  stores.redis.disconnect()
}
