import { useServices } from '@nines/testkit'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { readSlices } from '../read/read-slices.ts'
import { createTelemetry } from '../telemetry.ts'
import { firstTables } from './001-first-tables.ts'
import { everySignal } from './002-every-signal/every-signal.ts'
import { everyRevisionOfSlices } from './006-every-revision-of-slices.ts'
import { migrate, migrateTelemetry } from './migrate-telemetry.ts'

const services = await useServices()
const options = { url: services.clickhouseUrl, database: `${services.clickhouseDatabase}_old_slices` }
const server = createTelemetry({ ...options, database: 'default' })
const telemetry = createTelemetry(options)
const MINUTE = 60_000
/** Some minutes of three months. */
const FROM = Math.floor(Date.now() / MINUTE) * MINUTE - 1500 * 90 * MINUTE
const read = (asOf?: number) =>
  readSlices(telemetry, { workspace: 1, sloId: 'slo_1', version: 1, from: 0, to: Date.now(), ...(asOf && { asOf }) })

beforeEach(async () => {
  await server.command('DROP DATABASE IF EXISTS {d:Identifier}', { d: options.database })
  await server.command('CREATE DATABASE {d:Identifier}', { d: options.database })
  await migrate(telemetry, [firstTables, everySignal])
  for (const revision of [1, 2])
    await telemetry.command(
      `INSERT INTO slices SELECT 1, 'slo_1', 1, fromUnixTimestamp64Milli(${FROM} + number * 90 * ${MINUTE}),
         number - ${revision}, number, 0, ${revision} FROM numbers(1500)`,
    )
})
afterAll(async () => {
  await server.command('DROP DATABASE IF EXISTS {d:Identifier}', { d: options.database })
  await telemetry.close()
  await server.close()
})

test('what was stored before is there, and the old table is empty', async () => {
  await migrateTelemetry(options)
  const slices = await read()
  expect(slices).toHaveLength(1500)
  expect(slices[7]).toMatchObject({ minute: FROM + 7 * 90 * MINUTE, good: 5, total: 7, revision: 2 })
  expect(await telemetry.rows('SELECT 1 FROM slices_v1')).toEqual([])
})

test('a move that breaks off is taken up again, by several processes at once', async () => {
  const steps = everyRevisionOfSlices.steps({})
  for (const step of steps.slice(0, -1)) await (typeof step === 'string' ? telemetry.command(step) : step(telemetry))
  await telemetry.command(
    `INSERT INTO slices (workspace, slo_id, version, minute, good, total, expected, revision)
     SELECT workspace, slo_id, version, minute, 0, 77, 0, 5 FROM slices_v1 ORDER BY minute LIMIT 1`,
  )
  await Promise.all(Array.from({ length: 4 }, () => migrateTelemetry(options)))
  const slices = await read()
  expect(slices).toHaveLength(1500)
  expect(slices[0]).toMatchObject({ total: 77, revision: 5 })
  expect((await read(2))[0]).toMatchObject({ total: 0, good: -2, revision: 2 })
})
