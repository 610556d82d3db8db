import { arch, platform } from 'node:os'
import { join, resolve } from 'node:path'
import { startHealthServer } from '@nines/http-server'
import {
  createLogger,
  messageOf,
  NinesError,
  readConfig,
  type Logger,
  type RunningApp,
  type StartApp,
} from '@nines/kernel'
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources'
import { agentConfig, type AgentConfig } from './agent-config.ts'
import { bootTime } from './boot-time.ts'
import { startCollector } from './collector.ts'
import { openOutbox, type Outbox } from './outbox.ts'
import { isWriteRetryable, WRITE_HEADERS } from './scrape/remote-write/write-protocol.ts'
import { startScraping } from './scrape/start-scraping.ts'
import { startStatsd } from './statsd/start-statsd.ts'

/** A part of the agent that its operator has switched on. */
interface Part extends Stoppable {
  /** Figures of the part by name. */
  totals(): Record<string, number>
}
interface Stoppable {
  stop(): Promise<void>
}

/**
 * Starts the agent of one host: reads it at a steady interval and delivers every reading, late rather than never. Where
 * configured, it also listens for StatsD and scrapes Prometheus targets.
 */
export const start: StartApp = async (env) => {
  const config = readConfig(agentConfig, env)
  const running: Stoppable[] = []
  try {
    return await startParts(config, running)
  } catch (error) {
    await stopAll(running)
    throw error
  }
}

/** Starts every part and adds it to `running`, also when a later one fails. */
async function startParts(config: AgentConfig, running: Stoppable[]): Promise<RunningApp> {
  const logger = createLogger('agent')
  const directory = join(config.NINES_DATA_DIR, 'agent')
  const run = <T extends Stoppable | null>(part: T): T => {
    if (part) running.push(part)
    return part
  }
  let collectedAt: () => number | null = () => null
  const isReady = async (): Promise<void> => {
    if (collectedAt() === null) throw new NinesError('unavailable', 'nothing has been read yet')
  }
  const health = run(
    await startHealthServer({ host: config.NINES_HOST, port: config.NINES_AGENT_PORT }, { host: isReady }),
  )
  const outbox = run(
    await openOutbox({
      ...outboxTo(config, '/v1/metrics', { 'content-type': 'application/x-protobuf' }),
      directory: join(directory, 'spool'),
      logger,
    }),
  )
  const statsd = run(await startStatsdPart(config, outbox, logger))
  const scraping = run(await startScrapingPart(config, join(directory, 'scrape-spool'), logger))
  const collector = run(
    startCollector({
      intervalMs: config.NINES_AGENT_INTERVAL_MS,
      countersSince: await bootTime(join(directory, 'booted-at')),
      resource: hostResource(config),
      ownMetrics: () => ({
        ...prefixed('nines.agent.', outbox.totals()),
        ...prefixed('nines.agent.statsd.', statsd?.totals() ?? {}),
        ...prefixed('nines.agent.scrape.', scraping?.totals() ?? {}),
      }),
      deliver: (bytes) => outbox.deliver(bytes),
      onFailure: (error) => logger.error({ reason: messageOf(error) }, 'a reading is lost'),
    }),
  )
  collectedAt = () => collector.collectedAt
  logger.info({ url: health.url, host: config.NINES_AGENT_HOST_NAME }, 'agent is up')
  return { name: 'agent', url: health.url, stop: () => stopAll(running) }
}

/** Stops in reverse, so that what a part delivers at its end still finds its outbox. */
async function stopAll(running: readonly Stoppable[]): Promise<void> {
  for (const part of running.toReversed()) await part.stop()
}

function hostResource(config: AgentConfig): Resource {
  return resourceFromAttributes({
    'service.name': 'nines-agent',
    'host.name': config.NINES_AGENT_HOST_NAME,
    'host.arch': arch(),
    'os.type': platform(),
  })
}

async function startStatsdPart(config: AgentConfig, outbox: Outbox, logger: Logger): Promise<Part | null> {
  const port = config.NINES_AGENT_STATSD_PORT
  if (port === undefined) return null
  const statsd = await startStatsd({
    host: config.NINES_HOST,
    port,
    intervalMs: config.NINES_AGENT_STATSD_INTERVAL_MS,
    maxSeries: config.NINES_AGENT_STATSD_MAX_SERIES,
    hostName: config.NINES_AGENT_HOST_NAME,
    deliver: (bytes) => outbox.deliver(bytes),
    logger,
  })
  logger.info({ udpPort: statsd.udpPort, tcpPort: statsd.tcpPort }, 'listening for StatsD')
  return statsd
}

/** Scraped samples have a spool of their own, for they go to another route, and neither kind may push the other out. */
async function startScrapingPart(config: AgentConfig, directory: string, logger: Logger): Promise<Part | null> {
  if (config.NINES_AGENT_SCRAPE_CONFIG === undefined) return null
  const outbox = await openOutbox({
    ...outboxTo(config, '/api/v1/write', WRITE_HEADERS),
    directory,
    isRetryable: isWriteRetryable,
    logger,
  })
  const scraping = await startScraping({
    configPath: resolve(config.NINES_AGENT_SCRAPE_CONFIG),
    hostName: config.NINES_AGENT_HOST_NAME,
    deliver: (bytes) => outbox.deliver(bytes),
    logger,
  })
  return {
    totals: () => ({ ...scraping.totals(), ...outbox.totals() }),
    stop: async () => {
      await scraping.stop()
      await outbox.stop()
    },
  }
}

/** The parts of an outbox that all routes of ingest share. */
function outboxTo(config: AgentConfig, route: string, headers: Record<string, string>) {
  return {
    url: `${config.NINES_INGEST_URL.replace(/\/+$/, '')}${route}`,
    headers: { authorization: `Bearer ${config.NINES_INGEST_KEY}`, ...headers },
    maxBytes: config.NINES_AGENT_SPOOL_BYTES,
  }
}

function prefixed(prefix: string, values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]))
}
