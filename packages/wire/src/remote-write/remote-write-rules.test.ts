import { describe, expect, test } from 'vitest'
import { rowsOf } from '../block/table-test-rows.ts'
import { isStaleAt, STALE_MARKER } from '../metrics/stale-marker.ts'
import { bytes, joinFields, inOrder, packedVarints, varintField } from '../otlp/protobuf-test-writer.ts'
import { MetricMetadata } from './metric-metadata.ts'
import { bitsOf, metadata1, toVersion1, toVersion2, type TestSeries } from './remote-write-test-messages.ts'
import { NOW, readBytes1, readBytes2, VERSIONS } from './remote-write-test-read.ts'

const sample = (value = 1, at = NOW) => ({ at, bits: bitsOf(value) })
const named = (...labels: [string, string][]): [string, string][] => [['__name__', 'm'], ...labels]
const good: TestSeries = { labels: [['__name__', 'good']], samples: [sample(5)] }

/** https://prometheus.io/docs/specs/prw/: what a sender must keep to and how a receiver answers where it does not. */
describe.each(VERSIONS)('remote write $version', ({ read }) => {
  test('the complete set of labels MUST be sent with each sample: they are the series, without __name__', () => {
    const { block } = read([{ labels: named(['job', 'a'], ['zone', 'ü']), samples: [sample()] }])
    expect(block.series).toMatchObject([{ metric: 'm', labels: { job: 'a', zone: 'ü' } }])
  })

  test('timestamps MUST be int64 milliseconds, values float64', () => {
    const { block } = read([{ labels: named(), samples: [sample(0.1, NOW - 1), sample(-0, NOW)] }])
    expect([...block.samples.at]).toEqual([NOW - 1, NOW])
    expect([...block.samples.value]).toEqual([0.1, -0])
  })

  test.each([
    [
      'the label set MUST NOT contain repeated label names',
      named(['a', '1'], ['a', '2']),
      /the label "a" stands twice/,
    ],
    ['the label set MUST NOT contain empty label names', named(['', '1']), /a label has an empty name/],
    ['the label set SHOULD contain __name__, without which there is no series', [['job', 'a']], /has no __name__/],
    ['an empty __name__ is none', [['__name__', '']], /has no __name__/],
    ['limits hold for the number of labels', named(...many(129)), /129 labels, at most 128/],
    ['limits hold for the length of a value', named(['k', 'v'.repeat(4_097)]), /value of label "k" is longer/],
    ['limits hold for the length of a name', [['__name__', 'n'.repeat(257)]], /name is longer than 256 bytes/],
  ] as [string, [string, string][], RegExp][])('%s: that series is refused, the rest written', (_, labels, reason) => {
    const exemplar = { labels: [] as [string, string][], at: NOW, value: 1 }
    const bad: TestSeries = { labels, samples: [sample(), sample()], exemplars: [exemplar] }
    const { block, written, accepted, rejected, message } = read([bad, good])
    expect([...block.samples.value]).toEqual([5])
    expect({ written, accepted, rejected }).toEqual({
      written: { samples: 1, histograms: 0, exemplars: 0 },
      accepted: 1,
      rejected: 3,
    })
    expect(message).toMatch(reason)
  })

  test('the label set MUST NOT contain empty values: they say the same as no label', () => {
    const { block, rejected } = read([
      { labels: named(['a', ''], ['b', '1']), samples: [sample()] },
      { labels: named(['b', '1']), samples: [sample()] },
    ])
    expect(rejected).toBe(0)
    expect(new Set(block.samples.series).size).toBe(1)
  })

  test('the label set MUST have names in lexicographical order: in another order it is the same series', () => {
    const { block, rejected } = read([
      {
        labels: [
          ['b', '1'],
          ['__name__', 'm'],
          ['a', '2'],
        ],
        samples: [sample()],
      },
      { labels: named(['a', '2'], ['b', '1']), samples: [sample()] },
    ])
    expect(rejected).toBe(0)
    expect(new Set(block.samples.series).size).toBe(1)
  })

  test('stale markers MUST be signalled by 0x7ff0000000000002: kept to the bit', () => {
    const { block } = read([{ labels: named(), samples: [{ at: NOW, bits: STALE_MARKER }] }])
    expect(isStaleAt(block.samples.value, 0)).toBe(true)
    expect(new BigUint64Array(block.samples.value.buffer)[0]).toBe(STALE_MARKER)
  })

  test('every other float64 is a value, NaN and infinities too', () => {
    const bits = [0x7ff8_0000_0000_0001n, bitsOf(Infinity), bitsOf(-Infinity), 0xfff8_0000_0000_0123n]
    const { block, rejected } = read([{ labels: named(), samples: bits.map((b) => ({ at: NOW, bits: b })) }])
    expect(rejected).toBe(0)
    expect([...new BigUint64Array(block.samples.value.buffer)]).toEqual(bits)
    expect(bits.some((_, i) => isStaleAt(block.samples.value, i))).toBe(false)
  })

  test.each([
    [0, 'has no time'],
    [NOW - 400 * 86_400_000 - 1, 'older than 400 days'],
    [NOW + 600_001, 'more than 10 minutes in the future'],
    [-5, 'older than 400 days'],
  ])('samples of the time %i are invalid, those beside them are written', (at, reason) => {
    const { block, written, message } = read([{ labels: named(), samples: [sample(1, at), sample(2)] }])
    expect([...block.samples.value]).toEqual([2])
    expect(written.samples).toBe(1)
    expect(message).toBe(`metric "m": a point ${reason === 'has no time' ? '' : 'is '}${reason} (1 sample)`)
  })

  test.each(['http_requests_total', 'x_count', 'x_sum', 'x_bucket'])(
    'a series %s of unspecified type is a running total',
    (name) => {
      const { block } = read([{ labels: [['__name__', name]], samples: [sample()] }])
      expect(block.series).toMatchObject([{ kind: 'sum', temporality: 'cumulative', monotonic: true }])
    },
  )

  test('any other series of unspecified type is a gauge', () => {
    const { block } = read([{ labels: [['__name__', 'total_memory']], samples: [sample()] }])
    expect(block.series).toMatchObject([{ kind: 'gauge', temporality: 'unspecified', monotonic: false }])
  })

  test('exemplars are kept with their trace, which is no label', () => {
    const traceId = '0AF7651916CD43DD8448EB211C80319C'
    const exemplar = {
      labels: [
        ['trace_id', traceId],
        ['span_id', 'x'],
        ['user', 'u'],
      ],
      at: NOW - 5,
      value: 0.3,
    }
    const series = { labels: named(), samples: [sample()], exemplars: [exemplar] } as TestSeries
    const { block, written } = read([series])
    expect(written.exemplars).toBe(1)
    expect(rowsOf(block.tables.get('exemplars'))).toEqual([
      {
        series: BigInt.asIntN(64, block.samples.series[0]!),
        at: BigInt(NOW - 5),
        value: 0.3,
        trace_id: traceId.toLowerCase(),
        span_id: '0000000000000000',
        labels: [
          ['span_id', 'x'],
          ['user', 'u'],
        ],
      },
    ])
  })

  test('each exemplar MUST contain a timestamp: one without is refused alone', () => {
    const exemplar = (at: number) => ({ labels: [] as [string, string][], at, value: 1 })
    const { written, message } = read([
      { labels: named(), samples: [sample()], exemplars: [exemplar(0), exemplar(NOW)] },
    ])
    expect(written).toEqual({ samples: 1, histograms: 0, exemplars: 1 })
    expect(message).toBe('metric "m": an exemplar has no time (1 exemplar)')
  })

  test('exemplars in a message of their own, as Prometheus sends them, belong to the same series', () => {
    const labels: [string, string][] = [['__name__', 'x_total']]
    const exemplars = [{ labels: [] as [string, string][], at: NOW, value: 1 }]
    const { block } = read([
      { labels, samples: [sample()] },
      { labels, exemplars },
    ])
    const [exemplar] = rowsOf(block.tables.get('exemplars'))
    expect(exemplar!['series']).toBe(BigInt.asIntN(64, block.samples.series[0]!))
  })

  test('a request without series is valid', () => {
    expect(read([])).toMatchObject({ accepted: 0, rejected: 0, message: '' })
  })
})

describe('remote write 1.0', () => {
  test('metadata, which comes in messages of its own, describes the series announced after it', () => {
    const metadata = new MetricMetadata()
    readBytes1(metadata1('h', 'How long.', 'seconds'), { metadata })
    const described = (name: string) => {
      const { block } = readBytes1(toVersion1([{ labels: [['__name__', name]], samples: [sample()] }]), { metadata })
      return [block.series[0]!.unit, block.series[0]!.description]
    }
    expect(described('h_bucket')).toEqual(['seconds', 'How long.'])
    expect(described('h')).toEqual(['seconds', 'How long.'])
    expect(described('h_other')).toEqual(['', ''])
  })

  test('label values MAY be any sequence of UTF-8; what is none is refused', () => {
    const label = (value: Buffer) => bytes(1, joinFields([bytes(1, Buffer.from('k')), bytes(2, value)], inOrder))
    const name = bytes(1, joinFields([bytes(1, Buffer.from('__name__')), bytes(2, Buffer.from('m'))], inOrder))
    const point = bytes(2, joinFields([varintField(2, BigInt(NOW))], inOrder))
    const request = (value: Buffer) => joinFields([bytes(1, joinFields([name, label(value), point], inOrder))], inOrder)
    expect(readBytes1(request(Buffer.from('�')))).toMatchObject({ accepted: 1, rejected: 0 })
    const { rejected, message } = readBytes1(request(Buffer.from([0x61, 0xff])))
    expect([rejected, message]).toEqual([1, 'metric "m": a label is not valid UTF-8 (1 sample)'])
  })
})

describe('remote write 2.0', () => {
  const request = (fields: [number: number, Buffer][]) => joinFields(fields, inOrder)
  const symbols = (...texts: string[]) => texts.map((text) => bytes(4, Buffer.from(text)))
  const point = bytes(2, joinFields([varintField(2, BigInt(NOW))], inOrder))
  const series = (...refs: bigint[]) => bytes(5, joinFields([...packedVarints(1, refs), point], inOrder))

  test('the first element of the symbols table MUST be an empty string: else the request is refused', () => {
    expect(() => readBytes2(request([...symbols('__name__', 'm'), series(0n, 1n)]))).toThrow(/first of the symbols/)
  })

  test('the symbols table MUST be provided', () => {
    expect(() => readBytes2(request([series()]))).toThrow(/first of the symbols/)
  })

  test('references MUST point to an existing index: a series with others is refused, the rest written', () => {
    const { written, message } = readBytes2(request([...symbols('', '__name__', 'm'), series(1n, 3n), series(1n, 2n)]))
    expect(written.samples).toBe(1)
    expect(message).toMatch(/labels_refs points to symbol 3 of 3 \(1 sample\)/)
  })

  test("labels_refs' length is always a multiple of two: a series with an odd one is refused", () => {
    const { written, message } = readBytes2(request([...symbols('', '__name__', 'm'), series(1n), series(1n, 2n)]))
    expect(written.samples).toBe(1)
    expect(message).toMatch(/labels_refs has 1 items, which are no pairs/)
  })

  test('labels_refs MUST be provided', () => {
    expect(readBytes2(request([...symbols(''), series()]))).toMatchObject({ accepted: 0, rejected: 1 })
  })

  test('references of metadata MUST point to an existing index', () => {
    const metadata = bytes(5, joinFields([varintField(3, 9n)], inOrder))
    const refs = packedVarints(1, [1n, 2n])
    const one = bytes(5, joinFields([...refs, point, metadata], inOrder))
    const { rejected, message } = readBytes2(request([...symbols('', '__name__', 'm'), one]))
    expect([rejected, message]).toEqual([1, expect.stringMatching(/metadata points to a symbol that does not exist/)])
  })

  test('references may stand one by one instead of packed', () => {
    const one = bytes(5, joinFields([varintField(1, 1n), varintField(1, 2n), point], inOrder))
    expect(readBytes2(request([...symbols('', '__name__', 'm'), one])).accepted).toBe(1)
  })

  test('names and values MUST be UTF-8', () => {
    const bad = bytes(4, Buffer.from([0xc3, 0x28]))
    const { rejected, message } = readBytes2(
      request([...symbols('', '__name__', 'm', 'k'), bad, series(1n, 2n, 3n, 4n)]),
    )
    expect([rejected, message]).toEqual([1, 'metric "m": a label is not valid UTF-8 (1 sample)'])
  })

  test('a TimeSeries with both samples and histograms loses neither', () => {
    const histogram = { at: NOW, count: 0, sum: 0, schema: 0 }
    const { written } = readBytes2(toVersion2([{ labels: named(), samples: [sample()], histograms: [histogram] }]))
    expect(written).toEqual({ samples: 1, histograms: 1, exemplars: 0 })
  })

  test('metadata gives unit and description', () => {
    const { block } = readBytes2(toVersion2([{ ...good, type: 2, unit: 'seconds', help: 'How long.' }]))
    expect(block.series).toMatchObject([{ unit: 'seconds', description: 'How long.', kind: 'gauge' }])
  })

  test.each([
    ['COUNTER', 1, 'anything', 'sum'],
    ['GAUGE', 2, 'items_total', 'gauge'],
    ['HISTOGRAM', 3, 'h_bucket', 'sum'],
    ['HISTOGRAM', 3, 'h_count', 'sum'],
    ['GAUGEHISTOGRAM', 4, 'h_bucket', 'gauge'],
    ['SUMMARY', 5, 's', 'gauge'],
    ['SUMMARY', 5, 's_sum', 'sum'],
    ['INFO', 6, 'build_info', 'gauge'],
    ['STATESET', 7, 'state', 'gauge'],
    ['a type of the future', 8, 'x_total', 'gauge'],
  ])('a series of type %s (%i) named %s is a %s', (_, type, name, kind) => {
    const { block } = readBytes2(toVersion2([{ labels: [['__name__', name]], samples: [sample()], type }]))
    expect(block.series).toMatchObject([{ kind, temporality: kind === 'sum' ? 'cumulative' : 'unspecified' }])
  })

  test('start timestamps are kept; the 0 value MUST be treated as unset', () => {
    const starts = [NOW - 60_000, 0, -1, NOW + 1]
    const samples = starts.map((start) => ({ ...sample(), start }))
    const { block } = readBytes2(toVersion2([{ labels: named(), samples, type: 1 }]))
    expect([...block.samples.start]).toEqual([NOW - 60_000, 0, 0, 0])
  })

  test("created timestamps of the specification's earlier drafts are starts as well", () => {
    const refs = packedVarints(1, [1n, 2n])
    const own = bytes(2, joinFields([varintField(2, BigInt(NOW)), varintField(3, BigInt(NOW - 7))], inOrder))
    const one = bytes(5, joinFields([...refs, point, own, varintField(6, BigInt(NOW - 9))], inOrder))
    const { block } = readBytes2(request([...symbols('', '__name__', 'm'), one]))
    expect([...block.samples.start]).toEqual([NOW - 9, NOW - 7])
  })

  test('a request of version 1.0 is read as an empty one, as the reserved fields make it', () => {
    expect(readBytes2(toVersion1([good]))).toMatchObject({ accepted: 0, rejected: 0 })
  })
})

function many(count: number): [string, string][] {
  return Array.from({ length: count }, (_, i) => [`k${i}`, 'v'])
}
