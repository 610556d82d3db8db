import type { SeriesDefinition } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ColumnTable } from '../columns/column-table.ts'
import { emptyBlock } from './empty-block.ts'
import { SeriesRows } from './series-rows.ts'
import { tablesOf } from './table-rows-of-block.ts'

const text = fc.constantFrom('', 'a', 'job', 'ü', 'x'.repeat(300))
const definition: fc.Arbitrary<SeriesDefinition> = fc.record({
  id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  metric: text,
  kind: fc.constantFrom('sum', 'gauge', 'histogram'),
  temporality: fc.constantFrom('cumulative', 'delta', 'unspecified'),
  monotonic: fc.boolean(),
  unit: text,
  description: text,
  labels: fc.dictionary(fc.constantFrom('a', 'b', 'ü', 'z'), text),
})
const tableOf = (series: SeriesDefinition[]): ColumnTable =>
  tablesOf({ ...emptyBlock(1), series }).get('series') as ColumnTable

test('rows are the definitions that went in, whether their labels are looked at or not', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(definition, fc.boolean()), { minLength: 1, maxLength: 20 }), (all) => {
      const rows = new SeriesRows(tableOf(all.map(([one]) => one)))
      for (const [{ id, metric, kind, temporality, labels }, isRead] of all) {
        expect(rows.next()).toBe(true)
        expect((BigInt(rows.idHigh) << 32n) | BigInt(rows.idLow)).toBe(BigInt(id))
        expect(rows).toMatchObject({ metric, kind, temporality, labelCount: Object.keys(labels).length })
        if (!isRead) continue
        const found = Array.from({ length: rows.labelCount }, () => {
          rows.nextLabel()
          return [rows.name.text(), rows.value.text()] as const
        })
        expect(Object.fromEntries(found)).toEqual(labels)
      }
      expect(rows.next()).toBe(false)
    }),
  )
})

test('columns that end too early or are missing are named', () => {
  const table = tableOf([
    { id: '1', metric: 'm', kind: 'sum', temporality: 'delta', monotonic: true, unit: '', description: '', labels: {} },
  ])
  const changed = (name: string, keep: (stream: Buffer) => Buffer) => ({
    ...table,
    columns: table.columns.map((column) =>
      column.name === name ? { ...column, streams: column.streams.map(keep) } : column,
    ),
  })
  expect(() => new SeriesRows(changed('series', (stream) => stream.subarray(1)))).toThrow('different lengths')
  expect(() => new SeriesRows(changed('metric', (stream) => stream.subarray(1))).next()).toThrow('ends too early')
  expect(() => new SeriesRows({ ...table, columns: table.columns.slice(1) })).toThrow('no column metric')
})
