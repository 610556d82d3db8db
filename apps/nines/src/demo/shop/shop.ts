import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AnyValue, Attributes } from '@opentelemetry/api'
import fastify, { type FastifyInstance } from 'fastify'
import type { Faults } from './faults.ts'
import type { ShopLog, ShopSeverity } from './shop-log.ts'
import { drawLatency, shopRoutes, type ShopRoute, type ShopServiceName } from './shop-routes.ts'
import type { ServerSpan } from './shop-spans.ts'
import { startShopTelemetry, type ShopTelemetry } from './shop-telemetry.ts'

export interface ShopOptions {
  ingestUrl: string
  ingestKey: string
  faults: Faults
  /** Port of the frontend, which a check watches; the others take free ones. */
  frontendPort: number
}

export interface Shop {
  frontendUrl: string
  stop(): Promise<void>
}

interface ShopService {
  url: string
  server: FastifyInstance
  telemetry: ShopTelemetry
}

type Answer = { status: number; body: string; contentType?: string; failure?: Error }

/** One request while it is being answered. */
interface ShopRequest {
  orderId: string
  span: ServerSpan
  log: ShopLog
}

const CALL_TIMEOUT_MS = 10_000
const FLUSH_DEADLINE_MS = 1000
/** Carries the order's number from service to service. */
const ORDER_HEADER = 'x-order-id'
/** Slower requests are worth a warning. */
const SLOW_SECONDS = 0.5

/** What a service does besides calling others. */
const STEPS: Partial<Record<ShopServiceName, { name: string; attributes: Attributes }>> = {
  checkout: {
    name: 'SELECT stock',
    attributes: {
      'db.system.name': 'postgresql',
      'db.query.text': 'SELECT available FROM stock WHERE sku = $1 FOR UPDATE',
      'server.address': 'stock-db',
    },
  },
  payments: { name: 'authorise card', attributes: { 'payment.method': 'card' } },
}

/** What a broken service complains about. */
const BROKEN: Record<ShopServiceName, string> = {
  frontend: 'template cache is corrupt',
  checkout: 'stock database refused the connection',
  payments: 'card processor did not answer',
}

/** Starts the shop: three HTTP services that call each other, frontend -> checkout -> payments, on loopback. */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const payments = await startService('payments', options, 0, (serve) => {
    serve(shopRoutes.charge, (request) => {
      const amount = Number((5 + Math.random() * 120).toFixed(2))
      request.span.note({ 'payment.amount': amount, 'payment.currency': 'EUR' })
      say(request, 'INFO', `charged ${amount.toFixed(2)} EUR`, { 'payment.amount': amount })
      return { status: 201, body: '{"charged":true}' }
    })
  })
  const checkout = await startService('checkout', options, 0, (serve) => {
    serve(shopRoutes.order, async (request) => {
      const status = await call(`${payments.url}/charges`, request)
      if (status >= 400 || status === 0)
        return { status: 502, body: '{"error":"not charged"}', failure: new Error(`payments answered ${status}`) }
      const items = 1 + Math.floor(Math.random() * 4)
      say(request, 'INFO', { event: 'order accepted', order: request.orderId, items }, {})
      return { status: 201, body: '{"ordered":true}' }
    })
  })
  const frontend = await startService('frontend', options, options.frontendPort, (serve) => {
    serve(shopRoutes.home, () => ({ status: 200, body: HOME_PAGE, contentType: 'text/html; charset=utf-8' }))
    serve(shopRoutes.buy, async (request) => {
      const status = await call(`${checkout.url}/orders`, request)
      if (status >= 400 || status === 0) {
        const failure = new Error(`checkout answered ${status}`)
        return { status: 502, body: '{"error":"try again"}', failure }
      }
      say(request, 'INFO', `order ${request.orderId} placed`, {})
      return { status: 201, body: '{"bought":true}' }
    })
  })
  return {
    frontendUrl: frontend.url,
    stop: async () => {
      const services = [frontend, checkout, payments]
      for (const service of services) await service.server.close()
      // The demonstration ends; its last few seconds may be lost with an ingest that is gone already.
      const flushed = Promise.all(services.map((service) => service.telemetry.shutdown().catch(() => undefined)))
      await Promise.race([flushed, sleep(FLUSH_DEADLINE_MS)])
    },
  }
}

const HOME_PAGE = '<!doctype html><title>Demo shop</title><h1>Welcome to the demo shop</h1><p>Everything must go.</p>'

async function startService(
  name: ShopServiceName,
  { ingestUrl, ingestKey, faults }: ShopOptions,
  port: number,
  define: (serve: (route: ShopRoute, handle: (request: ShopRequest) => Answer | Promise<Answer>) => void) => void,
): Promise<ShopService> {
  const server = fastify({ forceCloseConnections: true })
  const telemetry = startShopTelemetry(name, ingestUrl, ingestKey)
  define((route, handle) => {
    server.route({
      method: route.method,
      url: route.route,
      handler: async ({ headers }, reply) => {
        const startedAt = performance.now()
        const span = telemetry.spans.serve(route, headers)
        const orderId = String(headers[ORDER_HEADER] ?? randomInt(1e6, 1e7))
        const request = { orderId, span, log: telemetry.log }
        if (route.route !== shopRoutes.home.route) span.note({ 'order.id': orderId })
        const answer = await serveOne(route, request, handle, faults)
        const seconds = (performance.now() - startedAt) / 1000
        telemetry.record(route, answer.status, seconds)
        if (answer.failure) sayFailed(request, route, answer.status, answer.failure)
        else if (seconds > SLOW_SECONDS)
          say(request, 'WARN', `${route.method} ${route.route} took ${seconds.toFixed(2)} s`, {
            'http.route': route.route,
          })
        span.end(answer.status, answer.failure)
        return reply
          .code(answer.status)
          .type(answer.contentType ?? 'application/json')
          .send(answer.body)
      },
    })
  })
  const url = await server.listen({ host: '127.0.0.1', port })
  return { url, server, telemetry }
}

/** Takes the time that the route takes, then fails or does its work. */
async function serveOne(
  route: ShopRoute,
  request: ShopRequest,
  handle: (request: ShopRequest) => Answer | Promise<Answer>,
  faults: Faults,
): Promise<Answer> {
  // Calls to other services take their own time on top, so a route that calls draws only a part.
  const ownShare = route.service === 'payments' || route.route === '/' ? 1 : 0.4
  const seconds = drawLatency(route, Math.random) * ownShare + faults.extraSeconds(route.service)
  await work(route, request, seconds)
  if (Math.random() < faults.failingShare(route.service)) return failed(BROKEN[route.service], 'broken on purpose')
  if (Math.random() < route.errorShare) return failed('connection reset by peer', 'bad luck')
  return handle(request)
}

/** The route's own work, most of it a step that shows up in the trace. */
async function work(route: ShopRoute, { span }: ShopRequest, seconds: number): Promise<void> {
  const step = STEPS[route.service]
  if (step === undefined) {
    await sleep(seconds * 1000)
    return
  }
  await sleep(seconds * 200)
  await span.within(step.name, step.attributes, async (inner) => {
    await sleep(seconds * 600)
    if (seconds > SLOW_SECONDS) inner.addEvent('lock.waited', { 'lock.name': 'stock', 'wait.seconds': seconds })
  })
  await sleep(seconds * 200)
}

function failed(message: string, error: string): Answer {
  return { status: 500, body: JSON.stringify({ error }), failure: new Error(message) }
}

function say(
  { orderId, span, log }: ShopRequest,
  severity: ShopSeverity,
  body: AnyValue,
  attributes: Attributes,
): void {
  log.write(severity, body, { 'order.id': orderId, ...attributes }, span.context)
}

function sayFailed(request: ShopRequest, route: ShopRoute, status: number, failure: Error): void {
  say(request, 'ERROR', `${route.method} ${route.route} failed: ${failure.message}`, {
    'http.route': route.route,
    'http.response.status_code': status,
    'exception.type': failure.name,
    'exception.message': failure.message,
  })
}

/** Status of another service's answer; 0 when there was none. */
async function call(url: string, { span, orderId }: ShopRequest): Promise<number> {
  return span.calling(url, async (headers) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, [ORDER_HEADER]: orderId },
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      return 0
    }
  })
}
