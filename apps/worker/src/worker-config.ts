import { host, port, secretConfig, storeConfig } from '@nines/kernel'
import { z } from 'zod'

export const workerConfig = z.object({
  ...storeConfig.shape,
  ...secretConfig.shape,
  NINES_HOST: host,
  NINES_WORKER_PORT: port(8083),
  /** Where people reach Nines; links in pages begin with it. */
  NINES_PUBLIC_URL: z.url().default('http://localhost:8080'),
  /** Where the app's own metrics go; without both it measures nothing. */
  NINES_INGEST_URL: z.string().optional(),
  NINES_INGEST_KEY: z.string().optional(),
})
