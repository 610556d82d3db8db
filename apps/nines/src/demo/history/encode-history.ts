import { ValueType, type Attributes, type HrTime } from '@opentelemetry/api'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  DataPointType,
  type DataPoint,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import { NinesError } from '@nines/kernel'
import {
  DURATION_HISTOGRAM,
  LATENCY_BOUNDS_SECONDS,
  REQUEST_COUNTER,
  telemetryName,
  type ShopServiceName,
} from '../shop/shop-routes.ts'
import { requestAttributes, statusClass } from '../shop/shop-telemetry.ts'
import type { HistorySeries } from './shop-history.ts'

/** One OTLP request (protobuf) for each service with points in the chunk. `startAt`: when the totals began, epoch ms. */
export function encodeHistory(chunk: HistorySeries[], startAt: number): Uint8Array[] {
  const services = new Set(chunk.map((series) => series.route.service))
  return [...services].map((service) => {
    const ofService = chunk.filter((series) => series.route.service === service)
    const bytes = ProtobufMetricsSerializer.serializeRequest(resourceMetrics(service, ofService, startAt))
    if (!bytes) throw new NinesError('internal', 'the history could not be serialised')
    return bytes
  })
}

function resourceMetrics(service: ShopServiceName, series: HistorySeries[], startAt: number): ResourceMetrics {
  const resource = resourceFromAttributes({
    'service.name': telemetryName(service),
    'service.instance.id': 'history',
    'deployment.environment.name': 'demo',
  })
  const metrics = [counter(series, hrTime(startAt)), histogram(series, hrTime(startAt))]
  return { resource, scopeMetrics: [{ scope: { name: 'shop' }, metrics }] }
}

function counter(series: HistorySeries[], startTime: HrTime): MetricData {
  const dataPoints = series.flatMap(({ route, statusCode, points }): DataPoint<number>[] => {
    const attributes: Attributes = { ...requestAttributes(route, statusCode), status_class: statusClass(statusCode) }
    return points.map((point) => ({ attributes, startTime, endTime: hrTime(point.at), value: point.count }))
  })
  return {
    descriptor: {
      name: REQUEST_COUNTER,
      unit: '{request}',
      description: 'Requests answered',
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints,
  }
}

function histogram(series: HistorySeries[], startTime: HrTime): MetricData {
  const dataPoints = series.flatMap(({ route, statusCode, points }): DataPoint<Histogram>[] => {
    const attributes = requestAttributes(route, statusCode)
    return points.map((point) => ({
      attributes,
      startTime,
      endTime: hrTime(point.at),
      value: {
        count: point.count,
        sum: point.sumSeconds,
        buckets: { boundaries: LATENCY_BOUNDS_SECONDS, counts: point.bucketCounts },
      },
    }))
  })
  return {
    descriptor: {
      name: DURATION_HISTOGRAM,
      unit: 's',
      description: 'Duration of HTTP server requests',
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints,
  }
}

function hrTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1000)
  return [seconds, (epochMs - seconds * 1000) * 1e6]
}
