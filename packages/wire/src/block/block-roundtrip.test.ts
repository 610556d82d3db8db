import { NinesError } from '@nines/kernel'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Block, HistogramRow } from './block.ts'
import { decodeBlock } from './decode-block.ts'
import { countRows, emptyBlock } from './empty-block.ts'
import { BlockBuilder } from './block-builder.ts'
import { encodeBlock, encodeBlockParts } from './encode-block.ts'

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const time = fc.integer({ min: 0, max: 4e12 })
const number = fc.double()
const finite = fc.double({ noDefaultInfinity: true, noNaN: true }).map((n) => n + 0)

const histogram: fc.Arbitrary<HistogramRow> = fc.array(fc.tuple(number, fc.nat()), { maxLength: 6 }).chain((pairs) =>
  fc.record({
    series: u64,
    at: time,
    start: time,
    count: fc.nat(),
    sum: number,
    min: number,
    max: number,
    bounds: fc.constant(pairs.map(([b]) => b)),
    bucketCounts: fc.constant([...pairs.map(([, c]) => c), 3]),
  }),
)

const block: fc.Arbitrary<Block> = fc
  .record({
    workspace: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    receivedAt: time,
    rows: fc.array(fc.tuple(u64, time, time, number), { maxLength: 30 }),
    histograms: fc.array(histogram, { maxLength: 5 }),
    series: fc.array(
      fc.record({
        id: u64.map(String),
        metric: fc.string({ unit: 'binary' }),
        kind: fc.constantFrom('gauge', 'sum', 'histogram'),
        temporality: fc.constantFrom('cumulative', 'delta', 'unspecified'),
        monotonic: fc.boolean(),
        unit: fc.string(),
        description: fc.string(),
        labels: fc.dictionary(
          fc.string().filter((k) => k !== '__proto__'),
          fc.string({ unit: 'grapheme' }),
        ),
      }),
      { maxLength: 3 },
    ),
    slices: fc.array(
      fc.record({
        sloId: fc.string(),
        version: fc.nat(),
        minute: time,
        good: finite,
        total: finite,
        expected: fc.nat(),
        revision: fc.nat(),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ rows, ...rest }) => ({
    ...(rest as unknown as Block),
    checkRuns: [],
    samples: {
      series: BigUint64Array.from(rows, (r) => r[0]),
      at: Float64Array.from(rows, (r) => r[1]),
      start: Float64Array.from(rows, (r) => r[2]),
      value: Float64Array.from(rows, (r) => r[3]),
    },
  }))

const normal = (b: Block) => JSON.parse(JSON.stringify({ series: b.series, checkRuns: b.checkRuns, slices: b.slices }))

describe('encodeBlock and decodeBlock', () => {
  test('lay streams where typed arrays can look at them in place, whatever the names of columns', () => {
    for (let i = 0; i < 5; i++) {
      const builder = new BlockBuilder(1, 1, {})
      builder.addSamples({
        count: 10 ** i % 9_973,
        series: new BigUint64Array(10_000),
        at: new BigInt64Array(10_000),
        start: null,
        value: new Float64Array(10_000),
      })
      const bytes = encodeBlock(builder.finish())
      const { columns } = decodeBlock(bytes).tables.get('samples')!
      for (const { streams } of columns) expect((streams[0]!.byteOffset - bytes.byteOffset) % 8).toBe(0)
    }
  })

  test('long columns are handed over where they lie, between what is copied', () => {
    for (const rows of [1, 1_023, 1_024, 50_000]) {
      const builder = new BlockBuilder(1, 1, {})
      const numbers = BigUint64Array.from({ length: rows }, (_, i) => BigInt(i) << 32n)
      const samples = { series: numbers, at: new BigInt64Array(numbers), start: null, value: new Float64Array(rows) }
      builder.addSamples({ count: rows, ...samples })
      const built = builder.finish()
      const parts = encodeBlockParts(built)
      const columns = built.tables.get('samples')!.columns.flatMap(({ streams }) => streams)
      expect(columns.filter((column) => parts.includes(column)).length).toBe(rows < 1_024 ? 0 : 3)
      expect([...decodeBlock(Buffer.concat(parts)).samples.series]).toEqual([...numbers])
    }
  })

  test('are inverse, also at an unaligned place in a bigger buffer', () => {
    fc.assert(
      fc.property(block, fc.integer({ min: 0, max: 9 }), (original, shift) => {
        const bytes = encodeBlock(original)
        const moved = Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift)
        const decoded = decodeBlock(moved)
        expect(decoded.samples).toEqual(original.samples)
        expect(decoded.histograms).toEqual(original.histograms)
        expect(normal(decoded)).toEqual(normal(original))
        expect([decoded.workspace, decoded.receivedAt]).toEqual([original.workspace, original.receivedAt])
        expect(encodeBlock(decoded)).toEqual(bytes)
        expect(countRows(decoded)).toBe(countRows(original))
      }),
    )
  })

  test('a changed, cut or lengthened block is refused', () => {
    fc.assert(
      fc.property(block, fc.nat(), fc.integer({ min: 1, max: 255 }), (original, position, flip) => {
        const bytes = encodeBlock(original)
        const at = position % bytes.length
        const changed = Buffer.from(bytes)
        changed[at]! ^= flip
        expect(() => decodeBlock(changed)).toThrow(NinesError)
        expect(() => decodeBlock(bytes.subarray(0, at))).toThrow(NinesError)
        expect(() => decodeBlock(Buffer.concat([bytes, Buffer.from([flip])]))).toThrow(NinesError)
      }),
    )
  })

  test('any other bytes are refused with a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
        expect(() => decodeBlock(Buffer.from(garbage))).toThrow(/^not a readable block: /)
      }),
    )
    expect(() => decodeBlock(Buffer.alloc(64))).toThrow(/magic/)
  })

  test('a block whose columns do not fit together is not encoded', () => {
    const crooked = emptyBlock(1)
    crooked.samples.at = new Float64Array(1)
    expect(() => encodeBlock(crooked)).toThrow(/different lengths/)
    expect(() => encodeBlock(emptyBlock(-1))).toThrow(/workspace -1/)
  })
})
