import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { beforeEach, describe, expect, test } from 'vitest'
import { kindsOf, learnAll, missesOf, rowsOf } from './decoding.fixture.ts'
import { loadDecoder } from './load-decoder.ts'
import { MetricDecoder, type FastRows } from './metric-decoder.ts'
import { MissKind } from './miss.ts'
import { attribute, gauge, metricFields, METRICS_ORDER, point, request, sum } from './otlp.fixture.ts'
import { bitsOf, bytes, double, fixed64, integer, message, permutations, UNKNOWN } from './protobuf-writer.fixture.ts'
import { NOW } from './remote-write.fixture.ts'

const WORKSPACE = 7

const module = await loadDecoder()
let decoder: MetricDecoder

beforeEach(() => {
  decoder = new MetricDecoder(module)
})

const readBody = (body: Buffer, workspace = WORKSPACE) => decoder.otlp(body, workspace, NOW)

function read(body: Buffer, workspace = WORKSPACE): FastRows {
  const rows = readBody(body, workspace)
  expect(rows).not.toBeNull()
  return rows!
}

const nanos = (ms: number) => BigInt(ms) * 1_000_000n

describe('OTLP metrics', () => {
  test('a point is a miss until its series is learnt, then it is a row', () => {
    const points = [point({ value: 1.5 }), point({ value: -2, attributes: [attribute('k', 'v')] })]
    const body = request([gauge('cpu', points), sum('requests', [point({ int: -3n, start: NOW - 10 })], 2, true)])
    const first = read(body)
    expect(first.count).toBe(0)
    expect(kindsOf(first)).toEqual([MissKind.series, MissKind.series, MissKind.series])
    const miss = missesOf(first)[1]!
    const content = ({ start, end }: { start: number; end: number }) => body.subarray(start, end)
    expect(decoder.rawBytes()).toBe(body)
    expect(message(1, [content(miss.message)])).toEqual(points[1])
    expect(message(2, [content(miss.metric)])).toEqual(gauge('cpu', points))
    expect(content(miss.scopeMetrics).includes(content(miss.metric))).toBe(true)
    expect(message(1, [content(miss.resourceMetrics)])).toEqual(body)
    learnAll(decoder, first, 50n)
    const rows = read(body)
    expect(rows).toMatchObject({ missCount: 0, minAt: NOW, maxAt: NOW })
    expect(rowsOf(rows)).toEqual([
      { series: 50n, at: NOW, start: 0, bits: bitsOf(1.5) },
      { series: 51n, at: NOW, start: 0, bits: bitsOf(-2) },
      { series: 52n, at: NOW, start: NOW - 10, bits: bitsOf(-3) },
    ])
  })

  test('what OpenTelemetry’s own serialiser writes is read fast', () => {
    // The numbers of sdk-metrics' enumerations: DataPointType gauge 2 and sum 3, temporality cumulative 1, value double 1.
    const described = (name: string) => ({ name, unit: 's', description: 'what it is', valueType: 1 })
    const shared = { aggregationTemporality: 1 }
    const dataPoint = (value: number, attributes: object) => ({
      startTime: [NOW / 1_000 - 60, 5_000_000],
      endTime: [NOW / 1_000, 7_999_999],
      attributes,
      value,
    })
    const points = [dataPoint(0.5, { route: '/pay', code: 200, retry: false }), dataPoint(0, {})]
    const metrics = [
      { ...shared, descriptor: described('temperature'), dataPointType: 2, dataPoints: points },
      { ...shared, descriptor: described('requests'), dataPointType: 3, isMonotonic: true, dataPoints: points },
    ]
    const resource = { attributes: { 'service.name': 'shop', 'process.pid': 12 } }
    const written = { resource, scopeMetrics: [{ scope: { name: 'lib', version: '1.0' }, metrics }] }
    type Written = Parameters<typeof ProtobufMetricsSerializer.serializeRequest>[0]
    const body = Buffer.from(ProtobufMetricsSerializer.serializeRequest(written as unknown as Written)!)
    expect(learnAll(decoder, read(body))).toBe(4)
    const rows = read(body)
    expect(rows.missCount).toBe(0)
    expect(rowsOf(rows)).toEqual(
      [0, 0, NOW - 60_000 + 5, NOW - 60_000 + 5].map((start, i) => ({
        series: BigInt(i + 1),
        at: NOW + 7,
        start,
        bits: bitsOf(i % 2 === 0 ? 0.5 : 0),
      })),
    )
  })

  test('nanoseconds are cut to milliseconds; integers become the nearest double', () => {
    const fields = [
      fixed64(3, nanos(NOW) + 999_999n),
      fixed64(6, 2n ** 53n + 1n),
      fixed64(2, nanos(NOW - 1) + 999_999n),
    ]
    const body = request([sum('requests', [message(1, fields)], 2, true)])
    learnAll(decoder, read(body))
    expect(rowsOf(read(body))).toEqual([{ series: 1n, at: NOW, start: NOW - 1, bits: bitsOf(2 ** 53) }])
  })

  test('gauges have no start, and a start behind the point says nothing', () => {
    const body = request([
      gauge('cpu', [point({ value: 1, start: NOW - 5 })]),
      sum('requests', [point({ value: 1, start: NOW + 1 })], 1, false),
    ])
    learnAll(decoder, read(body))
    const rows = read(body)
    expect(rows).toMatchObject({ count: 2, start: null })
  })

  test('resource, scope, name, kind, temporality, monotonicity, attributes and workspace make the key', () => {
    const points = [point({ value: 1 })]
    const base = request([sum('requests', points, 2, true)])
    learnAll(decoder, read(base))
    const others = [
      request([sum('requests', points, 1, true)]),
      request([sum('requests', points, 2, false)]),
      request([sum('requestt', points, 2, true)]),
      request([gauge('requests', points)]),
      request([sum('requests', [point({ value: 1, attributes: [] })], 2, true)]),
      request([sum('requests', points, 2, true)], { resource: message(1, [attribute('service.name', 'b', 1)]) }),
      request([sum('requests', points, 2, true)], { scope: message(1, [bytes(1, 'lib'), bytes(2, '2.0')]) }),
      request([sum('requests', points, 2, true)], { scope: Buffer.alloc(0) }),
      request([sum('requests', points, 2, true)], { scope: message(1, []) }),
      request([sum('requests', points, 2, true)], { resource: Buffer.alloc(0) }),
      request([sum('requests', points, 2, true)], { resource: message(1, []) }),
    ]
    const keys = new Set<bigint>()
    for (const body of others) {
      const rows = read(body)
      expect(kindsOf(rows)).toEqual([MissKind.series])
      keys.add(missesOf(rows)[0]!.key.low)
    }
    expect(keys.size).toBe(others.length)
    expect(read(base, WORKSPACE + 1).count).toBe(0)
    expect(read(base).count).toBe(1)
  })

  test('unit and description are no part of the key', () => {
    learnAll(decoder, read(request([gauge('cpu', [point({ value: 1 })])])))
    const described = message(2, [...metricFields('cpu', 'other', 'other'), message(5, [point({ value: 1 })])])
    expect(read(request([described])).count).toBe(1)
  })

  test('fields of every message may come in any order, with unknown fields between them', () => {
    const attributes = Buffer.concat([attribute('a', 'b'), attribute('c', 'd')])
    const pointParts = [attributes, fixed64(2, nanos(NOW - 5)), fixed64(3, nanos(NOW)), double(4, 7)]
    const sumParts = (parts: Buffer[]) => [message(1, parts), integer(2, 2), integer(3, 1)]
    const metricParts = (parts: Buffer[]) => [bytes(1, 'requests'), bytes(3, 's'), message(7, parts)]
    const scopeParts = (parts: Buffer[]) => [message(1, [bytes(1, 'lib')]), message(2, parts), bytes(3, 'url')]
    const resourceParts = (parts: Buffer[]) => [
      message(1, [attribute('x', 'y', 1)]),
      message(2, parts),
      bytes(3, 'url'),
    ]
    const build = (shape: Partial<typeof METRICS_ORDER>) => {
      const order = { ...METRICS_ORDER, ...shape }
      const inner = order.scope(scopeParts(order.metric(metricParts(order.sum(sumParts(order.point(pointParts)))))))
      return message(1, order.resource(resourceParts(inner)))
    }
    learnAll(decoder, read(build({})))
    const expected = rowsOf(read(build({})))
    expect(expected).toHaveLength(1)
    for (const level of Object.keys(METRICS_ORDER) as (keyof typeof METRICS_ORDER)[]) {
      const size = level === 'point' ? 4 : 3
      for (const order of permutations([...Array(size).keys()])) {
        const arrange = (parts: Buffer[]) => [...order.map((i) => parts[i]!), UNKNOWN[1]!, UNKNOWN[3]!]
        const rows = read(build({ [level]: arrange }))
        expect(rowsOf(rows), `${level} ${order}`).toEqual(expected)
        expect(rows.missCount).toBe(0)
      }
    }
  })

  test('what a point says besides its value is left to TypeScript', () => {
    const usual = { value: 1 }
    learnAll(decoder, read(request([gauge('cpu', [point(usual)])])))
    const time = fixed64(3, nanos(NOW))
    const plain = [
      point({ ...usual, more: [integer(8, 1)] }),
      point({ ...usual, more: [bytes(5, 'exemplar')] }),
      point({ ...usual, more: [integer(8, 0), attribute('later', 'x')] }),
      point({ value: NaN }),
      point({ value: Infinity }),
      message(1, [time]),
    ]
    for (const each of plain) expect(kindsOf(read(request([gauge('cpu', [each])])))).toEqual([MissKind.plain])
    expect(read(request([gauge('cpu', [point({ ...usual, more: [integer(8, 0)] })])])).count).toBe(1)
    for (const ms of [0, NOW - 401 * 86_400_000, NOW + 600_001])
      expect(read(request([gauge('cpu', [point({ value: 1, at: ms })])]))).toMatchObject({ count: 0, missCount: 1 })
  })

  test('of a value given twice the last counts', () => {
    const body = request([gauge('cpu', [message(1, [fixed64(3, nanos(NOW)), double(4, 7), fixed64(6, 8n)])])])
    learnAll(decoder, read(body))
    expect(rowsOf(read(body))[0]!.bits).toBe(bitsOf(8))
  })

  test('other kinds of metrics and those without a name are handed on as a whole', () => {
    const named = (field: number) => message(2, [bytes(1, 'm'), bytes(field, 'content')])
    const metrics = [
      named(9),
      gauge('', [point({ value: 1 })]),
      named(10),
      gauge('cpu', [point({ value: 1 })]),
      named(11),
    ]
    const rows = read(request(metrics))
    const { metric, series } = MissKind
    expect(kindsOf(rows)).toEqual([metric, metric, metric, series, metric])
    const last = missesOf(rows)[4]!
    expect(message(2, [decoder.rawBytes().subarray(last.metric.start, last.metric.end)])).toEqual(metrics[4])
    expect(last.message.end).toBe(last.message.start)
    // Nothing to read in it.
    expect(kindsOf(read(request([message(2, [bytes(1, 'm')])])))).toEqual([])
  })

  test('names, resources and attributes of any length are found, and told apart in their last byte', () => {
    const text = (length: number) => 'abcdefghijk'.repeat(1_000).slice(0, length)
    const lengths = [...Array(70).keys(), 127, 128, 1_007, 1_008, 1_009, 1_024, 1_025, 2_100, 9_000]
    const body = request(lengths.map((n) => gauge('cpu', [point({ value: 1, attributes: [attribute('k', text(n))] })])))
    learnAll(decoder, read(body))
    expect(decoder.known).toBe(lengths.length)
    const rows = read(body)
    expect(rowsOf(rows).map(({ series }) => series)).toEqual(lengths.map((_, i) => BigInt(i + 1)))
    const changed = lengths
      .slice(1)
      .map((n) => gauge('cpu', [point({ value: 1, attributes: [attribute('k', `${text(n - 1)}#`)] })]))
    expect(read(request(changed)).count).toBe(0)
  })
})

describe('OTLP metrics, malformed', () => {
  test('a request cut anywhere is left whole to TypeScript', () => {
    const body = request([gauge('cpu', [point({ value: 1 })]), sum('requests', [point({ int: 5n })], 2, true)])
    learnAll(decoder, read(body))
    for (let end = 1; end < body.length; end++) expect(readBody(body.subarray(0, end)), `cut at ${end}`).toBeNull()
  })

  test('singular messages that come twice, wrong wire types and lying lengths are left to TypeScript', () => {
    const cpu = gauge('cpu', [point({ value: 1 })])
    const scope = message(1, [bytes(1, 'lib')])
    const late = [message(1, [message(2, [cpu, scope, scope])]), message(1, [message(2, [scope, cpu, scope])])]
    const bad = [
      ...late,
      message(1, [message(1, []), message(2, [cpu]), message(1, [])]),
      message(1, [message(2, [integer(1, 1)])]),
      request([message(2, [bytes(1, 'cpu'), bytes(5, ''), bytes(5, '')])]),
      request([message(2, [integer(1, 1)])]),
      request([gauge('cpu', [integer(1, 1)])]),
      request([gauge('cpu', [message(1, [integer(4, 1)])])]),
      request([sum('cpu', [bytes(2, 'x')], 2, true)]),
      request([gauge('cpu', [message(1, [bytes(7, 'x'), Buffer.from([0x3a, 0x7f])])])]),
    ]
    for (const body of bad) expect(readBody(body), body.toString('hex')).toBeNull()
  })
})
