import { randomUUID } from 'node:crypto'
import { createLogger, messageOf } from '@nines/kernel'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { metrics, type MeterProvider } from '@opentelemetry/api'
import { noInstruments, type Instruments } from './instruments.ts'
import { otlpExporter } from './otlp-exporter.ts'
import { warnOnFailure } from './warn-on-failure.ts'

export interface InstrumentSettings {
  /** Value of the resource attribute service.name, such as `nines-ingest`. */
  serviceName: string
  /** Base URL of an ingest app, such as http://127.0.0.1:4318. Without it nothing is exported. */
  ingestUrl: string | undefined
  ingestKey: string | undefined
  exportIntervalMs?: number
  /** Called with why exports go on failing, at most once a minute. Logs a warning by default. */
  onExportFailure?: (reason: string) => void
  /** How long exports may fail before that is worth a warning. */
  failureGraceMs?: number
}

const FLUSH_DEADLINE_MS = 2000

/** Default bounds of duration histograms, seconds: OpenTelemetry's for HTTP, denser where objectives usually lie. */
export const DURATION_BOUNDARIES_SECONDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
]

/**
 * Starts the metrics of one app, exported as OTLP http/protobuf into Nines' own ingest. Traces, logs and
 * auto-instrumentation stay off, so that a start stays fast and the ingest path pays nothing. A failed export is never
 * fatal: the next one carries the totals.
 */
export function startInstruments(settings: InstrumentSettings): Instruments {
  const { serviceName, ingestUrl, ingestKey, exportIntervalMs = 5000 } = settings
  if (!ingestUrl || !ingestKey) return noInstruments
  const logger = createLogger(serviceName)
  const onFailure =
    settings.onExportFailure ?? ((reason: string) => logger.warn({ reason }, 'own metrics could not be exported'))
  const exporter = otlpExporter({
    url: `${ingestUrl.replace(/\/+$/, '')}/v1/metrics`,
    headers: { authorization: `Bearer ${ingestKey}` },
    timeoutMs: Math.min(4000, exportIntervalMs),
  })
  const reader = new PeriodicExportingMetricReader({
    exporter: warnOnFailure(exporter, onFailure, settings.failureGraceMs),
    exportIntervalMillis: exportIntervalMs,
    exportTimeoutMillis: exportIntervalMs,
  })
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.instance.id': randomUUID() }),
    autoDetectResources: false,
    metricReaders: [reader],
    spanProcessors: [],
    logRecordProcessors: [],
    instrumentations: [],
  })
  // The SDK registers its provider globally, once. Where the launcher hosts several apps in one process each app keeps
  // the provider of its own SDK, under its own service.name.
  metrics.disable()
  sdk.start()
  return instrumentsOf(metrics.getMeterProvider(), () => sdk.shutdown())
}

function instrumentsOf(provider: MeterProvider, shutdown: () => Promise<void>): Instruments {
  const meter = provider.getMeter('nines')
  let stopped: Promise<void> | undefined
  return {
    enabled: true,
    counter: (name, options = {}) => meter.createCounter(name, options),
    histogram: (name, { boundaries = DURATION_BOUNDARIES_SECONDS, ...options } = {}) =>
      meter.createHistogram(name, { ...options, advice: { explicitBucketBoundaries: [...boundaries] } }),
    observableGauge: (name, options, read) => {
      meter.createObservableGauge(name, options).addCallback(async (result) => {
        for (const reading of await read()) result.observe(reading.value, reading.attributes)
      })
    },
    shutdown: () => (stopped ??= withDeadline(shutdown(), FLUSH_DEADLINE_MS)),
  }
}

/** Waits for `work` but not longer than the deadline; how it ends does not matter to a process that is leaving. */
async function withDeadline(work: Promise<void>, deadlineMs: number): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, deadlineMs)
  const settled = work.catch((error: unknown) =>
    createLogger('instrument').debug({ reason: messageOf(error) }, 'flush'),
  )
  await Promise.race([settled, late.promise])
  clearTimeout(timer)
}
