import { NinesError } from '@nines/kernel'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { encodeBlock } from '../block/encode-block.ts'
import { mutated, seeded } from '../fast/mutations.fixture.ts'
import { bytes, integer, message } from '../fast/protobuf-writer.fixture.ts'
import { NOW, seriesNamed, writeRequest1, type WrittenSeries } from '../fast/remote-write.fixture.ts'
import { DEFAULT_METRIC_LIMITS, type MetricLimits } from '../metrics/metric-limits.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { MetricMetadata } from './metric-metadata.ts'
import { RemoteWriteRows } from './remote-write-rows.ts'
import { UsualSeries } from './usual-series.ts'
import { WriteRequest1 } from './write-request-1.ts'

const WORKSPACE = 7

/** What becomes of a request, in every way that shows: the block, the answer, the statistics; or the refusal. */
function readWith(usual: UsualSeries | undefined, raw: Buffer, cache: SeriesCache, limits: MetricLimits) {
  const builder = new BlockBuilder(WORKSPACE, NOW)
  const rows = new RemoteWriteRows(builder, cache, NOW, limits)
  const ids: (bigint | null)[] = []
  try {
    const request = new WriteRequest1(raw, rows, new MetricMetadata(), WORKSPACE, usual)
    const { series, families } = request.parts()
    for (const family of families) request.readMetadata(family)
    for (const range of series) {
      request.readSeries({ range, skipSamples: false })
      ids.push(rows.sampleSeries?.id ?? null)
    }
  } catch (error) {
    if (!(error instanceof NinesError)) throw error
    return { refused: error.message }
  }
  const block = encodeBlock(builder.finish()).toString('hex')
  builder.confirm()
  return { block, outcome: rows.outcome(), ids, statistics: cache.statistics(WORKSPACE, NOW) }
}

const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'b', 'job', 'le', 'pod', 'Zone', '9', '10') },
  { weight: 1, arbitrary: fc.constantFrom('', '__proto__', '__name__', 'ü', 'a"', 'x'.repeat(90), 'constructor') },
)
const value = fc.oneof(
  { weight: 12, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }) },
  { weight: 3, arbitrary: fc.integer({ min: 100, max: 500 }).map((size) => 'v'.repeat(size)) },
  { weight: 1, arbitrary: fc.constantFrom('', '\u{1f600}', 'tab\t', 'back\\slash', '\u007f', '\ufffd', 'ÿ') },
)
const at = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: NOW - 60_000, max: NOW }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 1, NOW + 86_400_000, 2 ** 52) },
)
const sample = fc.record({ value: fc.oneof(fc.double(), fc.constant(0x7ff0_0000_0000_0002n)), at })
const metric = fc.constantFrom('up', 'requests_total', 'lag_sum', 'näme', '', 'm'.repeat(85), 'm'.repeat(86))
const written: fc.Arbitrary<WrittenSeries> = fc
  .record({
    metric,
    labels: fc.array(fc.tuple(name, value), { maxLength: 6 }),
    isSorted: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    samples: fc.array(sample, { maxLength: 3 }),
    exemplars: fc.constantFrom<Buffer[]>([], [], [], [bytes(1, 'x')]),
  })
  .map(({ metric, labels, isSorted, samples, exemplars }) => {
    const sorted = isSorted ? [...new Map(labels)].toSorted(([a], [b]) => (a < b ? -1 : 1)) : labels
    return { labels: [['__name__', metric], ...sorted], samples, exemplars }
  })
const limits = fc.constantFrom<MetricLimits>(
  DEFAULT_METRIC_LIMITS,
  { ...DEFAULT_METRIC_LIMITS, maxNewSeriesPerMinute: 2 },
  { ...DEFAULT_METRIC_LIMITS, maxLabels: 3, maxLabelValueBytes: 30 },
)

describe('series of the usual shape', () => {
  const usual = new UsualSeries()

  test('give what the general reader gives of any request', () => {
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 5 }), limits, (series, limits) => {
        const [one, other] = [new SeriesCache(), new SeriesCache()]
        const raw = writeRequest1(series)
        for (let round = 0; round < 2; round++)
          expect(readWith(usual, raw, one, limits)).toEqual(readWith(undefined, raw, other, limits))
      }),
      { numRuns: 2_000 },
    )
  })

  test('give it of bytes that were changed', () => {
    const family = message(3, [bytes(2, 'http_requests'), bytes(4, 'counts'), bytes(5, '1')])
    const bodies = [
      Buffer.concat([family, writeRequest1([seriesNamed('a', [{ value: 1, at: NOW }])])]),
      writeRequest1([seriesNamed('b', [{ value: 2, at: NOW }]), seriesNamed('c', [{ value: 0, at: NOW }])]),
    ]
    const random = seeded(20_261_126)
    let kept = 0
    for (let i = 0; i < 20_000; i++) {
      const raw = mutated(bodies[i % 2]!, bodies[(i + 1) % 2]!, random)
      const [one, other] = [new SeriesCache(), new SeriesCache()]
      const general = readWith(undefined, raw, other, DEFAULT_METRIC_LIMITS)
      expect(readWith(usual, raw, one, DEFAULT_METRIC_LIMITS), raw.toString('hex')).toEqual(general)
      if (general.outcome && general.outcome.accepted > 0) kept++
    }
    expect(kept).toBeGreaterThan(2_000)
  })

  test('are those of nearly all senders, and no others', () => {
    const reads = (raw: Buffer) => {
      const whole = new WriteRequest1(raw, rowsOf(), new MetricMetadata(), WORKSPACE, usual)
      return usual.read(whole.parts().series[0]!, DEFAULT_METRIC_LIMITS)
    }
    const rowsOf = () => new RemoteWriteRows(new BlockBuilder(WORKSPACE, NOW), new SeriesCache(), NOW)
    const samples = [{ value: 1, at: NOW }]
    expect(reads(writeRequest1([seriesNamed('a', samples)]))).toBe(true)
    // Writers of protobuf leave out what is zero.
    const label = message(1, [bytes(1, '__name__'), bytes(2, 'up')])
    expect(reads(message(1, [label, message(2, [integer(2, NOW)])]))).toBe(true)
    expect(reads(writeRequest1([seriesNamed('a', [])]))).toBe(false)
    expect(reads(writeRequest1([seriesNamed('a', samples, { exemplars: [bytes(1, 'x')] })]))).toBe(false)
    expect(reads(writeRequest1([seriesNamed('say "a"', samples)]))).toBe(false)
  })
})
