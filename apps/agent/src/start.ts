import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { startHealthServer } from '@nines/http-server'
import { createLogger, messageOf, NinesError, readConfig, type StartApp } from '@nines/kernel'
import { openSpool, postEntry, startForwarder, type Forwarder, type Spool } from '@nines/spool'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { agentConfig, type AgentConfig } from './agent-config.ts'
import { bootTime } from './boot-time.ts'
import { startCollector } from './collector.ts'

const SEND_TIMEOUT_MS = 10_000

/** Starts the agent of one host: reads it at a steady interval and delivers every reading, late rather than never. */
export const start: StartApp = async (env) => {
  const config = readConfig(agentConfig, env)
  const logger = createLogger('agent')
  const directory = join(config.NINES_DATA_DIR, 'agent')
  let collectedAt: () => number | null = () => null
  const health = await startHealthServer(
    { host: config.NINES_HOST, port: config.NINES_AGENT_PORT },
    {
      host: async () => {
        if (collectedAt() === null) throw new NinesError('unavailable', 'nothing has been read yet')
      },
    },
  )

  const spool = await openSpool({
    directory: join(directory, 'spool'),
    maxBytes: config.NINES_AGENT_SPOOL_BYTES,
    onDropped: (readings) => logger.error({ readings }, 'the spool is full, the oldest readings were dropped'),
  })
  const forwarder = startForwarder({ spool, logger, send: sender(config) })
  const collector = startCollector({
    intervalMs: config.NINES_AGENT_INTERVAL_MS,
    countersSince: await bootTime(join(directory, 'booted-at')),
    resource: resourceFromAttributes({
      'service.name': 'nines-agent',
      'host.name': config.NINES_AGENT_HOST_NAME,
      'host.arch': arch(),
      'os.type': platform(),
    }),
    ownMetrics: () => ownMetrics(spool, forwarder),
    deliver: async (bytes) => {
      await spool.append(bytes)
      forwarder.wake()
    },
    onFailure: (error) => logger.error({ reason: messageOf(error) }, 'a reading is lost'),
  })
  collectedAt = () => collector.collectedAt
  logger.info({ url: health.url, host: config.NINES_AGENT_HOST_NAME }, 'agent is up')
  return {
    name: 'agent',
    url: health.url,
    stop: async () => {
      await collector.stop()
      await forwarder.stop()
      await health.stop()
    },
  }
}

function sender(config: AgentConfig) {
  return (entry: { bytes: Buffer }, signal: AbortSignal) =>
    postEntry({
      url: `${config.NINES_INGEST_URL.replace(/\/+$/, '')}/v1/metrics`,
      headers: { authorization: `Bearer ${config.NINES_INGEST_KEY}`, 'content-type': 'application/x-protobuf' },
      body: entry.bytes,
      timeoutMs: SEND_TIMEOUT_MS,
      signal,
    })
}

/** What the agent tells of itself, with every reading. */
function ownMetrics(spool: Spool, forwarder: Forwarder): Record<string, number> {
  return {
    'nines.agent.spool.size': spool.bytes,
    'nines.agent.spool.entries': spool.count,
    'nines.agent.dropped': spool.dropped,
    'nines.agent.rejected': forwarder.rejected,
  }
}
