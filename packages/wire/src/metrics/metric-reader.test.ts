import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import type { TableBlock } from '../block/table-block.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import { loadDecoder } from '../fast/load-decoder.ts'
import { MetricDecoder } from '../fast/metric-decoder.ts'
import { TEST_NOW } from '../otlp/otlp-test-messages.ts'
import { toProtobuf } from '../otlp/otlp-test-protobuf.ts'
import { testRequest } from '../otlp/otlp-test-request.ts'
import { testSeries } from '../remote-write/remote-write-test-series.ts'
import { toVersion1, toVersion2 } from '../remote-write/remote-write-test-messages.ts'
import { NOW } from '../remote-write/remote-write-test-read.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { DEFAULT_METRIC_LIMITS } from './metric-limits.ts'
import { MetricReader, type MetricTarget } from './metric-reader.ts'

const module = await loadDecoder()
const newDecoder = () => new MetricDecoder(module, { seriesLimit: 64 })
const fastReader = (decoder = newDecoder()) => new MetricReader({ cache: new SeriesCache(), decoder })
const MAX = 1_000_000
type Read = (reader: MetricReader, body: Buffer, target: MetricTarget) => ReturnType<MetricReader['otlpProtobuf']>

function run(read: Read, reader: MetricReader, body: Buffer, now: number, limits = DEFAULT_METRIC_LIMITS) {
  const builder = new BlockBuilder(7, now)
  const outcome = read(reader, body, { builder, now, limits, plainBytes: MAX })
  const block = builder.finish()
  builder.confirm()
  return { outcome, block }
}

/** All rows but definitions, in an order of their own: the fast path puts the rows that it reads first. */
function sortedRows(block: TableBlock): Record<string, string[]> {
  const tables = [...block.tables.values()].filter(({ name }) => name !== 'series')
  return Object.fromEntries(
    tables.map((table) => {
      // Blocks without any start leave the column out.
      const rows = rowsOf(table).map((row, i) => ({ start: 0n, ...row, bits: bitsAt(block, table.name, i) }))
      return [table.name, rows.map((row) => JSON.stringify(row, textOf)).sort()]
    }),
  )
}

function bitsAt(block: TableBlock, table: string, i: number): string {
  return table === 'samples' ? String(new BigUint64Array(block.samples.value.buffer)[i]) : ''
}

function textOf(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

/** Snappy's block format with nothing compressed: a varint of the length, then literals. */
function snappy(raw: Buffer): Buffer {
  const size: number[] = []
  let rest = raw.length
  for (; rest >= 128; rest >>>= 7) size.push((rest & 127) | 128)
  const literals: Buffer[] = [Buffer.from([...size, rest])]
  for (let at = 0; at < raw.length; at += 65_536) {
    const part = raw.subarray(at, at + 65_536)
    literals.push(Buffer.from([61 << 2, (part.length - 1) & 255, (part.length - 1) >> 8]), part)
  }
  return Buffer.concat(literals)
}

const formats: { format: string; requests: fc.Arbitrary<Buffer[]>; read: Read; now: number }[] = [
  {
    format: 'OTLP protobuf',
    requests: fc.array(
      testRequest.map((request) => toProtobuf(request)),
      { minLength: 1, maxLength: 3 },
    ),
    read: (reader, body, target) => reader.otlpProtobuf(body, target),
    now: TEST_NOW,
  },
  {
    format: 'remote write 1.0',
    requests: fc.array(
      testSeries.map((all) => snappy(toVersion1(all))),
      { minLength: 1, maxLength: 3 },
    ),
    read: (reader, body, target) => reader.remoteWrite1(body, target),
    now: NOW,
  },
  {
    format: 'remote write 2.0',
    requests: fc.array(
      testSeries.map((all) => snappy(toVersion2(all))),
      { minLength: 1, maxLength: 3 },
    ),
    read: (reader, body, target) => reader.remoteWrite2(body, target),
    now: NOW,
  },
]

describe.each(formats)('$format with known series read fast', { timeout: 600_000 }, ({ requests, read, now }) => {
  const numRuns = Number(process.env['NINES_FUZZ_ITERATIONS'] ?? 200)

  test('gives the rows and the outcome that it gives without', () => {
    let learnt = 0
    fc.assert(
      fc.property(requests, (bodies) => {
        const decoder = newDecoder()
        const [fast, slow] = [fastReader(decoder), new MetricReader({ cache: new SeriesCache() })]
        for (const body of [...bodies, ...bodies, ...bodies]) {
          const [one, other] = [run(read, fast, body, now), run(read, slow, body, now)]
          expect(sortedRows(one.block)).toEqual(sortedRows(other.block))
          expect({ ...one.outcome, message: '' }).toEqual({ ...other.outcome, message: '' })
          expect(one.outcome.message.split('; ').sort()).toEqual(other.outcome.message.split('; ').sort())
        }
        learnt += decoder.known
      }),
      { numRuns },
    )
    // The fast path must have had something to read.
    expect(learnt).toBeGreaterThan(numRuns / 4)
  })
})

describe('a series that is read fast', () => {
  const [, , { read, now }] = formats as [unknown, unknown, (typeof formats)[number]]
  const body = (at = now) => snappy(toVersion2([{ labels: [['__name__', 'x_total']], samples: [{ at, bits: 1n }] }]))

  test('was announced in a block that is in the stream, and is announced again within 75 minutes', () => {
    const reader = fastReader()
    const lost = new BlockBuilder(7, now)
    read(reader, body(), { builder: lost, now, plainBytes: MAX })
    expect(lost.finish().series.length).toBe(1)
    let announced = 0
    for (let minute = 0; minute <= 150; minute++) {
      const at = now + minute * 60_000
      const { block } = run(read, reader, body(at), at)
      expect(block.samples.value.length).toBe(1)
      announced += block.series.length
    }
    // At the start, within 75 minutes, and within another 75.
    expect(announced).toBeGreaterThanOrEqual(3)
    expect(announced).toBeLessThanOrEqual(4)
  })

  test('obeys the window of its workspace, though the decoder takes more', () => {
    const reader = fastReader()
    run(read, reader, body(), now)
    const limits = { ...DEFAULT_METRIC_LIMITS, maxPastSeconds: 3_600 }
    const { outcome } = run(read, reader, body(now - 3_600_001), now, limits)
    expect(outcome).toMatchObject({ accepted: 0, rejected: 1, message: expect.stringContaining('older than 1 hour') })
  })
})
