import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { encodeBlock } from '../block/encode-block.ts'
import { MetricMetadata } from './metric-metadata.ts'
import { STALE_MARKER } from '../metrics/stale-marker.ts'
import { metricsFromJson } from '../otlp/metrics-from-json.ts'
import { metricsFromProtobuf } from '../otlp/metrics-from-protobuf.ts'
import { MetricsNormaliser } from '../otlp/metrics-normaliser.ts'
import { toJson } from '../otlp/otlp-test-json.ts'
import type { TestMetric, TestPoint, TestExemplar as OtlpExemplar } from '../otlp/otlp-test-messages.ts'
import { toProtobuf } from '../otlp/otlp-test-protobuf.ts'
import { SeriesCache } from '../series/series-cache.ts'
import type { NativeSide } from './native-histogram.ts'
import {
  bitsOf,
  toVersion1,
  toVersion2,
  type TestExemplar,
  type TestNative,
  type TestSeries,
} from './remote-write-test-messages.ts'
import { NOW, readBytes1, readBytes2 } from './remote-write-test-read.ts'

/** One series with its points as every format can say them. */
interface Telemetry {
  name: string
  labels: [string, string][]
  help: string
  unit: string
  data:
    | { kind: 'gauge'; values: (number | 'stale')[]; start: number }
    | { kind: 'sum'; values: (number | 'stale')[]; start: number }
    | { kind: 'histogram'; bounds: number[]; counts: number[][]; start: number }
    | { kind: 'exponential'; scale: number; offset: number; counts: number[][]; zeroCount: number; start: number }
    | { kind: 'summary'; quantiles: [quantile: number, value: number][]; count: number; sum: number; start: number }
  exemplars: { value: number; trace: string; user: string }[]
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const start = fc.constantFrom(0, NOW - 60_000)
const counts = (length: number) =>
  fc.array(fc.array(fc.nat({ max: 50 }), { minLength: length, maxLength: length }), { minLength: 1, maxLength: 3 })
const values = fc.array(fc.oneof(finite, fc.constant('stale' as const)), { minLength: 1, maxLength: 3 })
const telemetry: fc.Arbitrary<Telemetry> = fc.record({
  name: fc.constantFrom('m', 'n', 'http.server.duration'),
  labels: fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b.c', 'ü'), fc.constantFrom('1', 'zwei')), {
    selector: ([key]) => key,
  }),
  help: fc.constantFrom('', 'what it is'),
  unit: fc.constantFrom('', 's'),
  data: fc.oneof(
    fc.record({ kind: fc.constant('gauge' as const), values, start }),
    fc.record({ kind: fc.constant('sum' as const), values, start }),
    fc.record({
      kind: fc.constant('histogram' as const),
      bounds: fc.constant<number[]>([0.1, 1, 10]),
      counts: counts(4),
      start,
    }),
    fc.record({
      kind: fc.constant('exponential' as const),
      scale: fc.integer({ min: -4, max: 8 }),
      offset: fc.integer({ min: -20, max: 20 }),
      counts: counts(5),
      zeroCount: fc.nat({ max: 3 }),
      start,
    }),
    fc.record({
      kind: fc.constant('summary' as const),
      quantiles: fc.array(fc.tuple(fc.constantFrom(0.5, 0.99, 1), finite), { maxLength: 3 }),
      count: fc.nat(),
      sum: finite,
      start,
    }),
  ),
  exemplars: fc.array(
    fc.record({
      value: finite,
      trace: fc.constantFrom('', '0af7651916cd43dd8448eb211c80319c'),
      user: fc.constantFrom('', 'u1'),
    }),
    { maxLength: 2 },
  ),
})

const nanos = (ms: number) => BigInt(ms) * 1_000_000n
const total = (items: readonly number[]) => items.reduce((a, b) => a + b, 0)

/** Names carry the ending that tells remote write 1.0 what they are. */
function nameOf({ name, data }: Telemetry): string {
  return data.kind === 'sum' ? `${name}_total` : name
}

function toOtlp(one: Telemetry): TestMetric {
  const { data } = one
  const at = (i: number) => NOW - 10_000 + i * 1_000
  const head = { name: nameOf(one), unit: one.unit, description: one.help }
  const attributes = one.labels.map(([key, string]) => ({ key, value: { string } }))
  const exemplars = one.exemplars.map(({ value, trace, user }): OtlpExemplar => ({
    attributes: user === '' ? [] : [{ key: 'user', value: { string: user } }],
    at: nanos(NOW),
    value: { double: value },
    traceId: Buffer.from(trace, 'hex'),
    spanId: new Uint8Array(0),
  }))
  const point = (i: number): TestPoint => ({ attributes, start: nanos(data.start), at: nanos(at(i)), flags: 0 })
  const unknown = { sum: 1, min: null, max: null }
  /** Exemplars stand behind the last point. */
  const tail = (i: number, points: readonly unknown[]) => ({ exemplars: i === points.length - 1 ? exemplars : [] })
  if (data.kind === 'gauge' || data.kind === 'sum') {
    const points = data.values.map((value, i) => ({
      ...point(i),
      flags: value === 'stale' ? 1 : 0,
      value: value === 'stale' ? null : { double: value },
      ...tail(i, data.values),
    }))
    if (data.kind === 'gauge') return { ...head, data: { kind: 'gauge', points } }
    return { ...head, data: { kind: 'sum', points, temporality: 2, monotonic: true } }
  }
  if (data.kind === 'histogram') {
    const points = data.counts.map((bucketCounts, i) => ({
      ...point(i),
      ...unknown,
      count: BigInt(total(bucketCounts)),
      bounds: data.bounds,
      bucketCounts: bucketCounts.map(BigInt),
      ...tail(i, data.counts),
    }))
    return { ...head, data: { kind: 'histogram', points, temporality: 2 } }
  }
  if (data.kind === 'summary') {
    const quantiles = data.quantiles.map(([quantile, value]) => ({ quantile, value }))
    return {
      ...head,
      data: { kind: 'summary', points: [{ ...point(0), count: BigInt(data.count), sum: data.sum, quantiles }] },
    }
  }
  const points = data.counts.map((side, i) => ({
    ...point(i),
    ...unknown,
    count: BigInt(total(side) * 2 + data.zeroCount),
    scale: data.scale,
    zeroThreshold: 1e-9,
    zeroCount: BigInt(data.zeroCount),
    positive: { offset: data.offset, counts: side.map(BigInt) },
    negative: { offset: -data.offset, counts: side.map(BigInt) },
    ...tail(i, data.counts),
  }))
  return { ...head, data: { kind: 'exponentialHistogram', points, temporality: 2 } }
}

/** Dense buckets as one span, differences from one bucket to the next. */
function spanOf(offset: number, items: readonly number[]): NativeSide {
  return { spans: [offset, items.length], deltas: items.map((count, i) => count - (items[i - 1] ?? 0)), counts: [] }
}

function toRemoteWrite(one: Telemetry): TestSeries[] {
  const { data, unit, help } = one
  const at = (i: number) => NOW - 10_000 + i * 1_000
  const exemplars = one.exemplars.map(({ value, trace, user }): TestExemplar => ({
    labels: [
      ...(trace ? [['trace_id', trace] as [string, string]] : []),
      ...(user ? [['user', user] as [string, string]] : []),
    ],
    at: NOW,
    value,
  }))
  const labelled = (name: string, ...more: [string, string][]): [string, string][] => [
    ['__name__', name],
    ...one.labels,
    ...more,
  ]
  const head = { labels: labelled(nameOf(one)), unit, help }
  if (data.kind === 'gauge' || data.kind === 'sum') {
    const samples = data.values.map((value, i) => ({
      at: at(i),
      bits: value === 'stale' ? STALE_MARKER : bitsOf(value),
      start: data.kind === 'gauge' ? 0 : data.start,
    }))
    return [{ ...head, samples, exemplars, type: data.kind === 'gauge' ? 2 : 1 }]
  }
  if (data.kind === 'summary') {
    const sample = (value: number, from: number) => ({
      samples: [{ at: at(0), bits: bitsOf(value), start: from }],
      type: 5,
      help,
    })
    return [
      ...data.quantiles.map(([q, value]) => ({
        ...sample(value, 0),
        unit,
        labels: labelled(one.name, ['quantile', String(q)]),
      })),
      { ...sample(data.sum, data.start), unit, labels: labelled(`${one.name}_sum`) },
      { ...sample(data.count, data.start), labels: labelled(`${one.name}_count`) },
    ]
  }
  const histograms = data.counts.map((side, i): TestNative => {
    const times = { at: at(i), start: data.start, sum: 1 }
    if (data.kind === 'histogram')
      return { ...times, count: total(side), schema: -53, customValues: data.bounds, positive: spanOf(0, side) }
    return {
      ...times,
      count: total(side) * 2 + data.zeroCount,
      schema: data.scale,
      zeroThreshold: 1e-9,
      zeroCount: data.zeroCount,
      positive: spanOf(data.offset + 1, side),
      negative: spanOf(1 - data.offset, side),
    }
  })
  return [{ ...head, histograms, exemplars, type: 3 }]
}

function readOtlp(format: typeof metricsFromJson, bytes: Buffer) {
  const builder = new BlockBuilder(7, NOW)
  const normaliser = new MetricsNormaliser(builder, new SeriesCache(), NOW)
  format(bytes, normaliser)
  return { block: builder.finish(), ...normaliser.outcome() }
}

/** Version 1.0 carries no starts, and units and descriptions apart from the series. */
function asVersion1(one: Telemetry): Telemetry {
  return { ...one, help: '', unit: '', data: { ...one.data, start: 0 } }
}

describe('the same telemetry in every format', { timeout: 120_000 }, () => {
  const runs = Number(process.env['NINES_FUZZ_ITERATIONS'] ?? 300)

  test('gives equal rows: OTLP in protobuf and JSON and remote write 2.0 and 1.0', () => {
    const kinds = new Set<string>()
    fc.assert(
      fc.property(fc.array(telemetry, { maxLength: 5 }), (all) => {
        for (const { data } of all) kinds.add(data.kind)
        const request = (items: Telemetry[]) => [
          { attributes: null, scopes: [{ name: '', metrics: items.map(toOtlp) }] },
        ]
        const otlp = readOtlp(metricsFromProtobuf, toProtobuf(request(all)))
        expect([otlp.rejected, otlp.message]).toEqual([0, ''])
        const json = readOtlp(metricsFromJson, toJson(request(all)))
        const second = readBytes2(toVersion2(all.flatMap(toRemoteWrite)))
        const simple = all.map(asVersion1)
        const first = readBytes1(toVersion1(simple.flatMap(toRemoteWrite)), { metadata: new MetricMetadata() })
        const simpleOtlp = readOtlp(metricsFromProtobuf, toProtobuf(request(simple)))
        expect([second.message, first.message]).toEqual(['', ''])
        expectEqual(json.block, otlp.block)
        expectEqual(second.block, otlp.block)
        expectEqual(first.block, simpleOtlp.block)
      }),
      { numRuns: runs },
    )
    expect(kinds.size).toBe(5)
  })
})

function expectEqual(one: Parameters<typeof encodeBlock>[0], other: Parameters<typeof encodeBlock>[0]): void {
  if (!encodeBlock(one).equals(encodeBlock(other))) expect(one).toStrictEqual(other)
  expect(encodeBlock(one).equals(encodeBlock(other))).toBe(true)
}
