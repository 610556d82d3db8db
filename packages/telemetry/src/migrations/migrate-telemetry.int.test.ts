import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { createTelemetry } from '../telemetry.ts'
import type { Migration } from './migration.ts'
import { MIGRATIONS, migrate, migrateTelemetry } from './migrate-telemetry.ts'

const ALL = MIGRATIONS.map(({ version }) => version)

const services = await useServices()
const options = { url: services.clickhouseUrl, database: `${services.clickhouseDatabase}_m` }
const telemetry = createTelemetry(options)

afterAll(async () => {
  await telemetry.command('DROP DATABASE {d:Identifier}', { d: options.database })
  await telemetry.close()
})

const versions = async () =>
  (await telemetry.rows<{ version: number }>('SELECT version FROM schema_migrations FINAL ORDER BY version')).map(
    (row) => row.version,
  )

test('any number of processes may migrate an empty database at once', async () => {
  await Promise.all(Array.from({ length: 8 }, () => migrateTelemetry(options)))
  expect(await versions()).toEqual(ALL)
  const tables = await telemetry.rows<{ name: string }>('SHOW TABLES')
  expect(tables.map((row) => row.name)).toEqual([
    'check_runs',
    'exemplars',
    'exponential_histograms',
    'histograms',
    'histograms_v1',
    'logs',
    'rollup_1h',
    'rollup_1h_v2',
    'rollup_5m',
    'rollup_5m_v2',
    'samples',
    'samples_v1',
    'schema_migrations',
    'series',
    'service_edges',
    'service_rollup_1m',
    'slices',
    'slices_v1',
    'spans',
    'trace_index',
    'trace_index_feed',
  ])
})

test('a step runs once, a step that broke off runs again whole, a newer database is left alone', async () => {
  const step = (name: string, ...statements: string[]) => ({ version: 99, name, steps: () => statements })
  const create = 'CREATE TABLE IF NOT EXISTS extra (a UInt8) ENGINE = MergeTree ORDER BY a'
  await expect(migrate(telemetry, [step('breaks', create, 'ALTER TABLE nowhere DROP COLUMN a')])).rejects.toThrow(
    /nowhere/,
  )
  expect(await versions()).toEqual(ALL)
  await migrate(telemetry, [step('whole', create, 'ALTER TABLE extra ADD COLUMN IF NOT EXISTS b UInt8')])
  expect(await versions()).toEqual([...ALL, 99])
  await migrate(telemetry, [step('whole', 'ALTER TABLE nowhere DROP COLUMN a')])
  await migrateTelemetry(options)
  expect(await versions()).toEqual([...ALL, 99])
})

test('a version that another process went past while its steps were under way is no error', async () => {
  const drop = 'ALTER TABLE extra DROP COLUMN c'
  const first: Migration = {
    version: 100,
    name: 'slow',
    steps: () => [
      'ALTER TABLE extra ADD COLUMN IF NOT EXISTS c UInt8',
      async () => migrate(telemetry, [{ ...first, steps: () => [drop] }]),
      'INSERT INTO extra (c) VALUES (1)',
    ],
  }
  await migrate(telemetry, [first])
  expect(await versions()).toEqual([...ALL, 99, 100])
})
