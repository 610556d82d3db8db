import { useServices } from '@nines/testkit'
import * as fc from 'fast-check'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { NativeWriter } from '../native/native-writer.ts'
import { createTelemetry } from '../telemetry.ts'
import { insertBuckets } from './bucket-columns.ts'
import { addBucketColumns, type Buckets } from './encode-buckets.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const [OF_NUMBERS, OF_SQL] = [31, 32]

afterAll(() => telemetry.close())
beforeEach(async () => {
  await telemetry.command('TRUNCATE TABLE rollup_5m')
  await telemetry.command('TRUNCATE TABLE rollup_1h')
  await telemetry.command(`CREATE OR REPLACE TABLE plain (workspace UInt32, retention UInt16, series UInt64,
    at DateTime64(3), min Float64, max Float64, sum Float64, count UInt32, increase Float64, last Float64,
    last_at DateTime64(3), revision UInt64) ENGINE = Memory`)
})
afterAll(() => telemetry.command('DROP TABLE IF EXISTS plain'))

const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const value = fc.oneof(
  { weight: 4, arbitrary: fc.nat(100_000) },
  whole,
  whole.map((n) => n / 100),
  whole.map((n) => n / 1000),
  // What adding up decimals leaves.
  whole.map((n) => n / 100 + 0.1 + 0.2 - 0.3),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, 4.5e15, 4.5e13, -4.5e15, 0.005, 0.29),
)
const count = fc.oneof(fc.constantFrom(0, 1), fc.nat(2 ** 32 - 1))
const row = fc.record({ min: value, max: value, sum: value, increase: value, last: value, count })
const likelyRow = fc
  .record({
    from: fc.nat(1e9),
    steps: fc.array(fc.nat(40), { minLength: 1, maxLength: 40 }),
    unit: fc.constantFrom(1, 100),
  })
  .map(({ from, steps, unit }) => {
    const values: number[] = []
    for (const step of steps) values.push((values.at(-1) ?? from / unit) + step / unit)
    const sum = values.reduce((a, b) => a + b, 0)
    const [min, max] = [Math.min(...values), Math.max(...values)]
    return { min, max, sum, increase: max - from / unit, last: values.at(-1)!, count: values.length }
  })

const VALUES = ['min', 'max', 'sum', 'increase', 'last'] as const
const AT = 1_790_000_100_000
const ENCODED = 'unit, max_whole, max_rest, min_whole, min_rest, sum_whole, sum_rest, last_bits, last_after'

test('every bit comes back, and rows made here are those that SQL makes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(row, likelyRow), { minLength: 1, maxLength: 400 }), async (rows) => {
      await telemetry.command('TRUNCATE TABLE rollup_5m')
      await telemetry.command('TRUNCATE TABLE plain')
      const column = (name: (typeof VALUES)[number]) => Float64Array.from(rows, (one) => one[name])
      const buckets: Buckets = {
        min: column('min'),
        max: column('max'),
        sum: column('sum'),
        increase: column('increase'),
        count: Uint32Array.from(rows, ({ count }) => count),
      }
      const plain = keys(rows.length, OF_SQL).dateTime(
        'last_at',
        rows.map((_, i) => AT + i),
      )
      for (const name of VALUES) plain.float64(name, column(name))
      await telemetry.insert('plain', plain.uint32('count', buckets.count), {})
      await telemetry.command(insertBuckets('rollup_5m', 'SELECT * FROM plain'), {}, { prefer_column_name_to_alias: 1 })
      const maxBits = bitsOf(buckets.max)
      const native = keys(rows.length, OF_NUMBERS)
        .uint32(
          'last_after',
          Uint32Array.from(rows, (_, i) => i),
        )
        .joined('last_bits', 'UInt64', [
          Buffer.from(bitsOf(column('last')).map((bits, i) => bits ^ maxBits[i]!).buffer),
        ])
      await telemetry.insert('rollup_5m', addBucketColumns(native, buckets), {})
      for (const workspace of [OF_NUMBERS, OF_SQL]) {
        const bits = VALUES.map((name) => `toString(reinterpretAsUInt64(${name})) AS ${name}`).join(', ')
        const found = await telemetry.rows(
          `SELECT ${bits}, count, toString(toUnixTimestamp64Milli(last_at)) AS lastAt
           FROM rollup_5m FINAL WHERE workspace = {workspace:UInt32} ORDER BY series`,
          { workspace },
        )
        const expected = rows.map((one, i) => ({
          ...Object.fromEntries(VALUES.map((name) => [name, String(bitsOf(Float64Array.of(one[name]))[0])])),
          count: one.count,
          lastAt: String(AT + i),
        }))
        expect(found).toEqual(expected)
      }
      const different = await telemetry.rows(
        `SELECT series, count() FROM (SELECT DISTINCT series, ${ENCODED} FROM rollup_5m) GROUP BY series HAVING count() > 1`,
      )
      expect(different).toEqual([])
    }),
    { numRuns: 25, endOnFailure: true },
  )
})

test('totals and decimals need no bits of doubles', async () => {
  const at = (values: number[]) => Float64Array.from(values)
  const buckets: Buckets = {
    min: at([1_000_010, 1.25, 0.001, 1 / 3]),
    max: at([1_000_050, 7.5, 12.345, 7 / 3]),
    sum: at([3_000_090, 8.75, 12.346, 8 / 3]),
    count: Uint32Array.of(3, 2, 2, 2),
    increase: at([45, 0, 0, 0]),
  }
  await telemetry.insert('rollup_1h', addBucketColumns(keys(4, 1), buckets), {})
  expect(
    await telemetry.rows('SELECT unit, min_whole, sum_whole, max_rest, min_rest, sum_rest FROM rollup_1h LIMIT 3'),
  ).toEqual([
    // The first step of five came before the minimum: 1,000,050 - 1,000,010 - 45.
    { unit: 1, min_whole: '-5', sum_whole: '0', max_rest: 0, min_rest: 0, sum_rest: 0 },
    { unit: 100, min_whole: '625', sum_whole: '0', max_rest: 0, min_rest: 0, sum_rest: 0 },
    { unit: 1000, min_whole: '12344', sum_whole: '0', max_rest: 0, min_rest: 0, sum_rest: 0 },
  ])
  expect(await telemetry.rows('SELECT unit, min, max FROM rollup_1h WHERE series = 3')).toEqual([
    { unit: 0, min: 1 / 3, max: 7 / 3 },
  ])
})

function keys(rows: number, workspace: number): NativeWriter {
  return new NativeWriter(rows)
    .uint32('workspace', new Uint32Array(rows).fill(workspace))
    .uint16('retention', new Uint16Array(rows).fill(400))
    .uint64FromNumbers(
      'series',
      Array.from({ length: rows }, (_, i) => i),
    )
    .dateTime('at', new Float64Array(rows).fill(AT))
    .uint64FromNumbers('revision', new Float64Array(rows))
}

function bitsOf(values: Float64Array): BigUint64Array {
  return new BigUint64Array(values.buffer)
}
