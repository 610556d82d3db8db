import protobuf from 'protobufjs'

/** The parts of opentelemetry-proto's metrics that the StatsD collector may send. */
const PROTO = `
syntax = "proto3";
message Request { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; } }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric {
  string name = 1;
  string unit = 3;
  oneof data { Gauge gauge = 5; Sum sum = 7; ExponentialHistogram exponential_histogram = 10; }
}
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message ExponentialHistogram {
  repeated ExponentialHistogramDataPoint data_points = 1;
  int32 aggregation_temporality = 2;
}
message NumberDataPoint {
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  oneof value { double as_double = 4; sfixed64 as_int = 6; }
  repeated KeyValue attributes = 7;
}
message ExponentialHistogramDataPoint {
  repeated KeyValue attributes = 1;
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  fixed64 count = 4;
  double sum = 5;
  sint32 scale = 6;
  fixed64 zero_count = 7;
  Buckets positive = 8;
  Buckets negative = 9;
  double min = 12;
  double max = 13;
}
message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
`
const Request = protobuf.parse(PROTO).root.lookupType('Request')

interface KeyValue {
  key: string
  value: { stringValue: string }
}
interface Point {
  startTimeUnixNano: number
  timeUnixNano: number
  attributes?: KeyValue[]
  asDouble?: number
  count?: number
  sum?: number
}
interface Metric {
  name: string
  unit?: string
  gauge?: { dataPoints: Point[] }
  sum?: { dataPoints: Point[]; aggregationTemporality: number; isMonotonic?: boolean }
  exponentialHistogram?: { dataPoints: Point[]; aggregationTemporality: number }
}
interface Decoded {
  resourceMetrics: { resource: { attributes: KeyValue[] }; scopeMetrics: { metrics: Metric[] }[] }[]
}

/** One point of a request with all that identifies it. */
export interface OtlpPoint {
  name: string
  unit: string
  kind: 'gauge' | 'sum' | 'exponentialHistogram'
  /** Resource attributes and the point's. */
  labels: Record<string, string>
  temporality: number | undefined
  isMonotonic: boolean | undefined
  startMs: number
  endMs: number
  value: number | undefined
  count: number | undefined
  sum: number | undefined
}

/** The points of an ExportMetricsServiceRequest, read by a decoder that is not ours. */
export function decodeOtlp(bytes: Uint8Array): OtlpPoint[] {
  const decoded = Request.toObject(Request.decode(bytes), { longs: Number }) as Decoded
  return decoded.resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics.flatMap((metric) => pointsOf(metric, resource.attributes))),
  )
}

function pointsOf(metric: Metric, resource: KeyValue[]): OtlpPoint[] {
  const kind = metric.gauge ? 'gauge' : metric.sum ? 'sum' : 'exponentialHistogram'
  return (metric[kind]?.dataPoints ?? []).map((point) => ({
    name: metric.name,
    unit: metric.unit ?? '',
    kind,
    labels: Object.fromEntries(
      [...resource, ...(point.attributes ?? [])].map(({ key, value }) => [key, value.stringValue]),
    ),
    temporality: metric.sum?.aggregationTemporality ?? metric.exponentialHistogram?.aggregationTemporality,
    isMonotonic: kind === 'sum' ? metric.sum?.isMonotonic === true : undefined,
    // A double holds nanoseconds of today to 256 of them only.
    startMs: Math.round(point.startTimeUnixNano / 1e6),
    endMs: Math.round(point.timeUnixNano / 1e6),
    value: point.asDouble,
    count: point.count,
    sum: point.sum,
  }))
}
