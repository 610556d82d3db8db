import { host, port, storeConfig } from '@nines/kernel'
import { z } from 'zod'

export const evaluatorConfig = storeConfig.extend({
  NINES_HOST: host,
  NINES_EVALUATE_PORT: port(8082),
  /** Name of this replica; by default host and port, which a restart takes over together with the SLOs. */
  NINES_REPLICA_ID: z.string().min(1).max(200).optional(),
  /** Streams the blocks are spread over; the same number in every app. */
  NINES_STREAM_SHARDS: z.coerce.number().int().min(1).max(64).default(1),
  NINES_INGEST_URL: z.string().optional(),
  NINES_INGEST_KEY: z.string().optional(),
})
export type EvaluatorConfig = z.infer<typeof evaluatorConfig>
