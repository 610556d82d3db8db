import { messageOf, NinesError } from '@nines/kernel'
import { jsonAttributes } from './json-attributes.ts'
import {
  arrayField,
  asObject,
  badField,
  booleanField,
  doubleField,
  enumField,
  integerField,
  objectField,
  stringField,
  toDouble,
  toInteger,
  type JsonObject,
} from './json-fields.ts'
import { unsupportedKind } from './metrics-from-protobuf.ts'
import type { MetricsNormaliser } from './metrics-normaliser.ts'
import { nanosToMs } from './unix-nanos.ts'

/**
 * Drives the normaliser with an ExportMetricsServiceRequest in OTLP's JSON encoding: lowerCamelCase keys, 64-bit
 * integers as strings or numbers, enums as integers. Unknown keys are ignored. Throws NinesError 'bad_request' naming
 * the field; rows before it have been given to the normaliser by then.
 */
export function metricsFromJson(bytes: Buffer, normaliser: MetricsNormaliser): void {
  const request = asObject(parse(bytes), 'the body')
  for (const [item, path] of items(request, 'resourceMetrics', '')) {
    const resource = objectField(item, 'resource', path)
    normaliser.resource(resource === undefined ? null : jsonAttributes(resource, `${path}.resource`))
    for (const [scopeMetrics, scopePath] of items(item, 'scopeMetrics', path)) {
      const scope = objectField(scopeMetrics, 'scope', scopePath)
      normaliser.scope(scope === undefined ? '' : stringField(scope, 'name', `${scopePath}.scope`))
      for (const [metric, metricPath] of items(scopeMetrics, 'metrics', scopePath))
        readMetric(metric, metricPath, normaliser)
    }
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw new NinesError('bad_request', `the body is not valid JSON: ${messageOf(error)}`)
  }
}

function* items(object: JsonObject, key: string, path: string): Generator<[JsonObject, string]> {
  const prefix = path === '' ? key : `${path}.${key}`
  for (const [i, item] of arrayField(object, key, path).entries()) {
    const place = `${prefix}[${i}]`
    yield [asObject(item, place), place]
  }
}

const DATA_KEYS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const

function readMetric(metric: JsonObject, path: string, normaliser: MetricsNormaliser): void {
  const head = {
    name: stringField(metric, 'name', path),
    description: stringField(metric, 'description', path),
    unit: stringField(metric, 'unit', path),
  }
  const present = DATA_KEYS.filter((key) => objectField(metric, key, path) !== undefined)
  if (present.length > 1)
    throw badField(path, `has both ${present[0]} and ${present[1]}; a metric has one kind of data`)
  const key = present[0]
  if (!key) return
  const dataPath = `${path}.${key}`
  const data = objectField(metric, key, path)!
  if (key === 'exponentialHistogram' || key === 'summary') {
    const kind = key === 'summary' ? key : 'exponential histogram'
    normaliser.rejectPoints(head.name, unsupportedKind(kind), arrayField(data, 'dataPoints', dataPath).length)
    return
  }
  normaliser.metric({
    ...head,
    kind: key,
    temporality: key === 'gauge' ? 0 : enumField(data, 'aggregationTemporality', dataPath),
    monotonic: key === 'sum' && booleanField(data, 'isMonotonic', dataPath),
  })
  for (const [point, pointPath] of items(data, 'dataPoints', dataPath)) {
    if (key === 'histogram') readHistogramPoint(point, pointPath, normaliser)
    else readNumberPoint(point, pointPath, normaliser)
  }
}

function readNumberPoint(point: JsonObject, path: string, normaliser: MetricsNormaliser): void {
  const double = doubleField(point, 'asDouble', path)
  const integer = integerField(point, 'asInt', path, 'int64')
  if (double !== undefined && integer !== undefined) throw badField(path, 'has both asDouble and asInt')
  const value = double ?? (integer === undefined ? undefined : Number(integer))
  const attributes = jsonAttributes(point, path)
  normaliser.numberPoint(attributes, startOf(point, path), timeOf(point, path), value, flagsOf(point, path))
}

function readHistogramPoint(point: JsonObject, path: string, normaliser: MetricsNormaliser): void {
  const counts = arrayField(point, 'bucketCounts', path)
  const bounds = arrayField(point, 'explicitBounds', path)
  const values = {
    count: Number(integerField(point, 'count', path, 'uint64') ?? 0n),
    sum: doubleField(point, 'sum', path) ?? NaN,
    min: doubleField(point, 'min', path) ?? NaN,
    max: doubleField(point, 'max', path) ?? NaN,
    bounds: bounds.map((bound, i) => toDouble(bound, `${path}.explicitBounds[${i}]`)),
    bucketCounts: counts.map((count, i) => Number(toInteger(count, `${path}.bucketCounts[${i}]`, 'uint64'))),
  }
  const attributes = jsonAttributes(point, path)
  normaliser.histogramPoint(attributes, startOf(point, path), timeOf(point, path), values, flagsOf(point, path))
}

function timeOf(point: JsonObject, path: string): number {
  return msOf(point, 'timeUnixNano', path)
}

function startOf(point: JsonObject, path: string): number {
  return msOf(point, 'startTimeUnixNano', path)
}

/** A JSON number near 2^60 is up to 128 ns away from the time it stands for; without this a whole millisecond is lost. */
const NUMBER_ROUNDING_NANOS = 128n

function msOf(point: JsonObject, key: string, path: string): number {
  const nanos = integerField(point, key, path, 'uint64') ?? 0n
  return nanosToMs(typeof point[key] === 'number' && nanos > 2n ** 53n ? nanos + NUMBER_ROUNDING_NANOS : nanos)
}

function flagsOf(point: JsonObject, path: string): number {
  return Number(integerField(point, 'flags', path, 'uint32') ?? 0n)
}
