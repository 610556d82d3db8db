import { otlpMetricsBody } from './otlp-metrics-body.ts'
import { remoteWriteBody } from './remote-write-body.ts'

/** What one request of a stream of numbered rows looks like. Row `n` of a stream is the same row whatever carries it. */
export interface TelemetryFormat {
  name: string
  signal: 'samples' | 'logs' | 'spans'
  /** HTTP unless said otherwise. */
  transport?: 'grpc'
  /** Of the URL, or of the method over gRPC. */
  path: string
  headers: Record<string, string>
  /** Rows `from` to `from + count - 1` of the stream, whose row 0 has the time `startMs`. */
  encode(stream: string, startMs: number, from: number, count: number): string | Uint8Array<ArrayBuffer>
}

/** Metric, log body and span name of every row, so that they are found again. */
export const ROW_NAME = 'exactly_once'

const JSON_TYPE = { 'content-type': 'application/json' }

const RESOURCE = { attributes: [{ key: 'service.name', value: { stringValue: 'exactly-once' } }] }

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)
const nanos = (ms: number) => `${ms}000000`

const samplesAsOtlpJson: TelemetryFormat = {
  name: 'OTLP metrics',
  signal: 'samples',
  path: '/v1/metrics',
  headers: JSON_TYPE,
  encode(stream, startMs, from, count) {
    const dataPoints = numbers(from, count).map((n) => ({
      attributes: [text('stream', stream)],
      timeUnixNano: nanos(startMs + n),
      asDouble: n,
    }))
    const metrics = [{ name: ROW_NAME, gauge: { dataPoints } }]
    return JSON.stringify({ resourceMetrics: [{ resource: {}, scopeMetrics: [{ metrics }] }] })
  },
}

const logsAsOtlpJson: TelemetryFormat = {
  name: 'OTLP logs',
  signal: 'logs',
  path: '/v1/logs',
  headers: JSON_TYPE,
  encode(stream, startMs, from, count) {
    const logRecords = numbers(from, count).map((n) => ({
      timeUnixNano: nanos(startMs + n),
      severityNumber: 9,
      body: { stringValue: `${ROW_NAME} row ${n}` },
      attributes: [text('stream', stream), text('n', String(n))],
    }))
    return JSON.stringify({ resourceLogs: [{ resource: RESOURCE, scopeLogs: [{ logRecords }] }] })
  },
}

const spansAsOtlpJson: TelemetryFormat = {
  name: 'OTLP traces',
  signal: 'spans',
  path: '/v1/traces',
  headers: JSON_TYPE,
  encode(stream, startMs, from, count) {
    const spans = numbers(from, count).map((n) => ({
      traceId: hex(1 + Math.floor(n / 5), 32),
      spanId: hex(1 + n, 16),
      name: ROW_NAME,
      kind: 2,
      startTimeUnixNano: nanos(startMs + n),
      endTimeUnixNano: nanos(startMs + n + 20),
      attributes: [text('stream', stream), text('n', String(n))],
    }))
    return JSON.stringify({ resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ spans }] }] })
  },
}

const samplesAsRemoteWrite: TelemetryFormat = {
  name: 'remote write',
  signal: 'samples',
  path: '/api/v1/write',
  headers: {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  },
  encode: (stream, startMs, from, count) =>
    remoteWriteBody({
      labels: { __name__: ROW_NAME, stream },
      samples: numbers(from, count).map((n) => ({ value: n, timestamp: startMs + n })),
    }),
}

function encodeProtobuf(stream: string, startMs: number, from: number, count: number): Uint8Array<ArrayBuffer> {
  const points = numbers(from, count).map((n) => ({ attributes: { stream }, atMs: startMs + n, value: n }))
  return otlpMetricsBody(ROW_NAME, points)
}

export const samplesAsOtlpProtobuf: TelemetryFormat = {
  name: 'OTLP metrics as protobuf',
  signal: 'samples',
  path: '/v1/metrics',
  headers: { 'content-type': 'application/x-protobuf' },
  encode: encodeProtobuf,
}

export const samplesAsGrpc: TelemetryFormat = {
  name: 'OTLP metrics over gRPC',
  signal: 'samples',
  transport: 'grpc',
  path: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  headers: {},
  encode: encodeProtobuf,
}

/** The formats that the receiver takes over HTTP. */
export const telemetryFormats: readonly TelemetryFormat[] = [
  samplesAsOtlpJson,
  samplesAsRemoteWrite,
  logsAsOtlpJson,
  spansAsOtlpJson,
]

/** Those and OTLP over gRPC. */
export const allTelemetryFormats: readonly TelemetryFormat[] = [...telemetryFormats, samplesAsGrpc]
