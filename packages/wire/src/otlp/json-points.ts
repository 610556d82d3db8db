import { idFromBytes, idFromHex } from '../metrics/exemplar.ts'
import type { ExponentialPoint } from '../metrics/exponential-histogram.ts'
import { sparseBuckets, type SparseBuckets } from '../metrics/sparse-buckets.ts'
import { jsonAttributes } from './json-attributes.ts'
import {
  arrayField,
  badField,
  doubleField,
  integerField,
  objectField,
  objectItems,
  stringField,
  toDouble,
  toInteger,
  type JsonObject,
} from './json-fields.ts'
import type { MetricKind, MetricsNormaliser, PointHead } from './metrics-normaliser.ts'
import { nanosToMs } from './unix-nanos.ts'

/** Hands a data point of a metric of this kind, and its exemplars, to the normaliser. */
export function readJsonPoint(kind: MetricKind, point: JsonObject, path: string, normaliser: MetricsNormaliser): void {
  const head: PointHead = {
    attributes: jsonAttributes(point, path),
    start: msOf(point, 'startTimeUnixNano', path),
    at: msOf(point, 'timeUnixNano', path),
    flags: Number(integerField(point, 'flags', path, 'uint32') ?? 0n),
  }
  if (kind === 'gauge' || kind === 'sum') {
    normaliser.numberPoint(head.attributes, head.start, head.at, numberOf(point, path), head.flags)
  } else if (kind === 'histogram') normaliser.histogramPoint(head, histogramOf(point, path))
  else if (kind === 'exponential_histogram') normaliser.exponentialPoint(head, exponentialOf(point, path))
  else return normaliser.summaryPoint(head, summaryOf(point, path))
  readExemplars(point, path, head.at, normaliser)
}

function numberOf(point: JsonObject, path: string): number | undefined {
  const double = doubleField(point, 'asDouble', path)
  const integer = integerField(point, 'asInt', path, 'int64')
  if (double !== undefined && integer !== undefined) throw badField(path, 'has both asDouble and asInt')
  return double ?? (integer === undefined ? undefined : Number(integer))
}

function histogramOf(point: JsonObject, path: string) {
  const bounds = arrayField(point, 'explicitBounds', path)
  return {
    count: countOf(point, 'count', path),
    ...valuesOf(point, path),
    bounds: bounds.map((bound, i) => toDouble(bound, `${path}.explicitBounds[${i}]`)),
    bucketCounts: countsOf(point, path),
  }
}

function exponentialOf(point: JsonObject, path: string): ExponentialPoint {
  return {
    count: countOf(point, 'count', path),
    ...valuesOf(point, path),
    scale: Number(integerField(point, 'scale', path, 'int32') ?? 0n),
    zeroThreshold: doubleField(point, 'zeroThreshold', path) ?? 0,
    zeroCount: countOf(point, 'zeroCount', path),
    positive: sideOf(point, 'positive', path),
    negative: sideOf(point, 'negative', path),
  }
}

function sideOf(point: JsonObject, key: string, path: string): SparseBuckets {
  const buckets = objectField(point, key, path) ?? {}
  const place = `${path}.${key}`
  const offset = Number(integerField(buckets, 'offset', place, 'int32') ?? 0n)
  return sparseBuckets({ offset, counts: countsOf(buckets, place) })
}

function summaryOf(point: JsonObject, path: string) {
  return {
    count: countOf(point, 'count', path),
    sum: doubleField(point, 'sum', path) ?? 0,
    quantiles: [...objectItems(point, 'quantileValues', path)].map(([item, place]) => ({
      quantile: doubleField(item, 'quantile', place) ?? 0,
      value: doubleField(item, 'value', place) ?? 0,
    })),
  }
}

function readExemplars(point: JsonObject, path: string, pointAt: number, normaliser: MetricsNormaliser): void {
  for (const [exemplar, place] of objectItems(point, 'exemplars', path)) {
    const values = {
      at: msOf(exemplar, 'timeUnixNano', place),
      value: numberOf(exemplar, place),
      traceId: idOf(exemplar, 'traceId', place, 16),
      spanId: idOf(exemplar, 'spanId', place, 8),
    }
    normaliser.exemplar(jsonAttributes(exemplar, place, 'filteredAttributes'), values, pointAt)
  }
}

function idOf(exemplar: JsonObject, key: string, path: string, bytes: 8 | 16): Uint8Array | null {
  const id = idFromHex(stringField(exemplar, key, path), bytes)
  return id && idFromBytes(id, bytes)
}

function valuesOf(point: JsonObject, path: string) {
  const [sum, min, max] = ['sum', 'min', 'max'].map((key) => doubleField(point, key, path) ?? NaN)
  return { sum: sum!, min: min!, max: max! }
}

function countOf(point: JsonObject, key: string, path: string): number {
  return Number(integerField(point, key, path, 'uint64') ?? 0n)
}

function countsOf(object: JsonObject, path: string): number[] {
  const counts = arrayField(object, 'bucketCounts', path)
  return counts.map((count, i) => Number(toInteger(count, `${path}.bucketCounts[${i}]`, 'uint64')))
}

/** A JSON number near 2^60 is up to 128 ns away from the time it stands for; without this a whole millisecond is lost. */
const NUMBER_ROUNDING_NANOS = 128n

function msOf(point: JsonObject, key: string, path: string): number {
  const nanos = integerField(point, key, path, 'uint64') ?? 0n
  return nanosToMs(typeof point[key] === 'number' && nanos > 2n ** 53n ? nanos + NUMBER_ROUNDING_NANOS : nanos)
}
