import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import {
  DURATION_HISTOGRAM,
  LATENCY_BOUNDS_SECONDS,
  REQUEST_COUNTER,
  type ShopRoute,
  type ShopServiceName,
} from './shop-routes.ts'
import { startShopLog, type ShopLog } from './shop-log.ts'
import { shopSender } from './shop-sender.ts'
import { startShopSpans, type ShopSpans } from './shop-spans.ts'

const EXPORT_INTERVAL_MS = 5000

export interface ShopTelemetry {
  /** Counts and measures one answered request. */
  record(route: ShopRoute, statusCode: number, seconds: number): void
  spans: ShopSpans
  log: ShopLog
  shutdown(): Promise<void>
}

/** Attributes of a request, the same in history and live. */
export function requestAttributes(route: ShopRoute, statusCode: number): Record<string, string | number> {
  return {
    'http.request.method': route.method,
    'http.route': route.route,
    'http.response.status_code': statusCode,
  }
}

/** `5xx` and the like: a counter is easier to select by class than by a set of codes. */
export const statusClass = (statusCode: number) => `${Math.floor(statusCode / 100)}xx`

/** One shop service's telemetry, as any service would send it: the OpenTelemetry SDK, OTLP http/protobuf. */
export function startShopTelemetry(service: ShopServiceName, ingestUrl: string, ingestKey: string): ShopTelemetry {
  const sender = shopSender(service, ingestUrl, ingestKey)
  const exporter = new OTLPMetricExporter({ url: `${ingestUrl}/v1/metrics`, ...sender.options })
  const spans = startShopSpans(sender)
  const log = startShopLog(sender)
  const provider = new MeterProvider({
    resource: sender.resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: EXPORT_INTERVAL_MS,
        exportTimeoutMillis: EXPORT_INTERVAL_MS,
      }),
    ],
  })
  const meter = provider.getMeter(sender.scope)
  const requests = meter.createCounter(REQUEST_COUNTER, { unit: '{request}', description: 'Requests answered' })
  const durations = meter.createHistogram(DURATION_HISTOGRAM, {
    unit: 's',
    description: 'Duration of HTTP server requests',
    advice: { explicitBucketBoundaries: LATENCY_BOUNDS_SECONDS },
  })
  return {
    record: (route, statusCode, seconds) => {
      const attributes = requestAttributes(route, statusCode)
      requests.add(1, { ...attributes, status_class: statusClass(statusCode) })
      durations.record(seconds, attributes)
    },
    spans,
    log,
    shutdown: async () => {
      await Promise.all([provider.shutdown(), spans.shutdown(), log.shutdown()])
    },
  }
}
