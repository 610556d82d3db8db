import { Client } from 'pg'
import { listMigrations } from './migrations.ts'

/**
 * Runs every migration against an empty database, without Prisma's bookkeeping: for throw-away databases that
 * are never migrated again. Installations use deployMigrations.
 */
export async function applyMigrations(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    for (const migration of listMigrations()) await client.query(migration.sql)
  } finally {
    await client.end()
  }
}
