import path from 'node:path'
import { readConfig } from '@nines/kernel'
import { z } from 'zod'
import { checkoutRoot } from '../checkout.ts'

const optionalPort = z.coerce.number().int().min(1).max(65_535).optional()
const url = z.string().min(1).optional()

const schema = z.object({
  NINES_DATA_DIR: z.string().min(1).default(path.join(checkoutRoot, '.nines')),
  NINES_HOST: z.string().min(1).default('127.0.0.1'),
  NINES_PUBLIC_URL: z.url().optional(),
  NINES_API_PORT: optionalPort,
  NINES_INGEST_PORT: optionalPort,
  NINES_INGEST_GRPC_PORT: optionalPort,
  NINES_POSTGRES_PORT: optionalPort,
  NINES_CLICKHOUSE_PORT: optionalPort,
  NINES_REDIS_PORT: optionalPort,
  DATABASE_URL: url,
  CLICKHOUSE_URL: url,
  REDIS_URL: url,
})

/** What the user may choose for `up`, with our defaults. */
export interface LauncherSettings {
  dataDir: string
  host: string
  publicUrl: string
  /** Ports that users and agents know; they are never replaced by others. */
  apiPort: number
  ingestPort: number
  ingestGrpcPort: number
  /** Ports of embedded stores; replaced by free ones when taken, unless chosen by the user. */
  storePorts: Record<StoreName, PortChoice>
  /** Stores that the user runs; the others are embedded. */
  storeUrls: Partial<Record<StoreName, string>>
}

export type StoreName = 'postgres' | 'clickhouse' | 'redis'

export interface PortChoice {
  port: number
  isChosen: boolean
}

/** Reads the launcher's settings. Throws NinesError naming every variable that is malformed. */
export function readSettings(env: Record<string, string | undefined>): LauncherSettings {
  // An empty variable, as `VAR= npm start` or a compose file makes one, is an unset one.
  const config = readConfig(schema, Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  const apiPort = config.NINES_API_PORT ?? 8080
  const choice = (chosen: number | undefined, fallback: number) => ({
    port: chosen ?? fallback,
    isChosen: chosen !== undefined,
  })
  return {
    dataDir: path.resolve(config.NINES_DATA_DIR),
    host: config.NINES_HOST,
    publicUrl: (config.NINES_PUBLIC_URL ?? `http://localhost:${apiPort}`).replace(/\/+$/, ''),
    apiPort,
    ingestPort: config.NINES_INGEST_PORT ?? 4318,
    ingestGrpcPort: config.NINES_INGEST_GRPC_PORT ?? 4317,
    storePorts: {
      postgres: choice(config.NINES_POSTGRES_PORT, 15_432),
      clickhouse: choice(config.NINES_CLICKHOUSE_PORT, 18_123),
      redis: choice(config.NINES_REDIS_PORT, 16_379),
    },
    storeUrls: { postgres: config.DATABASE_URL, clickhouse: config.CLICKHOUSE_URL, redis: config.REDIS_URL },
  }
}
