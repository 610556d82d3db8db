import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** The folder that holds the schema, its migrations and Prisma's configuration. */
export const schemaFolder = path.dirname(import.meta.dirname)

export interface Migration {
  /** Folder name, which sorts by time. */
  name: string
  sql: string
  /** SHA-256 of the SQL in hex, as Prisma records it. */
  checksum: string
}

/** All migrations in the order in which they apply. */
export function listMigrations(folder = path.join(schemaFolder, 'migrations')): Migration[] {
  const names = readdirSync(folder).filter((name) => statSync(path.join(folder, name)).isDirectory())
  return names.toSorted().map((name) => {
    const sql = readFileSync(path.join(folder, name, 'migration.sql'), 'utf8')
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })
}
