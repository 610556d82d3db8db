import type { Instruments } from './instruments.ts'

/** The part of a Fastify instance that is used, so that instances with any type provider or logger fit. */
export interface ObservableServer {
  addHook(name: 'onResponse', hook: (request: ObservedRequest, reply: ObservedReply, done: () => void) => void): unknown
}
interface ObservedRequest {
  readonly method: string
  readonly routeOptions: { readonly url?: string | undefined }
}
interface ObservedReply {
  readonly statusCode: number
  readonly elapsedTime: number
  getHeader(name: string): unknown
}

const HEALTH_ROUTES = new Set(['/healthz', '/readyz'])

/**
 * Counts every answered request (`nines.http.server.requests`) and measures it (`nines.http.server.duration`, seconds).
 * Call it before routes and child plugins are registered. Requests without a route share the route `unmatched`, so
 * that scanners cannot add series. Event streams are counted but not measured: they last as long as a browser tab.
 * Health checks are left out: nobody is served by them, and a 503 of /readyz is no failure but its answer.
 */
export function observeRequests(server: ObservableServer, instruments: Instruments): void {
  if (!instruments.enabled) return
  const requests = instruments.counter('nines.http.server.requests', {
    unit: '{request}',
    description: 'HTTP requests answered',
  })
  const durations = instruments.histogram('nines.http.server.duration', {
    unit: 's',
    description: 'Time from the request to the end of the answer',
  })
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched'
    if (HEALTH_ROUTES.has(route)) return done()
    const attributes = {
      'http.route': route,
      'http.request.method': request.method,
      'http.response.status_code': reply.statusCode,
      status_class: `${Math.floor(reply.statusCode / 100)}xx`,
    }
    requests.add(1, attributes)
    const contentType = reply.getHeader('content-type')
    if (!(typeof contentType === 'string' && contentType.startsWith('text/event-stream')))
      durations.record(reply.elapsedTime / 1000, attributes)
    return done()
  })
}
