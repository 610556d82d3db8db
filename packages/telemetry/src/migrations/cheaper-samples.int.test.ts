import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { createTelemetry } from '../telemetry.ts'
import { firstTables } from './001-first-tables.ts'
import { everySignal } from './002-every-signal/every-signal.ts'
import { migrate, migrateTelemetry } from './migrate-telemetry.ts'

const services = await useServices()
const options = { url: services.clickhouseUrl, database: `${services.clickhouseDatabase}_cheaper` }
const telemetry = createTelemetry(options)
const server = createTelemetry({ ...options, database: 'default' })

afterAll(async () => {
  await server.command('DROP DATABASE IF EXISTS {d:Identifier}', { d: options.database })
  await Promise.all([telemetry.close(), server.close()])
})

const insert = (number: number, column: 'value' | 'whole') =>
  telemetry.command(
    `INSERT INTO samples (workspace, series, at, ${column}) SELECT 1, number, now64(3), {n:UInt32} FROM numbers(50)`,
    { n: number },
    { insert_deduplication_token: `token-${number}` },
  )

const stored = async () => {
  const [row] = await telemetry.rows<{ rows: string; sum: number }>(
    'SELECT count() AS rows, sum(value) AS sum FROM samples',
  )
  return { rows: Number(row?.rows), sum: row?.sum }
}

test('a table of before keeps its rows, tokens and settings, and merges two parts when asked to', async () => {
  await server.command('CREATE DATABASE {d:Identifier}', { d: options.database })
  await migrate(telemetry, [firstTables, everySignal])
  await insert(1, 'value')
  await migrateTelemetry(options)
  await insert(1, 'whole')
  await insert(2, 'whole')
  expect(await stored()).toEqual({ rows: 100, sum: 150 })

  await telemetry.command('OPTIMIZE TABLE samples FINAL')
  const parts = await telemetry.rows(
    "SELECT name FROM system.parts WHERE database = currentDatabase() AND table = 'samples' AND active",
  )
  expect(parts).toHaveLength(1)
  expect(await stored()).toEqual({ rows: 100, sum: 150 })

  const [table] = await telemetry.rows<{ sql: string }>(
    `SELECT create_table_query AS sql FROM system.tables WHERE database = currentDatabase() AND name = 'samples'`,
  )
  expect(table?.sql).toContain('min_parts_to_merge_at_once = 8')
  expect(table?.sql).toContain('merge_selector_base = 7')
  expect(table?.sql).toContain("auto_statistics_types = ''")
  expect(table?.sql).toContain('ttl_only_drop_parts = 1')
})
