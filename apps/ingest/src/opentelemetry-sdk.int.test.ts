import { useServices } from '@nines/testkit'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIngestUnderTest, type IngestUnderTest } from './ingest-under-test.ts'

const services = await useServices()
let ingest: IngestUnderTest

beforeAll(async () => {
  ingest = await startIngestUnderTest(services)
})
afterAll(() => ingest.stop())

const startProvider = (compression: 'gzip' | 'none', temporality: AggregationTemporality) => {
  const exporter = new OTLPMetricExporter({
    url: `${ingest.app.url}/v1/metrics`,
    headers: { authorization: `Bearer ${ingest.key}` },
    compression: compression as never,
    temporalityPreference: temporality,
  })
  const readers = [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })]
  return new MeterProvider({ resource: resourceFromAttributes({ 'service.name': 'shop', port: 8080 }), readers })
}

test.each([
  ['gzip', AggregationTemporality.CUMULATIVE, 'cumulative'],
  ['none', AggregationTemporality.DELTA, 'delta'],
] as const)(
  'the OpenTelemetry SDK sends counters, gauges and histograms: %s, %i',
  async (compression, preference, temporality) => {
    await ingest.appended()
    const provider = startProvider(compression, preference)
    const meter = provider.getMeter('checkout')
    meter.createCounter('orders', { unit: '{order}', description: 'Orders placed' }).add(3, { region: 'eu' })
    meter.createGauge('queue.depth').record(4.5)
    const histogram = meter.createHistogram('duration', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } })
    for (const seconds of [0.05, 0.5, 0.6, 7]) histogram.record(seconds)
    await provider.forceFlush()
    await provider.shutdown()

    const blocks = (await ingest.appended()).map((e) => e.block)
    const definitions = blocks.flatMap((b) => b.series)
    const shared = { 'service.name': 'shop', port: '8080', 'otel.scope.name': 'checkout' }
    expect(definitions).toContainEqual(
      expect.objectContaining({
        metric: 'orders',
        kind: 'sum',
        monotonic: true,
        temporality,
        unit: '{order}',
        description: 'Orders placed',
        labels: { ...shared, region: 'eu' },
      }),
    )
    const orders = definitions.find((d) => d.metric === 'orders')!
    const samples = blocks[0]!.samples
    const row = samples.series.indexOf(BigInt(orders.id))
    expect(samples.value[row]).toBe(3)
    expect(samples.start[row]).toBeGreaterThan(Date.now() - 60_000)
    expect(samples.at[row]).toBeGreaterThanOrEqual(samples.start[row]!)
    expect(blocks[0]!.histograms[0]).toMatchObject({
      count: 4,
      bounds: [0.1, 1],
      bucketCounts: [1, 2, 1],
      min: 0.05,
      max: 7,
    })
    expect(blocks[0]!.histograms[0]?.sum).toBeCloseTo(8.15, 10)
    // The gauge is known from the first round and announced once only.
    expect([...samples.value]).toContain(4.5)
  },
)

test('ingest reports its own requests and rows through itself', async () => {
  const own = await startIngestUnderTest(services, {
    NINES_INGEST_URL: ingest.app.url,
    NINES_INGEST_KEY: ingest.key,
  })
  await fetch(`${own.app.url}/v1/metrics`, { method: 'POST' })
  await ingest.appended()
  await own.stop()
  const blocks = (await ingest.appended()).map((e) => e.block)
  const requests = blocks.flatMap((b) => b.series).find((s) => s.metric === 'nines.http.server.requests')
  expect(requests?.labels).toMatchObject({
    'service.name': 'nines-ingest',
    'http.route': '/v1/metrics',
    'http.response.status_code': '401',
    status_class: '4xx',
  })
})
