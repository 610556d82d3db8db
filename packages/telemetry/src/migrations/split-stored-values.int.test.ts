import { useServices } from '@nines/testkit'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { bitsOf, HARD_BITS } from '../split-values/joined-value.fixture.ts'
import { JOINED_VALUE, splitColumns } from '../split-values/split-columns.ts'
import { createTelemetry } from '../telemetry.ts'
import { MIGRATIONS, migrate, migrateTelemetry } from './migrate-telemetry.ts'

const services = await useServices()
const options = { url: services.clickhouseUrl, database: `${services.clickhouseDatabase}_unsplit` }
const server = createTelemetry({ ...options, database: 'default' })
const telemetry = createTelemetry(options)
const TOKEN = { insert_deduplicate: 1, insert_deduplication_token: 'open record' } as const

const INSERT = `INSERT INTO samples (workspace, retention, series, at, value)
  SELECT 1, if(number % 2 = 0, 400, 90), number % 40, now64(3) - intDiv(number, 40) * 3600,
    multiIf(number % 3 = 0, number, number % 3 = 1, number / 100, sin(number)) FROM numbers(20000)`
beforeEach(async () => {
  await server.command('DROP DATABASE IF EXISTS {d:Identifier}', { d: options.database })
  await server.command('CREATE DATABASE {d:Identifier}', { d: options.database })
  await migrate(telemetry, MIGRATIONS.slice(0, 4))
  // As parts of more than 10 MB lie.
  await telemetry.command('ALTER TABLE samples MODIFY SETTING min_bytes_for_wide_part = 0')
  await telemetry.command(INSERT, {}, TOKEN)
  await telemetry.command(`INSERT INTO samples (workspace, series, at, value)
    SELECT 2, rowNumberInAllBlocks(), now64(3), reinterpretAsFloat64(bits) FROM (SELECT arrayJoin([${HARD_BITS.map((bits) => `toUInt64(${bits})`).join()}]) AS bits)`)
})
afterAll(async () => {
  await server.command('DROP DATABASE IF EXISTS {d:Identifier}', { d: options.database })
  await telemetry.close()
  await server.close()
})

const stored = () =>
  telemetry.rows<{ rows: string; hash: string }>(
    'SELECT count() AS rows, sum(cityHash64(workspace, retention, series, at, reinterpretAsUInt64(value))) AS hash FROM samples',
  )
const columns = async () =>
  (
    await telemetry.rows<{ column: string }>(
      `SELECT DISTINCT column FROM system.parts_columns
       WHERE database = currentDatabase() AND table = 'samples' AND active AND rows > 0 ORDER BY column`,
    )
  ).map(({ column }) => column)
const SPLIT = ['at', 'rest', 'retention', 'series', 'start', 'whole', 'workspace']

test('values of before are there with every bit, split, and their insert is known still', async () => {
  const before = await stored()
  await migrateTelemetry(options)
  expect(await stored()).toEqual(before)
  expect(await columns()).toEqual(SPLIT)
  const sums = await telemetry.rows(
    `SELECT countIf(rest = 0) >= 6667 AS integers, countIf(bitAnd(rest, 3) = 0) >= 13000 AS hundredths FROM samples`,
  )
  expect(sums).toEqual([{ integers: 1, hundredths: 1 }])
  // The store repeats its open record after an update: the columns differ, the token does not.
  const { whole, rest } = splitColumns('v')
  const repeat = INSERT.replace('at, value)', 'at, whole, rest)').replace(
    'multiIf(number % 3 = 0, number, number % 3 = 1, number / 100, sin(number)) FROM',
    `${whole}, ${rest} FROM (SELECT number, toFloat64(multiIf(number % 3 = 0, number, number % 3 = 1, number / 100, sin(number))) AS v FROM`,
  )
  await telemetry.command(`${repeat})`, {}, TOKEN)
  expect(await stored()).toEqual(before)
})

test('several processes may split at once, while one of before still inserts', async () => {
  const before = await stored()
  let inserted = 0
  const others = { areDone: false }
  const insertOld = async () => {
    for (; !others.areDone; inserted++)
      try {
        await telemetry.command(
          `INSERT INTO samples (workspace, series, at, value) SELECT 3, {n:UInt32}, now64(3), {n:UInt32} + 0.25`,
          { n: inserted },
        )
      } catch (error) {
        // Not the rows are at fault: the store keeps them and repeats.
        expect(error).toMatchObject({ code: 'internal' })
        return
      }
  }
  const old = insertOld()
  await Promise.all(Array.from({ length: 4 }, () => migrateTelemetry(options)))
  others.areDone = true
  await old
  expect(
    await telemetry.rows('SELECT count() AS n, sum(value = series + 0.25) AS right FROM samples WHERE workspace = 3'),
  ).toEqual([{ n: `${inserted}`, right: `${inserted}` }])
  await telemetry.command('ALTER TABLE samples DELETE WHERE workspace = 3', {}, { mutations_sync: '2' })
  expect(await stored()).toEqual(before)
  expect(await columns()).toEqual(SPLIT)
})

test('a process that broke off with the columns there and half of the parts rewritten is followed by another', async () => {
  const before = await stored()
  const { whole, rest } = splitColumns('value')
  await telemetry.command(
    `ALTER TABLE samples ADD COLUMN whole Int64 DEFAULT ${whole}, ADD COLUMN rest Int32 DEFAULT ${rest}`,
  )
  await telemetry.command(`INSERT INTO samples (workspace, series, at, value) VALUES (3, 1, now64(3), 1.5)`)
  await migrateTelemetry(options)
  expect(await telemetry.rows('SELECT value, rest FROM samples WHERE workspace = 3')).toEqual([
    { value: 1.5, rest: 200 },
  ])
  await telemetry.command('ALTER TABLE samples DELETE WHERE workspace = 3', {}, { mutations_sync: '2' })
  expect(await stored()).toEqual(before)
  expect(bitsOf(1.5)).toBe(0x3ff8000000000000n)
  expect(JOINED_VALUE).not.toContain('undefined')
})
