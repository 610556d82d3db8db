import { createTelemetry, type Telemetry, type TelemetryOptions } from '../telemetry.ts'
import { firstTables } from './001-first-tables.ts'
import type { Migration } from './migration.ts'

/** In order; a version that was released never changes again. */
const MIGRATIONS: readonly Migration[] = [firstTables]

/**
 * Makes the database if need be and brings its tables up to this version. Any number of processes may call it at once.
 * A database that is ahead of this version is left as it is: during a rolling update older processes still start.
 */
export async function migrateTelemetry(options: TelemetryOptions): Promise<void> {
  await createDatabase(options)
  const telemetry = createTelemetry(options)
  try {
    await migrate(telemetry, MIGRATIONS)
  } finally {
    await telemetry.close()
  }
}

async function createDatabase(options: TelemetryOptions): Promise<void> {
  const server = createTelemetry({ ...options, database: 'default' })
  try {
    await server.command('CREATE DATABASE IF NOT EXISTS {database:Identifier}', { database: options.database })
  } finally {
    await server.close()
  }
}

/** Runs the steps that the table of versions does not list. */
export async function migrate(telemetry: Telemetry, migrations: readonly Migration[]): Promise<void> {
  await telemetry.command(`CREATE TABLE IF NOT EXISTS schema_migrations (
    version UInt32, name String, applied_at DateTime64(3) DEFAULT now64(3)
  ) ENGINE = ReplacingMergeTree ORDER BY version`)
  const applied = await telemetry.rows<{ version: number }>('SELECT DISTINCT version FROM schema_migrations')
  const done = new Set(applied.map((row) => row.version))
  for (const { version, name, statements } of migrations) {
    if (done.has(version)) continue
    for (const statement of statements) await telemetry.command(statement)
    // Several processes may each add the row; the table keeps one.
    await telemetry.command('INSERT INTO schema_migrations (version, name) SELECT {version:UInt32}, {name:String}', {
      version,
      name,
    })
  }
}
