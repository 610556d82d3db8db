import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTelemetry } from '../telemetry.ts'
import { firstTables } from './001-first-tables.ts'
import { everySignal } from './002-every-signal/every-signal.ts'
import { migrate, migrateTelemetry } from './migrate-telemetry.ts'

const services = await useServices()
const options = { url: services.clickhouseUrl, database: `${services.clickhouseDatabase}_old` }
const server = createTelemetry({ ...options, database: 'default' })
const telemetry = createTelemetry(options)
const DAY = 86_400
const NOW = Math.floor(Date.now() / 1000)

beforeEach(async () => {
  await server.command('DROP DATABASE IF EXISTS {d:Identifier}', { d: options.database })
  await server.command('CREATE DATABASE {d:Identifier}', { d: options.database })
  await migrate(telemetry, [firstTables])
  // 40 series over 28 days, as version 1 stored them.
  await telemetry.command(`INSERT INTO samples (workspace, series, at, start, value)
    SELECT 1 + number % 2, number % 40, toDateTime64(${NOW} - intDiv(number, 40) * ${DAY / 25}, 3), 0, number
    FROM numbers(28000)`)
  await telemetry.command(`INSERT INTO histograms (workspace, series, at, start, count, sum, min, max, bounds, bucket_counts)
    SELECT workspace, series, at, start, 3, value, nan, 2, [0.5, 1], [1, 1, 1] FROM samples`)
})
beforeAll(() => server.ping())
afterAll(async () => {
  await server.command('DROP DATABASE IF EXISTS {d:Identifier}', { d: options.database })
  await telemetry.close()
  await server.close()
})

const totals = (table: string, value: string) =>
  telemetry.rows(
    `SELECT count() AS rows, uniqExact(workspace, series, at) AS unique, sum(${value}) AS sum,
       groupUniqArray(retention) AS retention FROM ${table}`,
  )
const EXPECTED = [{ rows: '28000', unique: '28000', sum: (27_999 * 28_000) / 2, retention: [400] }]

test('an installation of version 1 keeps its rows', async () => {
  await migrateTelemetry(options)
  expect(await totals('samples', 'value')).toEqual(EXPECTED)
  expect(await totals('histograms', 'sum')).toEqual(EXPECTED)
  expect(await telemetry.rows('SELECT DISTINCT bounds, bucket_counts, count, max FROM histograms')).toEqual([
    { bounds: [0.5, 1], bucket_counts: ['1', '1', '1'], count: '3', max: 2 },
  ])
  expect(await telemetry.rows('SELECT 1 FROM samples_v1 UNION ALL SELECT 1 FROM histograms_v1')).toEqual([])
})

test('a move that breaks off anywhere is taken up again, and rows that came meanwhile stay', async () => {
  const steps = everySignal.steps({})
  for (const step of steps.slice(0, -2)) await (typeof step === 'string' ? telemetry.command(step) : step(telemetry))
  // As if killed behind the copy of a half of what there was and before anything left the old table.
  await telemetry.command(
    `INSERT INTO samples (workspace, series, at, start, value) SELECT * FROM samples_v1 WHERE series % 2 = 0`,
  )
  await telemetry.command('INSERT INTO samples (workspace, series, at, value) VALUES (9, 9, now64(3), 0)')
  await migrateTelemetry(options)
  const [row] = EXPECTED
  expect(await totals('samples', 'value')).toEqual([{ ...row, rows: '28001', unique: '28001' }])
})

test('several processes may move at once', async () => {
  await Promise.all(Array.from({ length: 4 }, () => migrateTelemetry(options)))
  const [row] = (await totals('samples', 'value')) as { unique: string }[]
  expect(row?.unique).toBe('28000')
  expect(await telemetry.rows('SELECT 1 FROM samples_v1 UNION ALL SELECT 1 FROM histograms_v1')).toEqual([])
})
