import { expect, test } from 'vitest'
import { loadDecoder } from './load-decoder.ts'
import { RowOrder, type RowColumns } from './row-order.ts'

type Row = readonly [id: bigint, at: bigint, ...others: bigint[]]

const order = new RowOrder(await loadDecoder())

function columnsOf(rows: readonly Row[], width: number): RowColumns {
  return Array.from({ length: width }, (_, c) => {
    // Columns of blocks lie anywhere in memory.
    const column = Buffer.alloc(8 * rows.length + 3).subarray(3)
    rows.forEach((row, i) => column.writeBigUInt64LE(BigInt.asUintN(64, row[c]!), 8 * i))
    return column
  }) as unknown as RowColumns
}

function rowsOf(columns: readonly Buffer[]): bigint[][] {
  return Array.from({ length: columns[0]!.length / 8 }, (_, i) =>
    columns.map((column, c) => (c === 1 ? column.readBigInt64LE(8 * i) : column.readBigUInt64LE(8 * i))),
  )
}

/** What Array.sort, which is stable, makes of them. */
function sorted(rows: readonly Row[]): bigint[][] {
  const sign = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
  return rows.toSorted((a, b) => sign(a[0], b[0]) || sign(a[1], b[1])).map((row) => [...row])
}

let state = 7
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

const hash = () => (BigInt(random(2 ** 32)) << 32n) | BigInt(random(2 ** 32))

/** Rows of some series, step after step, some late; each with a number of its own in every other column. */
function arriving(series: number, steps: number, width: number): Row[] {
  const ids = Array.from({ length: series }, hash)
  return Array.from({ length: steps }, (_, step) =>
    ids.map((id, i): Row => {
      const at = BigInt(1_790_000_000_000 + step * 15_000 - (random(20) === 0 ? 60_000 : 0))
      return [id, at, ...Array.from({ length: width - 2 }, (__, c) => BigInt(step * series + i) * 8n + BigInt(c))]
    }),
  ).flat()
}

function inPieces(rows: readonly Row[], width: number): RowColumns[] {
  const pieces: RowColumns[] = []
  for (let at = 0; at < rows.length;) {
    const size = 1 + random(6_000)
    pieces.push(columnsOf(rows.slice(at, at + size), width))
    at += size
  }
  return pieces
}

test.each([
  [1, 1, 3],
  [1, 5_000, 3],
  [3, 3_000, 3],
  [500, 40, 3],
  [20_000, 3, 3],
  [300, 10, 2],
  [300, 10, 4],
  [300, 10, 5],
])('%i series, %i steps, %i columns come out like those of a stable sort', (series, steps, width) => {
  const rows = arriving(series, steps, width)
  const [columns] = order.order([inPieces(rows, width)])
  expect(rowsOf(columns!)).toEqual(sorted(rows))
})

test('rows of one id and instant keep their order', () => {
  const [a, b] = [hash(), hash()]
  const rows = Array.from({ length: 200 }, (_, i): Row => [i % 2 ? a : b, 5n, BigInt(i)])
  expect(rowsOf(order.order([inPieces(rows, 3)])[0]!)).toEqual(sorted(rows))
})

test('ids are unsigned, instants signed, and other columns come through bit by bit', () => {
  const rows: Row[] = [
    [2n ** 64n - 1n, 1n, 0x7ff0_0000_0000_0002n],
    [2n ** 63n, 2n, 2n ** 63n],
    [2n ** 63n - 1n, 3n, 0xfff8_0000_0000_0001n],
    [2n ** 63n, -1n, 0n],
    [0n, 0n, 2n ** 64n - 1n],
  ]
  expect(rowsOf(order.order([[columnsOf(rows, 3)]])[0]!)).toEqual(sorted(rows))
})

test('groups are ordered apart, each with columns of its own', () => {
  const groups = [arriving(50, 20, 3), arriving(700, 3, 4), arriving(2, 2, 2)]
  const ordered = order.order(groups.map((rows) => inPieces(rows, rows[0]!.length)))
  expect(ordered.map(rowsOf)).toEqual(groups.map(sorted))
  expect(order.order([])).toEqual([])
})

test('the same rows in other pieces come out the same', () => {
  const rows = arriving(100, 50, 3)
  const once = rowsOf(order.order([inPieces(rows, 3)])[0]!)
  expect(rowsOf(order.order([inPieces(rows, 3)])[0]!)).toEqual(once)
})

test('ids that are no hashes cost no more than a bounded number of moves, and no row is lost', () => {
  const rows = Array.from({ length: 60_000 }, (_, i): Row => [BigInt(60_000 - i), 0n, BigInt(i)])
  const found = rowsOf(order.order([inPieces(rows, 3)])[0]!)
  expect(found).not.toEqual(sorted(rows))
  expect(found.map((row) => row[2]!).toSorted((a, b) => Number(a - b))).toEqual(rows.map((row) => row[2]))
  expect(found.every(([id, , number]) => id === 60_000n - number!)).toBe(true)
  const few = rows.slice(0, 12)
  expect(rowsOf(order.order([inPieces(few, 3)])[0]!)).toEqual(sorted(few))
})
