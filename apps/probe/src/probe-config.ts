import { host, port } from '@nines/kernel'
import { z } from 'zod'

/** Environment of a probe. */
export const probeConfig = z.object({
  /** Where this probe stands; part of every run's identity, so two probes must not share a location. */
  NINES_PROBE_LOCATION: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'use letters, digits, dots, hyphens, at most 64')
    .default('local'),
  NINES_INGEST_URL: z.url({ protocol: /^https?$/, error: 'set NINES_INGEST_URL to the URL of an ingest app' }),
  NINES_INGEST_KEY: z.string().min(1, 'set NINES_INGEST_KEY to a key with the scope ingest'),
  NINES_DATA_DIR: z.string().min(1).default('.nines'),
  NINES_HOST: host,
  NINES_PROBE_PORT: port(8084),
  /** Checks running at one time. */
  NINES_PROBE_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(50),
  /** How often to ask what is to be checked. */
  NINES_PROBE_POLL_MS: z.coerce.number().int().min(50).max(600_000).default(10_000),
})
