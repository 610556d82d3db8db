import { randomUUID } from 'node:crypto'
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources'
import { telemetryName, type ShopServiceName } from './shop-routes.ts'

/** Under which name and where one shop service sends its telemetry. */
export interface ShopSender {
  resource: Resource
  /** Name of the instrumentation scope. */
  scope: string
  /** Base of the OTLP/HTTP paths. */
  url: string
  options: { headers: Record<string, string>; timeoutMillis: number }
}

const TIMEOUT_MS = 5000

export function shopSender(service: ShopServiceName, ingestUrl: string, ingestKey: string): ShopSender {
  return {
    resource: resourceFromAttributes({
      'service.name': telemetryName(service),
      'service.version': '1.4.2',
      'service.instance.id': randomUUID(),
      'deployment.environment.name': 'demo',
    }),
    scope: 'shop',
    url: ingestUrl,
    options: { headers: { authorization: `Bearer ${ingestKey}` }, timeoutMillis: TIMEOUT_MS },
  }
}
