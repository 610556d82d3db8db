import { Client } from 'pg'
import { listMigrations } from './migrations.ts'
import { runPrisma } from './prisma-cli.ts'

/**
 * Brings a database to the newest migration, creating it when it is missing. Asks the database first, because
 * Prisma's command takes more than a second to find out that there is nothing to do. Says whether anything was.
 */
export async function deployMigrations(databaseUrl: string): Promise<boolean> {
  if (await isUpToDate(databaseUrl)) return false
  await runPrisma(['migrate', 'deploy'], { DATABASE_URL: databaseUrl })
  return true
}

async function isUpToDate(databaseUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: databaseUrl })
  try {
    await client.connect()
    const applied = await client.query<{ migration_name: string; checksum: string }>(
      `select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null`,
    )
    const checksums = new Map(applied.rows.map((row) => [row.migration_name, row.checksum]))
    return listMigrations().every((migration) => checksums.get(migration.name) === migration.checksum)
  } catch {
    // No such database, no such table, no connection: Prisma's command creates it or says what is wrong.
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
