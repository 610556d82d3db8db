import { readConfig, secretConfig, storeConfig } from '@nines/kernel'
import { Command } from 'commander'
import { z } from 'zod'
import { bootstrap, migrateStores } from '../start/prepare-installation.ts'
import { Progress } from '../start/progress.ts'

const schema = storeConfig
  .pick({ DATABASE_URL: true, CLICKHOUSE_URL: true, CLICKHOUSE_DATABASE: true, CLICKHOUSE_CLUSTER: true })
  .extend(secretConfig.shape)
  .extend({
    NINES_PUBLIC_URL: z.url(),
    /** Key with which Nines' own apps send their telemetry. */
    NINES_INGEST_KEY: z.string().min(1),
    /** Key handed to people for their agents and SDKs. */
    NINES_FIRST_INGEST_KEY: z.string().min(1),
  })

/** `nines migrate`: brings databases that somebody else runs to this version and prints the setup link while it is open. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('migrate PostgreSQL and ClickHouse, prepare the installation')
    .action(async () => {
      const config = readConfig(schema, process.env)
      const progress = new Progress(Date.now())
      const options = {
        databaseUrl: config.DATABASE_URL,
        clickhouseUrl: config.CLICKHOUSE_URL,
        clickhouseDatabase: config.CLICKHOUSE_DATABASE,
        clickhouseCluster: config.CLICKHOUSE_CLUSTER,
        secretKey: config.NINES_SECRET_KEY,
        ingestKey: config.NINES_FIRST_INGEST_KEY,
        internalKey: config.NINES_INGEST_KEY,
        demo: false,
      }
      await progress.step('databases migrated', () => migrateStores(options))
      const { setupToken } = await progress.step('installation prepared', () => bootstrap(options))
      if (setupToken !== null)
        process.stdout.write(`\n  First visit: ${config.NINES_PUBLIC_URL.replace(/\/+$/, '')}/setup#${setupToken}\n`)
    })
}
