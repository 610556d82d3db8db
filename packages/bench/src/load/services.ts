import { ByteWriter } from './byte-writer.ts'
import { resource } from './otlp-messages.ts'

/** Services of the log and span loads, each with the operations it serves. */
export const services: readonly { name: string; operations: readonly string[] }[] = [
  { name: 'checkout-web', operations: ['GET /cart', 'POST /cart/items', 'POST /checkout', 'GET /orders/{id}'] },
  { name: 'payments-api', operations: ['POST /payments', 'POST /payments/{id}/capture', 'GET /payments/{id}'] },
  { name: 'catalog-search', operations: ['GET /search', 'GET /products/{sku}', 'GET /suggest'] },
  { name: 'user-profile', operations: ['GET /users/{id}', 'PATCH /users/{id}', 'POST /login'] },
  { name: 'orders-worker', operations: ['orders process', 'orders publish', 'invoices process'] },
  { name: 'shipping-gateway', operations: ['POST /shipments', 'GET /shipments/{id}/track', 'GET /rates'] },
  { name: 'notification-hub', operations: ['notifications process', 'POST /templates/{id}/render'] },
  { name: 'inventory-sync', operations: ['GET /stock/{sku}', 'stock process', 'POST /reservations'] },
  { name: 'fraud-detector', operations: ['POST /scores', 'GET /rules'] },
  { name: 'billing-export', operations: ['exports process', 'GET /exports/{id}'] },
]

/** Resource of one instance, as the SDK's detectors describe it. */
export function serviceResource(service: string, replica: number): ByteWriter {
  return resource([
    ['service.name', service],
    ['service.version', '2.14.3'],
    ['service.instance.id', `${service}-7c9d8b6f5-${replica.toString(36).padStart(5, 'x')}`],
    ['deployment.environment.name', 'production'],
    ['host.name', `node-${replica % 12}`],
    ['telemetry.sdk.language', 'nodejs'],
  ])
}
