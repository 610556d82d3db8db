import { credentials, Metadata } from '@grpc/grpc-js'
import { useServices } from '@nines/testkit'
import { OTLPLogExporter as GrpcLogs } from '@opentelemetry/exporter-logs-otlp-grpc'
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtoLogs } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPMetricExporter as GrpcMetrics } from '@opentelemetry/exporter-metrics-otlp-grpc'
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter as ProtoMetrics } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter as GrpcTraces } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoTraces } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { LoggerProvider, SimpleLogRecordProcessor, type LogRecordExporter } from '@opentelemetry/sdk-logs'
import { MeterProvider, PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics'
import { SimpleSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIngestUnderTest, type IngestUnderTest } from './ingest-under-test.ts'

/** OpenTelemetry's own exporters, every protocol and signal. */
const services = await useServices()
let ingest: IngestUnderTest
beforeAll(async () => {
  ingest = await startIngestUnderTest(services)
})
afterAll(() => ingest.stop())

const http = (signal: string) => ({
  url: `${ingest.app.url}/v1/${signal}`,
  headers: { authorization: `Bearer ${ingest.key}` },
})
const grpc = () => {
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${ingest.key}`)
  return { url: `http://127.0.0.1:${ingest.app.grpcPort}`, credentials: credentials.createInsecure(), metadata }
}
const resource = resourceFromAttributes({ 'service.name': 'shop' })
/** Rows of a table that were appended since the last call. */
const rowsOf = async (table: 'samples' | 'logs' | 'spans') =>
  (await ingest.appended()).reduce((sum, { block }) => sum + (block.tables?.get(table)?.rows ?? 0), 0)

test.each<[string, () => PushMetricExporter]>([
  ['http/protobuf', () => new ProtoMetrics(http('metrics'))],
  ['http/json', () => new JsonMetrics(http('metrics'))],
  ['grpc', () => new GrpcMetrics(grpc())],
])('metrics by %s', async (_name, exporter) => {
  await ingest.appended()
  const readers = [new PeriodicExportingMetricReader({ exporter: exporter(), exportIntervalMillis: 3_600_000 })]
  const provider = new MeterProvider({ resource, readers })
  provider.getMeter('checkout').createCounter('orders').add(3)
  await provider.forceFlush()
  await provider.shutdown()
  expect(await rowsOf('samples')).toBeGreaterThan(0)
})

test.each<[string, () => LogRecordExporter]>([
  ['http/protobuf', () => new ProtoLogs(http('logs'))],
  ['http/json', () => new JsonLogs(http('logs'))],
  ['grpc', () => new GrpcLogs(grpc())],
])('logs by %s', async (_name, exporter) => {
  await ingest.appended()
  const processors = [new SimpleLogRecordProcessor({ exporter: exporter() })]
  const provider = new LoggerProvider({ resource, processors })
  provider.getLogger('checkout').emit({ severityText: 'INFO', body: 'paid', attributes: { order: 7 } })
  await provider.forceFlush()
  await provider.shutdown()
  expect(await rowsOf('logs')).toBe(1)
})

test.each<[string, () => SpanExporter]>([
  ['http/protobuf', () => new ProtoTraces(http('traces'))],
  ['http/json', () => new JsonTraces(http('traces'))],
  ['grpc', () => new GrpcTraces(grpc())],
])('traces by %s', async (_name, exporter) => {
  await ingest.appended()
  const provider = new TracerProvider({
    resource,
    spanProcessors: [new SimpleSpanProcessor({ exporter: exporter() })],
  })
  provider.getTracer('checkout').startSpan('pay').end()
  await provider.forceFlush()
  await provider.shutdown()
  expect(await rowsOf('spans')).toBe(1)
})
