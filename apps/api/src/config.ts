import { host, port, secretConfig, storeConfig } from '@nines/kernel'
import { z } from 'zod'

export const apiConfig = storeConfig.extend(secretConfig.shape).extend({
  /** Where browsers reach the dashboard: the origin of cookies, links and same-origin checks. */
  NINES_PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8080'),
  /** Where agents outside reach ingest; by default NINES_INGEST_PORT of the host of NINES_PUBLIC_URL. */
  NINES_PUBLIC_INGEST_URL: z.url({ protocol: /^https?$/ }).optional(),
  NINES_INGEST_PORT: port(4318),
  /** The same for OTLP over gRPC; by default NINES_INGEST_GRPC_PORT of the host where ingest is reached. */
  NINES_PUBLIC_INGEST_GRPC_URL: z.url({ protocol: /^https?$/ }).optional(),
  NINES_INGEST_GRPC_PORT: port(4317),
  NINES_HOST: host,
  NINES_API_PORT: port(8080),
  /** Folder of the built dashboard; without it the API serves no pages. */
  NINES_WEB_DIR: z.string().optional(),
  /**
   * How many reverse proxies that append to X-Forwarded-For stand before this server; `true` is one. What stands farther
   * left in that header is the client's own claim.
   */
  NINES_TRUST_PROXY: z.union([z.stringbool().transform(Number), z.coerce.number().int().min(0).max(10)]).default(0),
  /** Streams that blocks are spread over; the same number in every app. */
  NINES_STREAM_SHARDS: z.coerce.number().int().min(1).max(64).default(1),
  NINES_INGEST_URL: z.string().optional(),
  NINES_INGEST_KEY: z.string().optional(),
})
/** The address that senders of telemetry are told, without a slash at the end. */
export function publicIngestUrl(
  config: Pick<ApiConfig, 'NINES_PUBLIC_URL' | 'NINES_PUBLIC_INGEST_URL' | 'NINES_INGEST_PORT'>,
): string {
  if (config.NINES_PUBLIC_INGEST_URL !== undefined) return config.NINES_PUBLIC_INGEST_URL.replace(/\/+$/, '')
  const { protocol, hostname } = new URL(config.NINES_PUBLIC_URL)
  return `${protocol}//${hostname}:${config.NINES_INGEST_PORT}`
}

/** The address that senders of OTLP over gRPC are told, without a slash at the end. */
export function publicIngestGrpcUrl(
  config: Parameters<typeof publicIngestUrl>[0] &
    Pick<ApiConfig, 'NINES_PUBLIC_INGEST_GRPC_URL' | 'NINES_INGEST_GRPC_PORT'>,
): string {
  const chosen = config.NINES_PUBLIC_INGEST_GRPC_URL
  if (chosen !== undefined) return chosen.replace(/\/+$/, '')
  const { protocol, hostname } = new URL(publicIngestUrl(config))
  return `${protocol}//${hostname}:${config.NINES_INGEST_GRPC_PORT}`
}

export type ApiConfig = z.infer<typeof apiConfig>
