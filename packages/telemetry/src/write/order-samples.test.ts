import { columnOf, loadDecoder, RowOrder, type Block } from '@nines/wire'
import { expect, test } from 'vitest'
import { partsOf, type BlockPart } from './block-table-rows.ts'
import { orderSamples } from './order-samples.ts'
import { sampleBlock } from './test-blocks.ts'

const order = new RowOrder(await loadDecoder())

/** Rows as [workspace, retention, series, at, value], with the start behind where there is one. */
function rowsOf(parts: readonly BlockPart[]): number[][] {
  return parts.flatMap(({ block, table }) =>
    Array.from({ length: table.rows }, (_, row) => {
      const word = (name: string) => columnOf(table, name)?.streams[0]
      const start = word('start')
      return [
        block.workspace,
        block.retention?.metrics ?? 400,
        Number(word('series')!.readBigUInt64LE(8 * row)),
        Number(word('at')!.readBigInt64LE(8 * row)),
        word('value')!.readDoubleLE(8 * row),
        ...(start ? [Number(start.readBigInt64LE(8 * row))] : []),
      ]
    }),
  )
}

function ordered(...blocks: Block[]): readonly BlockPart[] {
  return orderSamples(partsOf('samples', blocks), order)
}

test('samples of several blocks come by series and time, those of one instant in their order', () => {
  const parts = ordered(
    sampleBlock(1, [
      [9, 10, 1],
      [3, 10, 2],
      [3, 30, 3],
    ]),
    sampleBlock(1, [
      [3, 20, 4],
      [9, 10, 0],
    ]),
  )
  expect(parts.length).toBe(1)
  expect(rowsOf(parts).map((row) => row.slice(0, 5))).toEqual([
    [1, 400, 3, 10, 2],
    [1, 400, 3, 20, 4],
    [1, 400, 3, 30, 3],
    [1, 400, 9, 10, 1],
    [1, 400, 9, 10, 0],
  ])
})

test('workspaces ascend, and samples of another retention stand apart', () => {
  const short = { retention: { metrics: 30, logs: 1, traces: 1 } }
  const parts = ordered(
    sampleBlock(7, [[1, 10, 1]]),
    sampleBlock(2, [
      [5, 10, 2],
      [4, 10, 3],
    ]),
    { ...sampleBlock(7, [[0, 10, 4]]), ...short },
    sampleBlock(7, [[0, 10, 5]]),
  )
  expect(rowsOf(parts).map((row) => row.slice(0, 5))).toEqual([
    [2, 400, 4, 10, 3],
    [2, 400, 5, 10, 2],
    [7, 30, 0, 10, 4],
    [7, 400, 0, 10, 5],
    [7, 400, 1, 10, 1],
  ])
})

test('a start that only some blocks have is the epoch in the others', () => {
  const late = sampleBlock(1, [[2, 10, 1]])
  late.samples.start[0] = 5
  const parts = ordered(late, sampleBlock(1, [[1, 10, 2]]))
  expect(rowsOf(parts)).toEqual([
    [1, 400, 1, 10, 2, 0],
    [1, 400, 2, 10, 1, 5],
  ])
})

test('nothing is made of nothing, and columns that cannot be ordered stay', () => {
  expect(ordered()).toEqual([])
  const parts = partsOf('samples', [sampleBlock(1, [[2, 10, 1]]), sampleBlock(1, [[1, 10, 1]])])
  const odd = parts.map(({ block, table }) => ({
    block,
    table: {
      ...table,
      columns: [...table.columns, { name: 'flags', type: 'UInt8' as const, streams: [Buffer.of(1)] }],
    },
  }))
  expect(orderSamples(odd, order)).toBe(odd)
})
