import { host, port, secretConfig, storeConfig } from '@nines/kernel'
import { z } from 'zod'

export const apiConfig = storeConfig.extend(secretConfig.shape).extend({
  /** Where browsers reach the dashboard: the origin of cookies, links and same-origin checks. */
  NINES_PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8080'),
  NINES_HOST: host,
  NINES_API_PORT: port(8080),
  /** Folder of the built dashboard; without it the API serves no pages. */
  NINES_WEB_DIR: z.string().optional(),
  /** Set to `true` behind a reverse proxy that sets X-Forwarded-For; otherwise clients could choose their address. */
  NINES_TRUST_PROXY: z.stringbool().default(false),
  NINES_INGEST_URL: z.string().optional(),
  NINES_INGEST_KEY: z.string().optional(),
})
export type ApiConfig = z.infer<typeof apiConfig>
