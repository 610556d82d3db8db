import { Metadata } from '@grpc/grpc-js'
import { useServices } from '@nines/testkit'
import { SeverityNumber } from '@opentelemetry/api'
import { OTLPLogExporter as GrpcExporter } from '@opentelemetry/exporter-logs-otlp-grpc'
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownName, startReceiver, type Receiver } from './receiver.fixture.ts'

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

const exporters: [protocol: string, make: () => LogRecordExporter][] = [
  ['http/protobuf', () => new ProtobufExporter({ url: `${receiver.httpUrl}/v1/logs`, headers: headers() })],
  ['http/json', () => new JsonExporter({ url: `${receiver.httpUrl}/v1/logs`, headers: headers() })],
  ['grpc', () => new GrpcExporter({ url: receiver.grpcUrl, metadata: grpcMetadata() })],
]

test.each(exporters)('the log exporter of the OpenTelemetry SDK: %s', async (_protocol, makeExporter) => {
  const service = ownName('shop')
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    processors: [new BatchLogRecordProcessor({ exporter: makeExporter() })],
  })
  const logger = provider.getLogger('orders')
  const at = Date.now() - 1_000
  const attributes = { 'http.route': '/orders', attempt: 2, retried: true }
  logger.emit({
    timestamp: at,
    severityNumber: SeverityNumber.ERROR,
    severityText: 'ERROR',
    body: 'no stock',
    attributes,
  })
  logger.emit({ timestamp: at + 1, severityNumber: SeverityNumber.INFO, body: { order: 7, items: ['a', 'b'] } })
  await provider.forceFlush()
  await provider.shutdown()

  const rows = await receiver.rows<Record<string, unknown>>(
    `SELECT toUInt64(toUnixTimestamp64Milli(toDateTime64(at, 3)))::String AS ms, severity_number, severity_text, body, body_is_json,
       attributes, resource, scope_name, service FROM logs WHERE service = '${service}' ORDER BY at`,
    2,
  )
  expect(rows).toMatchObject([
    {
      ms: String(at),
      severity_number: 17,
      severity_text: 'ERROR',
      body: 'no stock',
      body_is_json: false,
      attributes: { attempt: '2', 'http.route': '/orders', retried: 'true' },
      scope_name: 'orders',
    },
    { ms: String(at + 1), severity_number: 9, body_is_json: true },
  ])
  expect(rows[0]?.resource).toMatchObject({ 'service.name': service })
  expect(JSON.parse(String(rows[1]?.body))).toEqual({ order: 7, items: ['a', 'b'] })
})
