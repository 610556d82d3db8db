import { host, port, storeConfig } from '@nines/kernel'
import { STREAM_MAX_BYTES } from '@nines/pipeline'
import { z } from 'zod'

const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback)

/** Environment of an ingest app. */
export const ingestConfig = storeConfig.pick({ DATABASE_URL: true, REDIS_URL: true, NINES_REDIS_PREFIX: true }).extend({
  NINES_HOST: host,
  NINES_INGEST_PORT: port(4318),
  /** Port of OTLP over gRPC. */
  NINES_INGEST_GRPC_PORT: port(4317),
  /** Telemetry is refused while the disk of this folder has too little free; without it no disk is watched. */
  NINES_DATA_DIR: z.string().optional(),
  /** What too little is; by default 5 % of the disk or 1 GiB, whichever is less. */
  NINES_INGEST_MIN_FREE_BYTES: z.coerce.number().int().min(0).optional(),
  /** Where this app's own metrics go; without it, or without the key, nowhere. */
  NINES_INGEST_URL: z.string().optional(),
  NINES_INGEST_KEY: z.string().optional(),
  /** Telemetry is refused with 503 while the block stream holds more than this. */
  NINES_STREAM_MAX_BYTES: positive(STREAM_MAX_BYTES),
  NINES_STREAM_SHARDS: positive(1),
  /** Most bytes of one request's body, before and after decompression. */
  NINES_INGEST_MAX_BODY_BYTES: positive(64 * 1024 * 1024),
  /** Most bytes of all bodies that are being read at one time. */
  NINES_INGEST_MAX_BUFFER_BYTES: positive(512 * 1024 * 1024),
  /** How long rows wait for company before they are appended. */
  NINES_INGEST_LINGER_MS: z.coerce.number().int().min(0).max(1_000).default(20),
})
export type IngestConfig = z.infer<typeof ingestConfig>
