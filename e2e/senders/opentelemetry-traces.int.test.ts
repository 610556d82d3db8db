import { Metadata } from '@grpc/grpc-js'
import { useServices } from '@nines/testkit'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownName, startReceiver, type Receiver } from './receiver.fixture.ts'
import { traceCheckout } from './traced-checkout.fixture.ts'

const services = await useServices()
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver(services)
})
afterAll(() => receiver.stop())

const headers = () => ({ authorization: `Bearer ${receiver.key}` })
const grpcMetadata = () => {
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${receiver.key}`)
  return metadata
}

const exporters: [protocol: string, make: () => SpanExporter][] = [
  ['http/protobuf', () => new ProtobufExporter({ url: `${receiver.httpUrl}/v1/traces`, headers: headers() })],
  ['http/json', () => new JsonExporter({ url: `${receiver.httpUrl}/v1/traces`, headers: headers() })],
  ['grpc', () => new GrpcExporter({ url: receiver.grpcUrl, metadata: grpcMetadata() })],
]

test.each(exporters)('the trace exporter of the OpenTelemetry SDK: %s', async (_protocol, makeExporter) => {
  const service = ownName('shop')
  const sent = await traceCheckout(service, makeExporter())
  const rows = await receiver.rows(
    `SELECT name, kind, lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, lower(hex(parent_span_id)) AS parent,
       toUnixTimestamp64Milli(toDateTime64(at, 3))::String AS ms, duration::Float64 AS nanos, status_code, status_message,
       attributes, scope_name, scope_version, event_name, event_attributes
     FROM spans WHERE service = '${service}' ORDER BY at`,
    2,
  )
  expect(rows).toMatchObject([
    {
      name: 'POST /checkout',
      kind: 2,
      trace: sent.traceId,
      span: sent.serverSpanId,
      parent: '0000000000000000',
      ms: String(sent.startMs),
      nanos: 250e6,
      status_code: 0,
      attributes: { 'http.request.method': 'POST', 'http.response.status_code': '503' },
      scope_name: 'checkout',
      scope_version: '1.2.3',
    },
    {
      name: 'authorise payment',
      kind: 3,
      trace: sent.traceId,
      span: sent.clientSpanId,
      parent: sent.serverSpanId,
      nanos: 100e6,
      status_code: 2,
      status_message: 'declined',
      event_name: ['retry'],
      event_attributes: [{ attempt: '2' }],
    },
  ])
})
