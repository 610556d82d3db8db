import { host, port, secretConfig, storeConfig } from '@nines/kernel'
import { STREAM_MAX_BYTES } from '@nines/pipeline'
import { z } from 'zod'

export const storeAppConfig = z.object({
  ...storeConfig.pick({
    CLICKHOUSE_URL: true,
    CLICKHOUSE_DATABASE: true,
    CLICKHOUSE_CLUSTER: true,
    REDIS_URL: true,
    NINES_REDIS_PREFIX: true,
  }).shape,
  /** Proves to the heads that a query is the API's; without it this process holds no heads. */
  NINES_SECRET_KEY: secretConfig.shape.NINES_SECRET_KEY.optional(),
  NINES_HOST: host,
  NINES_STORE_PORT: port(8081),
  /** Streams that the blocks are spread over; the same number in every app. */
  NINES_STREAM_SHARDS: z.coerce.number().int().min(1).max(64).default(1),
  /** From where on ingest refuses blocks; long before it the store gives memory back early. The same in both. */
  NINES_STREAM_MAX_BYTES: z.coerce.number().int().positive().default(STREAM_MAX_BYTES),
  /** Where the app's own metrics go; without both it measures nothing. */
  NINES_INGEST_URL: z.string().optional(),
  NINES_INGEST_KEY: z.string().optional(),
})
