import { useServices } from '@nines/testkit'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { NativeWriter } from '../native/native-writer.ts'
import { createTelemetry } from '../telemetry.ts'
import { addValueColumns } from './add-value-columns.ts'
import { bitsOf, HARD_BITS } from './joined-value.fixture.ts'
import { splitColumns } from './split-columns.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
beforeEach(() => telemetry.command('TRUNCATE TABLE samples'))
afterAll(() => telemetry.close())

/** Decimals of each unit, sums of them, and pseudo-random doubles of every size. */
const MANY = Array.from({ length: 30_000 }, (_, i) => {
  const random = BigInt.asUintN(64, BigInt(i + 1) * 0x9e3779b97f4a7c15n)
  const count = Number(random >> 40n) - 2 ** 23
  const decimal = bitsOf(count / [1, 10, 100, 1000, 1e6, 1e9][i % 6]!)
  return i % 3 === 0 ? random : i % 3 === 1 ? decimal : BigInt.asUintN(64, decimal + (random >> 44n) - 2n ** 19n)
})
const BITS = [...HARD_BITS, ...MANY]

async function insert(): Promise<void> {
  const numbers = Uint32Array.from(BITS, (_, i) => i)
  const rows = new NativeWriter(BITS.length)
    .uint32('workspace', new Uint32Array(BITS.length).fill(1))
    .uint64FromNumbers('series', numbers)
    .dateTime('at', new Float64Array(BITS.length).fill(Date.now()))
  await telemetry.insert('samples', addValueColumns(rows, [Buffer.from(BigUint64Array.from(BITS).buffer)]), {})
}

test('readers of `value` get every bit', async () => {
  await insert()
  const stored = await telemetry.columns('SELECT reinterpretAsUInt64(value) AS bits FROM samples ORDER BY series')
  expect([...stored.bigints('bits')]).toEqual(BITS)
  expect(await telemetry.rows('SELECT count() AS rows FROM samples WHERE value = 0.01')).toEqual([{ rows: '1' }])
})

test('SQL splits values like TypeScript', async () => {
  await insert()
  const { whole, rest } = splitColumns('value')
  const different = await telemetry.rows(
    `SELECT toString(value) AS text, whole, rest, some_whole, some_rest FROM
       (SELECT series, whole, rest, CAST(value AS Float64) AS value FROM samples) AS stored
     INNER JOIN (SELECT series, ${whole} AS some_whole, ${rest} AS some_rest FROM
       (SELECT series, value FROM samples)) AS computed USING (series)
     WHERE whole != some_whole OR rest != some_rest LIMIT 5`,
  )
  expect(different).toEqual([])
})
