import { hostname } from 'node:os'
import { host, port } from '@nines/kernel'
import { z } from 'zod'

/** An empty variable is one that is not set, as in compose files with `${X:-}`. */
const whenSet = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

/** Environment of an agent. */
export const agentConfig = z.object({
  NINES_INGEST_URL: z.url({ protocol: /^https?$/, error: 'set NINES_INGEST_URL to the URL of an ingest app' }),
  NINES_INGEST_KEY: z.string().min(1, 'set NINES_INGEST_KEY to a key with the scope ingest'),
  NINES_DATA_DIR: z.string().min(1).default('.nines'),
  NINES_HOST: host,
  NINES_AGENT_PORT: port(8085),
  /** Value of the resource attribute host.name. */
  NINES_AGENT_HOST_NAME: z.string().min(1).default(hostname),
  NINES_AGENT_INTERVAL_MS: z.coerce.number().int().min(50).max(3_600_000).default(10_000),
  /** Limit of what is kept on disk while ingest is away. */
  NINES_AGENT_SPOOL_BYTES: z.coerce
    .number()
    .int()
    .min(64 * 1024)
    .default(64 * 1024 * 1024),
  /** UDP and TCP port for StatsD, on NINES_HOST; nothing listens when it is not set. */
  NINES_AGENT_STATSD_PORT: whenSet(z.coerce.number().int().min(0).max(65535)),
  NINES_AGENT_STATSD_INTERVAL_MS: z.coerce.number().int().min(50).max(3_600_000).default(10_000),
  /** Distinct StatsD series of one interval. */
  NINES_AGENT_STATSD_MAX_SERIES: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  /** File with scrape_configs in Prometheus' form; nothing is scraped when it is not set. */
  NINES_AGENT_SCRAPE_CONFIG: whenSet(z.string()),
})
export type AgentConfig = z.infer<typeof agentConfig>
