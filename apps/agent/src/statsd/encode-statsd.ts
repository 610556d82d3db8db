import { ValueType } from '@opentelemetry/api'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationTemporality, DataPointType, type DataPoint, type MetricData } from '@opentelemetry/sdk-metrics'
import { hrTime } from '../encode-metrics.ts'
import type { StatsdSeries } from './statsd-series.ts'

/** The tag that names the sending service; it becomes the resource's service.name. */
const SERVICE_TAG = 'service'
const DEFAULT_SERVICE = 'statsd'

/**
 * OTLP protobuf (ExportMetricsServiceRequest) of a flush: one resource for each service, counters as delta sums, timers
 * and their like as delta exponential histograms, the rest as gauges.
 */
export function encodeStatsd(series: readonly StatsdSeries[], hostName: string): Uint8Array {
  const services = Map.groupBy(series, ({ tags }) => tags.find(([name]) => name === SERVICE_TAG)?.[1])
  const requests = [...services].map(([service = DEFAULT_SERVICE, ofService]) => {
    const bytes = ProtobufMetricsSerializer.serializeRequest({
      resource: resourceFromAttributes({ 'service.name': service, 'host.name': hostName }),
      scopeMetrics: [{ scope: { name: 'nines.agent.statsd' }, metrics: metrics(ofService) }],
    })
    if (!bytes) throw new Error('the metrics could not be serialised')
    return bytes
  })
  // Protobuf messages in a row are their merger: here, one request with all resources.
  return Buffer.concat(requests)
}

function metrics(series: readonly StatsdSeries[]): MetricData[] {
  const groups = Map.groupBy(series, (one) => [one.kind, isMonotonic(one), one.unit, one.name].join('\0'))
  return [...groups.values()].flatMap((group) => (group[0] ? [metric(group[0], group)] : []))
}

function metric(first: StatsdSeries, group: readonly StatsdSeries[]): MetricData {
  const descriptor = { name: first.name, unit: first.unit, description: '', valueType: ValueType.DOUBLE }
  const shared = { descriptor, aggregationTemporality: AggregationTemporality.DELTA }
  if (first.kind === 'histogram') {
    const dataPoints = group.flatMap((one) => (one.kind === 'histogram' ? [point(one, one.value)] : []))
    return { ...shared, dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM, dataPoints }
  }
  const dataPoints = group.flatMap((one) => (one.kind === 'histogram' ? [] : [point(one, one.value)]))
  return first.kind === 'counter'
    ? { ...shared, dataPointType: DataPointType.SUM, isMonotonic: isMonotonic(first), dataPoints }
    : { ...shared, dataPointType: DataPointType.GAUGE, dataPoints }
}

/** StatsD lets a counter be decremented, which a monotonic sum must not show. */
function isMonotonic(series: StatsdSeries): boolean {
  return series.kind === 'counter' && series.value >= 0
}

function point<T>({ tags, startMs, endMs }: StatsdSeries, value: T): DataPoint<T> {
  const attributes = Object.fromEntries(tags.filter(([name]) => name !== SERVICE_TAG))
  return { startTime: hrTime(startMs), endTime: hrTime(endMs), attributes, value }
}
