import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTelemetry } from '../telemetry.ts'
import { firstTables } from './001-first-tables.ts'
import { everySignal } from './002-every-signal/every-signal.ts'
import { compactRollups } from './004-compact-rollups/compact-rollups.ts'
import { migrate, migrateTelemetry } from './migrate-telemetry.ts'

const services = await useServices()
const options = { url: services.clickhouseUrl, database: `${services.clickhouseDatabase}_old_rollups` }
const server = createTelemetry({ ...options, database: 'default' })
const telemetry = createTelemetry(options)
const TABLES = ['rollup_5m', 'rollup_1h'] as const
const NOW = Math.floor(Date.now() / 3_600_000) * 3_600_000
const VALUES = 'series, at, min, max, sum, count, increase'

let before: Record<string, unknown[]>

beforeAll(() => server.ping())
beforeEach(async () => {
  await server.command('DROP DATABASE IF EXISTS {d:Identifier}', { d: options.database })
  await server.command('CREATE DATABASE {d:Identifier}', { d: options.database })
  await migrate(telemetry, [firstTables, everySignal])
  // 40 series over 50 days in two retentions, each bucket computed twice: whole numbers, hundredths and doubles of any bits.
  for (const table of TABLES)
    for (const revision of [1, 2])
      await telemetry.command(`INSERT INTO ${table} (workspace, retention, series, at, min, max, sum, count, increase, revision
          ${table === 'rollup_5m' ? ', last_bits, last_at' : ''})
        SELECT 1 + series % 2, if(series % 4 = 0, 400, 90), number % 40 AS series,
          fromUnixTimestamp64Milli(${NOW} - intDiv(number, 40) * 3600000) AS at, low, low + 10 * ${revision}, low * 20, 20, number, ${revision}
          ${table === 'rollup_5m' ? ', number * 7919, at + toIntervalMillisecond(1000 + number % 300)' : ''}
        FROM (SELECT number, multiIf(number % 3 = 0, number, number % 3 = 1, number / 100, sin(number)) AS low FROM numbers(48000))`)
  before = await stored()
})
afterAll(async () => {
  await server.command('DROP DATABASE IF EXISTS {d:Identifier}', { d: options.database })
  await telemetry.close()
  await server.close()
})

async function stored(): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {}
  for (const table of TABLES)
    found[table] = await telemetry.rows(
      `SELECT count() AS rows, groupUniqArray(retention) AS retentions,
         sum(cityHash64(${VALUES}${table === 'rollup_5m' ? ', last, last_at' : ''})) AS hash FROM ${table} FINAL`,
    )
  return found
}

const leftovers = () => telemetry.rows('SELECT 1 FROM rollup_5m_v2 UNION ALL SELECT 1 FROM rollup_1h_v2')

test('buckets of version 2 are there as they were, the newest revision of each', async () => {
  await migrateTelemetry(options)
  expect(before['rollup_5m']).toMatchObject([{ rows: '48000' }])
  expect(await stored()).toEqual(before)
  expect(await leftovers()).toEqual([])
  expect(await telemetry.rows('SELECT DISTINCT revision FROM rollup_5m')).toEqual([{ revision: '0' }])
})

test('a move that breaks off is taken up again, and what was computed meanwhile stays', async () => {
  const steps = compactRollups.steps({})
  for (const step of steps.slice(0, -1)) await (typeof step === 'string' ? telemetry.command(step) : step(telemetry))
  await telemetry.command(
    `INSERT INTO rollup_1h (workspace, retention, series, at, unit, max_whole, count, revision)
     SELECT workspace, retention, series, at, 1, 77, 1, 5 FROM rollup_1h_v2 FINAL WHERE series = 3 LIMIT 1`,
  )
  await migrateTelemetry(options)
  const found = await stored()
  expect(found['rollup_5m']).toEqual(before['rollup_5m'])
  expect(found['rollup_1h']).toMatchObject([{ rows: '48000' }])
  expect(await telemetry.rows('SELECT max, count FROM rollup_1h FINAL WHERE revision = 5')).toEqual([
    { max: 77, count: 1 },
  ])
})

test('several processes may move at once', async () => {
  await Promise.all(Array.from({ length: 4 }, () => migrateTelemetry(options)))
  expect(await stored()).toEqual(before)
  expect(await leftovers()).toEqual([])
})
