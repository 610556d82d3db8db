import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { deployMigrations } from './deploy-migrations.ts'
import { listMigrations } from './migrations.ts'
import { runPrisma } from './prisma-cli.ts'

const database = `deploy_${randomBytes(4).toString('hex')}`
const { postgresUrl } = inject('ninesServices')
const url = `${postgresUrl}/${database}`
const admin = new Client({ connectionString: `${postgresUrl}/postgres` })
beforeAll(() => admin.connect())
afterAll(async () => {
  await admin.query(`drop database if exists ${database} with (force)`)
  await admin.end()
})

test('Prisma’s own commands work offline: deploy creates the database, a second deploy has nothing to do', async () => {
  expect(await deployMigrations(url)).toBe(true)
  expect(await deployMigrations(url)).toBe(false)
  const client = new Client({ connectionString: url })
  await client.connect()
  const applied = await client.query('select migration_name, checksum from _prisma_migrations order by migration_name')
  await client.end()
  expect(applied.rows).toEqual(listMigrations().map((m) => ({ migration_name: m.name, checksum: m.checksum })))
  expect(await runPrisma(['migrate', 'status'], { DATABASE_URL: url })).toContain('up to date')
})

test('the migrations make exactly the schema', async () => {
  const diff = (from: string[]) =>
    runPrisma(['migrate', 'diff', ...from, '--to-schema', 'schema.prisma', '--exit-code'], { DATABASE_URL: url })
  await expect(diff(['--from-empty'])).rejects.toThrow(/Added tables/)
  expect(await diff(['--from-migrations', 'migrations'])).not.toMatch(/added|changed|removed/i)
})
