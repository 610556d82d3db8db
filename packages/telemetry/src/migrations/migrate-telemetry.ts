import { createTelemetry, type Telemetry, type TelemetryOptions } from '../telemetry.ts'
import { firstTables } from './001-first-tables.ts'
import { everySignal } from './002-every-signal/every-signal.ts'
import { cheaperSamples } from './003-cheaper-samples.ts'
import { compactRollups } from './004-compact-rollups/compact-rollups.ts'
import { splitValuesOfSamples } from './005-split-values/split-values.ts'
import { everyRevisionOfSlices } from './006-every-revision-of-slices.ts'
import { cheaperMerges } from './007-cheaper-merges.ts'
import { hoursOfSlices } from './008-hours-of-slices.ts'
import type { Migration } from './migration.ts'
import { createTable, type TableDefinition } from './table-definition.ts'
import { onCluster, type Topology } from './topology.ts'

/** In order; a version that was released never changes again. */
export const MIGRATIONS: readonly Migration[] = [
  firstTables,
  everySignal,
  cheaperSamples,
  compactRollups,
  splitValuesOfSamples,
  everyRevisionOfSlices,
  cheaperMerges,
  hoursOfSlices,
]

/** A step may move the rows of a day. */
const MOVE_TIMEOUT_MS = 60 * 60_000

/** On a cluster every version stands on the first shard, so that one row of it says all. */
const VERSIONS: TableDefinition = {
  name: 'schema_migrations',
  columns: `  version UInt32,
  name String,
  applied_at DateTime64(3) DEFAULT now64(3)`,
  engine: 'ReplacingMergeTree',
  orderBy: 'version',
  settings: { non_replicated_deduplication_window: 0 },
  shardBy: '0',
}

export type MigrateOptions = TelemetryOptions & Topology

/**
 * Makes the database if need be and brings its tables up to this version. Any number of processes may call it at once.
 * A database that is ahead of this version is left as it is: during a rolling update older processes still start.
 */
export async function migrateTelemetry(options: MigrateOptions): Promise<void> {
  await createDatabase(options)
  const telemetry = createTelemetry({ ...options, requestTimeoutMs: MOVE_TIMEOUT_MS })
  try {
    await migrate(telemetry, MIGRATIONS, options)
  } finally {
    await telemetry.close()
  }
}

async function createDatabase(options: MigrateOptions): Promise<void> {
  const server = createTelemetry({ ...options, database: 'default' })
  try {
    await server.command(`CREATE DATABASE IF NOT EXISTS {database:Identifier}${onCluster(options)}`, {
      database: options.database,
    })
  } finally {
    await server.close()
  }
}

/** What makes the table of versions. */
export function versionsTable(topology: Topology): string[] {
  return createTable(VERSIONS, topology)
}

/** Runs the versions that the table of versions does not list. */
export async function migrate(
  telemetry: Telemetry,
  migrations: readonly Migration[],
  topology: Topology = {},
): Promise<void> {
  for (const statement of versionsTable(topology)) await telemetry.command(statement)
  const done = await appliedVersions(telemetry)
  for (const migration of migrations) {
    if (done.has(migration.version)) continue
    try {
      await apply(telemetry, migration, topology)
    } catch (error) {
      // Another process may be through, and on to versions whose tables these steps do not fit any more.
      if (!(await appliedVersions(telemetry)).has(migration.version)) throw error
    }
  }
}

async function appliedVersions(telemetry: Telemetry): Promise<ReadonlySet<number>> {
  const rows = await telemetry.rows<{ version: number }>('SELECT DISTINCT version FROM schema_migrations')
  return new Set(rows.map(({ version }) => version))
}

async function apply(telemetry: Telemetry, { version, name, steps }: Migration, topology: Topology): Promise<void> {
  for (const step of steps(topology)) {
    if (typeof step === 'string') await telemetry.command(step)
    else await step(telemetry)
  }
  // Several processes may each add the row; the table keeps one.
  await telemetry.command('INSERT INTO schema_migrations (version, name) SELECT {version:UInt32}, {name:String}', {
    version,
    name,
  })
}
