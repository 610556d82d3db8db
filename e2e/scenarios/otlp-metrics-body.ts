import protobuf from 'protobufjs'

/** opentelemetry-proto, metrics service: as much of it as carries gauges. */
const EXPORT_PROTO = `
syntax = "proto3";
message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { repeated ScopeMetrics scope_metrics = 2; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric { string name = 1; Gauge gauge = 5; }
message Gauge { repeated NumberDataPoint data_points = 1; }
message NumberDataPoint {
  fixed64 time_unix_nano = 3;
  oneof value { double as_double = 4; }
  repeated KeyValue attributes = 7;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { string string_value = 1; }
`
const ExportRequest = protobuf.parse(EXPORT_PROTO).root.lookupType('ExportMetricsServiceRequest')

export interface GaugePoint {
  attributes: Record<string, string>
  /** Epoch ms. */
  atMs: number
  value: number
}

/** Points of one gauge as an OTLP request in protobuf, made by an encoder that is not ours. */
export function otlpMetricsBody(metric: string, points: readonly GaugePoint[]): Uint8Array<ArrayBuffer> {
  const dataPoints = points.map(({ attributes, atMs, value }) => ({
    timeUnixNano: `${atMs}000000`,
    asDouble: value,
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  }))
  const metrics = [{ name: metric, gauge: { dataPoints } }]
  const request = ExportRequest.fromObject({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
  return new Uint8Array(ExportRequest.encode(request).finish())
}
