import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messageOf } from '@nines/kernel'
import { BlockBuilder } from '../block/block-builder.ts'
import type { TableBlock } from '../block/table-block.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import { metricsFromProtobuf, metricsFromProtobufParts } from '../otlp/metrics-from-protobuf.ts'
import { MetricsNormaliser } from '../otlp/metrics-normaliser.ts'
import { TEST_NOW } from '../otlp/otlp-test-messages.ts'
import { toProtobuf } from '../otlp/otlp-test-protobuf.ts'
import { testRequest } from '../otlp/otlp-test-request.ts'
import { mixedOrder } from '../otlp/protobuf-test-writer.ts'
import { MetricMetadata } from '../remote-write/metric-metadata.ts'
import { RemoteWriteRows } from '../remote-write/remote-write-rows.ts'
import { readWriteRequest1, WriteRequest1 } from '../remote-write/write-request-1.ts'
import { readWriteRequest2, WriteRequest2 } from '../remote-write/write-request-2.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { missesOf } from './decoding.fixture.ts'
import { loadDecoder } from './load-decoder.ts'
import { MetricDecoder, type FastRows } from './metric-decoder.ts'
import { MissKind, type Miss } from './miss.ts'
import { mutated, seeded } from './mutations.fixture.ts'
import { attribute, gauge, point, request, sum } from './otlp.fixture.ts'
import { bytes, integer } from './protobuf-writer.fixture.ts'
import { seriesNamed, stored, writeRequest1, writeRequest2, type WrittenSeries } from './remote-write.fixture.ts'

const WORKSPACE = 7
const MAX_BYTES = 10_000_000
const decoder = new MetricDecoder(await loadDecoder())
const cache = new SeriesCache()
const metadata = new MetricMetadata()

/** How TypeScript reads a format: a whole body, or the misses of one. */
interface Reader {
  fast: (body: Buffer) => FastRows | null
  whole: (raw: Buffer, builder: BlockBuilder) => object
  misses: (raw: Buffer, misses: Miss[], builder: BlockBuilder) => object
}

const remoteWrite = (builder: BlockBuilder) => new RemoteWriteRows(builder, cache, TEST_NOW)
const part = ({ kind, message }: Miss) => ({ range: message, skipSamples: kind === MissKind.extras })

const READERS = {
  otlp: {
    fast: (body) => decoder.otlp(body, WORKSPACE, TEST_NOW),
    whole: (raw, builder) => {
      const normaliser = new MetricsNormaliser(builder, cache, TEST_NOW)
      metricsFromProtobuf(raw, normaliser)
      return normaliser.outcome()
    },
    misses: (raw, misses, builder) => {
      const normaliser = new MetricsNormaliser(builder, cache, TEST_NOW)
      const parts = misses.map((miss) => ({ ...miss, point: miss.kind === MissKind.metric ? null : miss.message }))
      metricsFromProtobufParts(raw, parts, normaliser)
      return normaliser.outcome()
    },
  },
  remoteWrite1: {
    fast: (body) => decoder.remoteWrite1(stored(body), WORKSPACE, TEST_NOW, MAX_BYTES),
    whole: (raw, builder) => {
      const rows = remoteWrite(builder)
      readWriteRequest1(raw, rows, metadata, WORKSPACE)
      return rows.outcome()
    },
    misses: (raw, misses, builder) => {
      const rows = remoteWrite(builder)
      const request = new WriteRequest1(raw, rows, metadata, WORKSPACE)
      for (const miss of misses) if (miss.kind === MissKind.metadata) request.readMetadata(miss.message)
      for (const miss of misses) if (miss.kind !== MissKind.metadata) request.readSeries(part(miss))
      return rows.outcome()
    },
  },
  remoteWrite2: {
    fast: (body) => decoder.remoteWrite2(stored(body), WORKSPACE, TEST_NOW, MAX_BYTES),
    whole: (raw, builder) => {
      const rows = remoteWrite(builder)
      readWriteRequest2(raw, rows)
      return rows.outcome()
    },
    misses: (raw, misses, builder) => {
      const rows = remoteWrite(builder)
      const request = new WriteRequest2(raw, rows)
      for (const miss of misses) request.readSeries(part(miss))
      return rows.outcome()
    },
  },
} satisfies Record<string, Reader>

interface Result {
  /** Rows of every table but the definitions, as texts in order. */
  rows: Record<string, string[]>
  accepted: number
  rejected: number
  refused: string
}

const SERIES = 'series'

function resultOf(block: TableBlock, outcome: object): Result {
  const text = (row: object) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  const tables = [...block.tables.values()].filter(({ name }) => name !== SERIES)
  // Values as bits: text knows one NaN only.
  const rows = Object.fromEntries(
    tables.map((table) => {
      const value = table.columns.find(({ name, type }) => name === 'value' && type === 'Float64')?.streams[0]
      const texts = rowsOf(table).map((row, i) =>
        text({ start: '0', ...row, value: value?.readBigUInt64LE(i * 8), place: undefined }),
      )
      return [table.name, texts.sort()]
    }),
  )
  const { accepted, rejected } = outcome as { accepted: number; rejected: number }
  return { rows, accepted, rejected, refused: '' }
}

function attempt(read: (builder: BlockBuilder) => object): Result {
  const builder = new BlockBuilder(WORKSPACE, TEST_NOW)
  try {
    const outcome = read(builder)
    return resultOf(builder.finish(), outcome)
  } catch (error) {
    return { rows: {}, accepted: 0, rejected: 0, refused: messageOf(error) }
  }
}

/** Reads fast and the misses by TypeScript; also says how many rows were read fast, -1 when none could be. */
function readBoth(reader: Reader, raw: Buffer): [both: Result, whole: Result, fast: number] {
  const whole = attempt((builder) => reader.whole(raw, builder))
  const rows = reader.fast(raw)
  if (!rows) return [whole, whole, -1]
  const both = attempt((builder) => {
    builder.addSamples(rows)
    const outcome = reader.misses(raw, missesOf(rows), builder) as { accepted: number }
    return { ...outcome, accepted: outcome.accepted + rows.count }
  })
  return [both, whole, rows.count]
}

/** Teaches the decoder every series of a body, each by reading its miss alone. */
function learn(reader: Reader, raw: Buffer): void {
  for (const miss of missesOf(reader.fast(raw) ?? ({ misses: new Uint32Array(), missCount: 0 } as FastRows))) {
    if (miss.kind !== MissKind.series) continue
    const builder = new BlockBuilder(WORKSPACE, TEST_NOW)
    const isRead = attempt(() => reader.misses(raw, [miss], builder)).refused === ''
    const samples = isRead ? builder.finish().tables.get('samples') : undefined
    const series = samples?.columns.find(({ name }) => name === 'series')?.streams[0]
    if (series) decoder.learn(miss.key, series.readBigUInt64LE(0), TEST_NOW / 60_000)
  }
}

const at = TEST_NOW
const exemplars = [Buffer.concat([bytes(1, Buffer.concat([bytes(1, 'trace_id'), bytes(2, 'abc')])), integer(3, at)])]
const series: WrittenSeries[] = [
  seriesNamed('a', [{ value: 1, at }], { type: 1 }),
  seriesNamed('b', [
    { value: 0x7ff0000000000002n, at: at - 15_000, start: at - 99 },
    { value: 2, at, start: at + 1 },
  ]),
  seriesNamed('c', [{ value: 3, at }], { exemplars, created: at - 5 }),
  seriesNamed('d', [{ value: 0xfff8dead_beef0001n, at }], { created: at + 5 }),
  {
    labels: Array.from({ length: 40 }, (_, i) => [i === 0 ? '__name__' : `l${i}`, `v${i}`]),
    samples: [{ value: -0, at }],
  },
]

const points = [
  point({ value: 1.5, at }),
  point({ at, int: 5n, start: at - 10, attributes: [attribute('k', 'v'.repeat(50))] }),
]

/** Two of each format, the first with 6 rows. */
const BODIES: Record<keyof typeof READERS, [Buffer, Buffer]> = {
  otlp: [
    request([gauge('cpu', points), sum('requests', points, 2, true), sum('bytes', points, 1, false)]),
    request([gauge('cpu', points)], { resource: Buffer.alloc(0) }),
  ],
  remoteWrite1: [writeRequest1(series), writeRequest1(series.slice(1, 3).toReversed())],
  remoteWrite2: [writeRequest2(series), writeRequest2(series.slice(1, 3).toReversed())],
}

describe('what is read fast together with the misses read by TypeScript', { timeout: 120_000 }, () => {
  test('OTLP: is what TypeScript reads alone, before and after the series are known', () => {
    let fastRows = 0
    fc.assert(
      fc.property(testRequest, fc.nat(), (request, seed) => {
        const raw = toProtobuf(request, seed % 2 === 0 ? undefined : mixedOrder(seed))
        const [before, whole] = readBoth(READERS.otlp, raw)
        expect(before).toEqual(whole)
        learn(READERS.otlp, raw)
        const [after, again, fast] = readBoth(READERS.otlp, raw)
        expect(after).toEqual(again)
        fastRows += Math.max(0, fast)
      }),
      { numRuns: 200 },
    )
    expect(fastRows).toBeGreaterThan(20)
  })

  test.each(['otlp', 'remoteWrite1', 'remoteWrite2'] as const)(
    '%s: is what TypeScript reads alone of changed bodies',
    (name) => {
      const reader = READERS[name]
      const bodies = BODIES[name]
      const random = seeded(4_711)
      let [fastRows, refused] = [0, 0]
      for (const body of bodies) {
        const [before, whole] = readBoth(reader, body)
        expect(before).toEqual(whole)
        learn(reader, body)
      }
      for (let i = 0; i < 5_000; i++) {
        const raw = i < 2 ? bodies[i]! : mutated(bodies[i % 2]!, bodies[random(2)]!, random)
        const [both, whole, fast] = readBoth(reader, raw)
        if (JSON.stringify(both) !== JSON.stringify(whole)) expect(both, raw.toString('hex')).toEqual(whole)
        fastRows += Math.max(0, fast)
        if (whole.refused) refused++
        if (i === 0) expect(fast).toBe(6)
      }
      expect(fastRows).toBeGreaterThan(1_000)
      expect(refused).toBeGreaterThan(500)
    },
  )
})
