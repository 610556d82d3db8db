import { SeverityNumber, type AnyValue, type Attributes, type Context } from '@opentelemetry/api'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import type { ShopSender } from './shop-sender.ts'

export type ShopSeverity = 'INFO' | 'WARN' | 'ERROR'

export interface ShopLog {
  /** Writes a record that belongs to the span of `context`. */
  write(severity: ShopSeverity, body: AnyValue, attributes: Attributes, context: Context): void
  shutdown(): Promise<void>
}

/** Log records of one shop service. */
export function startShopLog({ resource, scope, url, options }: ShopSender): ShopLog {
  const exporter = new OTLPLogExporter({ url: `${url}/v1/logs`, ...options })
  const provider = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter, scheduledDelayMillis: 1000 })],
  })
  const logger = provider.getLogger(scope)
  return {
    write: (severityText, body, attributes, context) =>
      logger.emit({ severityNumber: SeverityNumber[severityText], severityText, body, attributes, context }),
    shutdown: () => provider.shutdown(),
  }
}
