import { jsonAttributes } from './json-attributes.ts'
import {
  asObject,
  badField,
  booleanField,
  enumField,
  objectField,
  objectItems,
  stringField,
  type JsonObject,
} from './json-fields.ts'
import { readJsonPoint } from './json-points.ts'
import type { MetricKind, MetricsNormaliser } from './metrics-normaliser.ts'
import { parseJson } from './parse-json.ts'

/**
 * Drives the normaliser with an ExportMetricsServiceRequest in OTLP's JSON encoding: lowerCamelCase keys, 64-bit
 * integers as strings or numbers, enums as integers. Unknown keys are ignored. Throws NinesError 'bad_request' naming
 * the field; rows before it have been given to the normaliser by then.
 */
export function metricsFromJson(bytes: Buffer, normaliser: MetricsNormaliser): void {
  const request = asObject(parseJson(bytes), 'the body')
  for (const [item, path] of objectItems(request, 'resourceMetrics', '')) {
    const resource = objectField(item, 'resource', path)
    normaliser.resource(resource === undefined ? null : jsonAttributes(resource, `${path}.resource`))
    for (const [scopeMetrics, scopePath] of objectItems(item, 'scopeMetrics', path)) {
      const scope = objectField(scopeMetrics, 'scope', scopePath)
      normaliser.scope(scope === undefined ? '' : stringField(scope, 'name', `${scopePath}.scope`))
      for (const [metric, metricPath] of objectItems(scopeMetrics, 'metrics', scopePath))
        readMetric(metric, metricPath, normaliser)
    }
  }
}

const DATA_KEYS = {
  gauge: 'gauge',
  sum: 'sum',
  histogram: 'histogram',
  exponentialHistogram: 'exponential_histogram',
  summary: 'summary',
} as const satisfies Record<string, MetricKind>

function readMetric(metric: JsonObject, path: string, normaliser: MetricsNormaliser): void {
  const texts = {
    name: stringField(metric, 'name', path),
    description: stringField(metric, 'description', path),
    unit: stringField(metric, 'unit', path),
  }
  const keys = Object.keys(DATA_KEYS) as (keyof typeof DATA_KEYS)[]
  const present = keys.filter((key) => objectField(metric, key, path) !== undefined)
  if (present.length > 1)
    throw badField(path, `has both ${present[0]} and ${present[1]}; a metric has one kind of data`)
  const key = present[0]
  if (!key) return
  const kind = DATA_KEYS[key]
  const dataPath = `${path}.${key}`
  const data = objectField(metric, key, path)!
  normaliser.metric({
    ...texts,
    kind,
    temporality: kind === 'gauge' || kind === 'summary' ? 0 : enumField(data, 'aggregationTemporality', dataPath),
    monotonic: kind === 'sum' && booleanField(data, 'isMonotonic', dataPath),
  })
  for (const [point, pointPath] of objectItems(data, 'dataPoints', dataPath))
    readJsonPoint(kind, point, pointPath, normaliser)
}
