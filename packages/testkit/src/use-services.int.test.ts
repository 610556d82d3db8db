import { Redis } from 'ioredis'
import { Client } from 'pg'
import { expect, inject, test } from 'vitest'
import { askClickHouse } from './clickhouse-template.ts'
import { useServices } from './use-services.ts'

const services = await useServices()

test('the database is this file’s own copy of the migrated template', async () => {
  const client = new Client({ connectionString: services.databaseUrl })
  await client.connect()
  const tables = await client.query(`select table_name from information_schema.tables where table_schema = 'public'`)
  const name = await client.query('select current_database() as name')
  await client.end()
  expect(tables.rows.map((row: { table_name: string }) => row.table_name)).toContain('Workspace')
  expect(name.rows[0]).toEqual({ name: services.redisPrefix })
})

test('Redis keeps what is written under the own prefix', async () => {
  const redis = new Redis(services.redisUrl)
  await redis.set(`${services.redisPrefix}:greeting`, 'hello')
  expect(await redis.get(`${services.redisPrefix}:greeting`)).toBe('hello')
  redis.disconnect()
})

test('ClickHouse has the own database, with the tables and rows of a migrated one', async () => {
  const address = inject('ninesServices')
  const ask = (statement: string) =>
    askClickHouse(`${services.clickhouseUrl}/?database=${services.clickhouseDatabase}`, statement)
  expect((await ask('SELECT currentDatabase()')).trim()).toBe(services.clickhouseDatabase)
  const tablesOf = async (database: string) =>
    (
      await ask(
        `SELECT create_table_query FROM system.tables WHERE database = '${database}' ORDER BY name FORMAT TSVRaw`,
      )
    ).replaceAll(`${database}.`, '')
  const template = address.clickhouseTemplate.database
  expect(await tablesOf(services.clickhouseDatabase)).toBe(await tablesOf(template))
  expect(await tablesOf(template)).toContain('CREATE MATERIALIZED VIEW trace_index_feed TO trace_index')
  const versionsOf = (database: string) =>
    ask(`SELECT DISTINCT version FROM ${database}.schema_migrations ORDER BY version`)
  expect(await versionsOf(services.clickhouseDatabase)).toBe(await versionsOf(template))
  expect(await versionsOf(template)).toContain('1\n2\n')
})
