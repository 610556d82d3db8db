import { deployMigrations } from '@nines/schema'

export interface InstallationOptions {
  databaseUrl: string
  clickhouseUrl: string
  clickhouseDatabase: string
  clickhouseCluster?: string | undefined
  secretKey: string
  ingestKey: string
  internalKey: string
  demo: boolean
}

export interface Installation {
  workspaceSlug: string
  /** One-time token of the link with which the first administrator signs up; null when there is one. */
  setupToken: string | null
}

/** Brings both databases to the newest migration. Safe to call again. */
export async function migrateStores(
  options: Pick<InstallationOptions, 'databaseUrl' | 'clickhouseUrl' | 'clickhouseDatabase' | 'clickhouseCluster'>,
): Promise<void> {
  // Loaded late: these packages import the generated Prisma client, which a first start has yet to make.
  const { migrateTelemetry } = await import('@nines/telemetry')
  await Promise.all([
    deployMigrations(options.databaseUrl),
    migrateTelemetry({
      url: options.clickhouseUrl,
      database: options.clickhouseDatabase,
      cluster: options.clickhouseCluster,
    }),
  ])
}

/** Makes sure that a workspace, both ingest keys and a way to sign in for the first time exist. */
export async function bootstrap(options: InstallationOptions): Promise<Installation> {
  const { bootstrapInstallation } = await import('@nines/records')
  const { secretKey, ingestKey, internalKey, demo } = options
  return bootstrapInstallation(options.databaseUrl, { secretKey, ingestKey, internalKey, demo })
}
