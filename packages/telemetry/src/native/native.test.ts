import * as fc from 'fast-check'
import { ColumnBuilder } from '@nines/wire'
import { describe, expect, test } from 'vitest'
import { readNative } from './native-reader.ts'
import { NativeWriter } from './native-writer.ts'

const row = fc.record({
  id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  small: fc.nat({ max: 2 ** 32 - 1 }),
  flag: fc.nat({ max: 255 }),
  value: fc.double(),
  at: fc.integer({ min: -(2 ** 45), max: 2 ** 45 }),
  text: fc.string({ unit: 'binary', maxLength: 300 }),
  bounds: fc.array(fc.double()),
  counts: fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER })),
})
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never

function write(rows: Row[]): Buffer {
  const writer = new NativeWriter(rows.length)
    .joined('id', 'UInt64', [Buffer.from(BigUint64Array.from(rows, (r) => r.id).buffer)])
    .uint32(
      'small',
      Uint32Array.from(rows, (r) => r.small),
    )
    .uint8(
      'flag',
      Uint8Array.from(rows, (r) => r.flag),
    )
    .float64(
      'value',
      Float64Array.from(rows, (r) => r.value),
    )
    .dateTime(
      'at',
      rows.map((r) => r.at),
    )
    .string(
      'text',
      rows.map((r) => r.text),
    )
    .joined(
      'bounds',
      'Array(Float64)',
      arrays(
        rows.map((r) => r.bounds),
        new ColumnBuilder('Array(Float64)'),
        (stream, bound) => stream.float64(bound),
      ),
    )
    .joined(
      'counts',
      'Array(UInt64)',
      arrays(
        rows.map((r) => r.counts),
        new ColumnBuilder('Array(UInt64)'),
        (stream, count) => stream.integer64(count),
      ),
    )
  return Buffer.concat(writer.finish())
}

/** A column of arrays as blocks carry it. */
function arrays(
  rows: number[][],
  column: ColumnBuilder,
  add: (stream: ColumnBuilder['values'], item: number) => void,
): Buffer[] {
  for (const items of rows) {
    for (const item of items) add(column.values, item)
    column.endRow(items.length)
  }
  return column.streams.map((stream) => stream.toBuffer())
}

test('what is written is read, also from several blocks in a row', () => {
  fc.assert(
    fc.property(fc.array(fc.array(row, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 3 }), (blocks) => {
      const result = readNative(Buffer.concat(blocks.map(write)))
      const rows = blocks.flat()
      expect(result.rowCount).toBe(rows.length)
      expect([...result.bigints('id')]).toEqual(rows.map((r) => r.id))
      expect([...result.numbers('small')]).toEqual(rows.map((r) => r.small))
      expect([...result.numbers('flag')]).toEqual(rows.map((r) => r.flag))
      expect([...result.numbers('value')]).toEqual(rows.map((r) => r.value))
      expect([...result.numbers('at')]).toEqual(rows.map((r) => r.at))
      expect(result.texts('text')).toEqual(rows.map((r) => r.text))
      expect(result.arrays('bounds')).toEqual(rows.map((r) => r.bounds))
      expect(result.arrays('counts')).toEqual(rows.map((r) => r.counts))
    }),
  )
})

describe('an answer that is cut', () => {
  test('is refused wherever the cut is, except between blocks', () => {
    const whole = write([
      { id: 1n, small: 2, flag: 3, value: 4, at: 5, text: 'six', bounds: [7], counts: [8, 9] },
      { id: 1n, small: 2, flag: 3, value: 4, at: 5, text: 'six', bounds: [], counts: [] },
    ])
    for (let length = 1; length < whole.length; length++) {
      expect(() => readNative(whole.subarray(0, length)), `cut at ${length}`).toThrow(/ends in the middle/)
    }
    expect(readNative(whole).rowCount).toBe(2)
    expect(readNative(whole.subarray(0, 0)).rowCount).toBe(0)
  })
})

test('columns of different lengths are refused', () => {
  expect(() => new NativeWriter(2).string('a', ['x'])).toThrow(/column a has 1 rows, the block 2/)
})

test('a type that the reader does not know is an error, not a wrong number', () => {
  const bytes = Buffer.concat(new NativeWriter(1).int32('n', Int32Array.of(1)).finish())
  expect(() => readNative(bytes)).toThrow(/type Int32/)
})
