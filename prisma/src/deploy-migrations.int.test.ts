import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
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
  const target = ['--to-schema', 'schema.prisma', '--exit-code', '--script']
  const diff = (from: string[]) => runPrisma(['migrate', 'diff', ...from, ...target], { DATABASE_URL: url })
  await expect(diff(['--from-empty'])).rejects.toThrow(/CREATE TABLE "Workspace"/)
  expect(await diff(['--from-migrations', 'migrations'])).toContain('-- This is an empty migration.')
})

test('a check from before its intervals were kept has one: that of now, from its creation on', async () => {
  const client = new Client({ connectionString: url })
  await client.connect()
  const check = (id: string, enabled: boolean) =>
    client.query(
      `insert into "Check" (id, "workspaceId", name, enabled, "intervalSeconds", config, "createdAt", "updatedAt")
       values ($1, 'wsp_1', $1, $2, 90, '{}', '2026-01-01T00:00:00Z', now())`,
      [id, enabled],
    )
  await check('chk_runs', true)
  await check('chk_paused', false)
  const { sql = '' } = listMigrations().find(({ name }) => name.endsWith('_check_intervals')) ?? {}
  await client.query(sql.slice(sql.indexOf('INSERT INTO')))
  const { rows } = await client.query(
    `select id, "workspaceId", "checkId", "intervalSeconds" from "CheckInterval" where "heldFrom" = '2026-01-01T00:00:00Z' order by id`,
  )
  await client.end()
  expect(rows).toEqual([
    { id: 'chi_paused', workspaceId: 'wsp_1', checkId: 'chk_paused', intervalSeconds: null },
    { id: 'chi_runs', workspaceId: 'wsp_1', checkId: 'chk_runs', intervalSeconds: 90 },
  ])
})

test('an error of the engine fails the command', async () => {
  const schema = path.join(mkdtempSync(path.join(tmpdir(), 'nines-schema-')), 'broken.prisma')
  writeFileSync(schema, 'model Broken {')
  await expect(runPrisma(['migrate', 'diff', '--from-empty', '--to-schema', schema])).rejects.toThrow(/failed/)
  rmSync(path.dirname(schema), { recursive: true })
})
