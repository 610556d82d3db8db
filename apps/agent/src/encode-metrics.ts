import { ValueType, type HrTime } from '@opentelemetry/api'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import type { Resource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  DataPointType,
  type DataPoint,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import type { HostMetric } from './host-metrics.ts'

export interface EncodingTimes {
  /** Epoch ms of the points. */
  at: number
  /** Epoch ms at which the counters began. */
  countersSince: number
}

/** The metrics as the OpenTelemetry SDK hands them to an exporter. */
export function resourceMetrics(resource: Resource, metrics: HostMetric[], times: EncodingTimes): ResourceMetrics {
  const data = metrics.map((metric) => metricData(metric, times))
  return { resource, scopeMetrics: [{ scope: { name: 'nines.agent' }, metrics: data }] }
}

/** OTLP protobuf (ExportMetricsServiceRequest) of the metrics. */
export function encodeMetrics(resource: Resource, metrics: HostMetric[], times: EncodingTimes): Uint8Array {
  const bytes = ProtobufMetricsSerializer.serializeRequest(resourceMetrics(resource, metrics, times))
  if (!bytes) throw new Error('the metrics could not be serialised')
  return bytes
}

function metricData(metric: HostMetric, times: EncodingTimes): MetricData {
  const endTime = hrTime(times.at)
  const startTime = metric.kind === 'gauge' ? endTime : hrTime(times.countersSince)
  const dataPoints: DataPoint<number>[] = metric.points.map((point) => ({ ...point, startTime, endTime }))
  const shared = {
    descriptor: { name: metric.name, unit: metric.unit, description: metric.description, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints,
  }
  return metric.kind === 'gauge'
    ? { ...shared, dataPointType: DataPointType.GAUGE }
    : { ...shared, dataPointType: DataPointType.SUM, isMonotonic: metric.kind === 'counter' }
}

/** The SDK's form of an instant. */
export function hrTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1000)
  return [seconds, Math.round((epochMs - seconds * 1000) * 1e6)]
}
