import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import type { Faults } from './faults.ts'
import { drawLatency, shopRoutes, type ShopRoute, type ShopServiceName } from './shop-routes.ts'
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

type Answer = { status: number; body: string; contentType?: string }

const CALL_TIMEOUT_MS = 10_000
const FLUSH_DEADLINE_MS = 1000

/** Starts the shop: three HTTP services that call each other, frontend -> checkout -> payments, on loopback. */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const payments = await startService('payments', options, 0, (serve) => {
    serve(shopRoutes.charge, () => ({ status: 201, body: '{"charged":true}' }))
  })
  const checkout = await startService('checkout', options, 0, (serve) => {
    serve(shopRoutes.order, async () => {
      const charged = await call(`${payments.url}/charges`)
      return charged ? { status: 201, body: '{"ordered":true}' } : { status: 502, body: '{"error":"not charged"}' }
    })
  })
  const frontend = await startService('frontend', options, options.frontendPort, (serve) => {
    serve(shopRoutes.home, () => ({ status: 200, body: HOME_PAGE, contentType: 'text/html; charset=utf-8' }))
    serve(shopRoutes.buy, async () => {
      const ordered = await call(`${checkout.url}/orders`)
      return ordered ? { status: 201, body: '{"bought":true}' } : { status: 502, body: '{"error":"try again"}' }
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
  define: (serve: (route: ShopRoute, handle: () => Answer | Promise<Answer>) => void) => void,
): Promise<ShopService> {
  const server = fastify({ forceCloseConnections: true })
  const telemetry = startShopTelemetry(name, ingestUrl, ingestKey)
  define((route, handle) => {
    server.route({
      method: route.method,
      url: route.route,
      handler: async (_, reply) => {
        const startedAt = performance.now()
        const answer = await serveOne(route, handle, faults)
        telemetry.record(route, answer.status, (performance.now() - startedAt) / 1000)
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
async function serveOne(route: ShopRoute, handle: () => Answer | Promise<Answer>, faults: Faults): Promise<Answer> {
  // Calls to other services take their own time on top, so a route that calls draws only a part.
  const ownShare = route.service === 'payments' || route.route === '/' ? 1 : 0.4
  const seconds = drawLatency(route, Math.random) * ownShare + faults.extraSeconds(route.service)
  await sleep(seconds * 1000)
  if (Math.random() < faults.failingShare(route.service)) return { status: 500, body: '{"error":"broken on purpose"}' }
  if (Math.random() < route.errorShare) return { status: 500, body: '{"error":"bad luck"}' }
  return handle()
}

/** Whether a call to another service succeeded. */
async function call(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(CALL_TIMEOUT_MS) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
