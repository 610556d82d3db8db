import path from 'node:path'
import { inCheckout } from '../checkout.ts'
import type { InstallationKeys } from './installation-keys.ts'
import type { LauncherSettings, StoreName } from './settings.ts'

export interface EnvironmentParts {
  settings: LauncherSettings
  keys: InstallationKeys
  storeUrls: Record<StoreName, string>
  internalPorts: Record<string, string>
  demo: boolean
}

/** The environment of every app: ours as defaults, the user's own variables above them. */
export function appEnvironment(
  parts: EnvironmentParts,
  userEnv: Record<string, string | undefined>,
): Record<string, string> {
  const { settings, keys, storeUrls, internalPorts, demo } = parts
  const defaults: Record<string, string> = {
    DATABASE_URL: storeUrls.postgres,
    CLICKHOUSE_URL: storeUrls.clickhouse,
    CLICKHOUSE_DATABASE: 'nines',
    REDIS_URL: storeUrls.redis,
    NINES_REDIS_PREFIX: 'nines',
    NINES_SECRET_KEY: keys.secretKey,
    NINES_PUBLIC_URL: settings.publicUrl,
    NINES_HOST: settings.host,
    NINES_API_PORT: String(settings.apiPort),
    NINES_INGEST_PORT: String(settings.ingestPort),
    NINES_INGEST_GRPC_PORT: String(settings.ingestGrpcPort),
    NINES_INGEST_URL: `http://127.0.0.1:${settings.ingestPort}`,
    NINES_INGEST_KEY: keys.internalKey,
    NINES_DATA_DIR: settings.dataDir,
    NINES_WEB_DIR: inCheckout('apps/web/dist'),
    // Stripped and compiled modules, kept between starts: halves the processor time that an app needs to come up. Boot has a
    // place for them in the checkout, where it may write there.
    NODE_COMPILE_CACHE: path.join(settings.dataDir, 'compile-cache'),
    ...internalPorts,
    ...(demo ? { NINES_DEMO: '1' } : {}),
  }
  const chosen = Object.entries(userEnv).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  )
  return { ...defaults, ...Object.fromEntries(chosen) }
}
