import { useServices } from '@nines/testkit'
import { Metadata } from '@grpc/grpc-js'
import { OTLPMetricExporter as GrpcExporter } from '@opentelemetry/exporter-metrics-otlp-grpc'
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics'
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

const exporters: [protocol: string, make: () => PushMetricExporter][] = [
  ['http/protobuf', () => new ProtobufExporter({ url: `${receiver.httpUrl}/v1/metrics`, headers: headers() })],
  ['http/json', () => new JsonExporter({ url: `${receiver.httpUrl}/v1/metrics`, headers: headers() })],
  ['grpc', () => new GrpcExporter({ url: receiver.grpcUrl, metadata: grpcMetadata() })],
]

test.each(exporters)('the metric exporter of the OpenTelemetry SDK: %s', async (_protocol, makeExporter) => {
  const service = ownName('shop')
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'host.name': 'node-1' }),
    views: [{ instrumentName: 'payload', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
    readers: [new PeriodicExportingMetricReader({ exporter: makeExporter(), exportIntervalMillis: 3_600_000 })],
  })
  const meter = provider.getMeter('checkout')
  meter.createCounter('orders', { unit: '{order}', description: 'Orders placed' }).add(3, { region: 'eu' })
  meter.createUpDownCounter('carts').add(-2)
  meter.createGauge('queue.depth').record(4.5)
  const duration = meter.createHistogram('duration', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } })
  for (const seconds of [0.05, 0.5, 0.6, 7]) duration.record(seconds)
  const payload = meter.createHistogram('payload', { unit: 'By' })
  for (const bytes of [1, 2, 4]) payload.record(bytes)
  await provider.shutdown()

  const ofService = `series WHERE labels['service.name'] = '${service}'`
  const series = await receiver.rows<Record<string, unknown>>(
    `SELECT metric, kind, temporality, monotonic, unit, description, labels FROM ${ofService} ORDER BY metric`,
    5,
  )
  const labels = { 'host.name': 'node-1', 'otel.scope.name': 'checkout', 'service.name': service }
  expect(series).toMatchObject([
    { metric: 'carts', kind: 'sum', monotonic: false, labels },
    { metric: 'duration', kind: 'histogram', temporality: 'cumulative', unit: 's', labels },
    {
      metric: 'orders',
      kind: 'sum',
      monotonic: true,
      description: 'Orders placed',
      labels: { ...labels, region: 'eu' },
    },
    { metric: 'payload', kind: 'exponential_histogram', unit: 'By', labels },
    { metric: 'queue.depth', kind: 'gauge', labels },
  ])
  const samples = await receiver.rows(
    `SELECT metric, value FROM samples JOIN (SELECT series, metric FROM ${ofService}) AS s USING series ORDER BY metric`,
    3,
  )
  expect(samples).toEqual([
    { metric: 'carts', value: -2 },
    { metric: 'orders', value: 3 },
    { metric: 'queue.depth', value: 4.5 },
  ])
  const [histogram] = await receiver.rows(
    `SELECT toUInt32(count) AS n, sum, min, max, bounds, arrayMap(c -> toUInt32(c), bucket_counts) AS buckets
     FROM histograms WHERE series IN (SELECT series FROM ${ofService})`,
    1,
  )
  expect(histogram).toEqual({ n: 4, sum: 8.15, min: 0.05, max: 7, bounds: [0.1, 1], buckets: [1, 2, 1] })
  const [exponential] = await receiver.rows<{ n: number; inBuckets: number }>(
    `SELECT count AS n, sum, arraySum(positive_counts) AS inBuckets
     FROM exponential_histograms WHERE series IN (SELECT series FROM ${ofService})`,
    1,
  )
  expect(exponential).toEqual({ n: 3, sum: 7, inBuckets: 3 })
})
