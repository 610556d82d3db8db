import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isDataError } from '../clickhouse-errors.ts'
import { createTelemetry } from '../telemetry.ts'
import { insertBlocks } from './insert-blocks.ts'
import { rehearseBlock } from './rehearse-block.ts'
import { checkRun, histogramRow, sampleBlock, seriesDefinition, slice } from './test-blocks.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const T = 1_790_000_000_000

beforeAll(() => telemetry.command('ALTER TABLE samples ADD CONSTRAINT lucky CHECK whole != 13'))
afterAll(() => telemetry.close())

const good = {
  ...sampleBlock(1, [[1, T, 12]]),
  series: [seriesDefinition(1)],
  histograms: [histogramRow(1, T)],
  checkRuns: [checkRun('chk', T)],
  slices: [slice(T, 1)],
}
const refused = sampleBlock(1, [
  [1, T, 12],
  [1, T + 1, 13],
])
const unwritable = { ...sampleBlock(1, []), series: [seriesDefinition('not a number')] }

test('tells rows that ClickHouse takes from rows that it refuses, and stores neither', async () => {
  expect(await rehearseBlock(telemetry, good)).toBeNull()
  expect(await rehearseBlock(telemetry, refused)).toMatchObject({ message: expect.stringContaining('lucky') })
  expect(await rehearseBlock(telemetry, unwritable)).toMatchObject({ message: expect.stringContaining('not a number') })
  for (const table of ['samples', 'series', 'histograms', 'check_runs', 'slices'])
    expect(await telemetry.rows(`SELECT 1 FROM ${table}`)).toEqual([])
  const left = await telemetry.rows(`SHOW TABLES LIKE 'rehearsal%'`)
  expect(left).toEqual([])
})

test.each([
  ['refused by ClickHouse', refused],
  ['impossible to write', unwritable],
])('an insert of rows %s rejects with a data error', async (_name, block) => {
  const error: unknown = await insertBlocks(telemetry, [good, block], 'r1').catch((e: unknown) => e)
  expect(isDataError(error)).toBe(true)
  expect(await telemetry.rows('SELECT 1 FROM samples')).toEqual([])
})
