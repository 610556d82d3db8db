import { Redis } from 'ioredis'
import { Client } from 'pg'
import { expect, test } from 'vitest'
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

test('ClickHouse has the own database', async () => {
  const answer = await fetch(`${services.clickhouseUrl}/?database=${services.clickhouseDatabase}`, {
    method: 'POST',
    body: 'SELECT currentDatabase()',
  })
  expect((await answer.text()).trim()).toBe(services.clickhouseDatabase)
})
