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

/** Counts and measures one answered request. `path` is a route, never what a client made up. */
export type RequestMeter = (route: string, method: string, status: number, elapsedMs: number) => void

/** The instruments of answered requests, for servers that are no Fastify. Does nothing where nothing is exported. */
export function createRequestMeter(instruments: Instruments): RequestMeter {
  const { requests, durations } = requestInstruments(instruments)
  if (!instruments.enabled) return () => undefined
  return (route, method, status, elapsedMs) => {
    const attributes = attributesOf(route, method, status)
    requests.add(1, attributes)
    durations.record(elapsedMs / 1_000, attributes)
  }
}

/**
 * Counts every answered request (`nines.http.server.requests`) and measures it (`nines.http.server.duration`, seconds).
 * Call it before routes and child plugins are registered. Requests without a route share the route `unmatched`, so
 * that scanners cannot add series. Event streams are counted but not measured: they last as long as a browser tab.
 * Health checks are left out: nobody is served by them, and a 503 of /readyz is no failure but its answer.
 */
export function observeRequests(server: ObservableServer, instruments: Instruments): void {
  if (!instruments.enabled) return
  const { requests, durations } = requestInstruments(instruments)
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched'
    if (HEALTH_ROUTES.has(route)) return done()
    const attributes = attributesOf(route, request.method, reply.statusCode)
    requests.add(1, attributes)
    const contentType = reply.getHeader('content-type')
    if (!(typeof contentType === 'string' && contentType.startsWith('text/event-stream')))
      durations.record(reply.elapsedTime / 1000, attributes)
    return done()
  })
}

function requestInstruments(instruments: Instruments) {
  const requests = instruments.counter('nines.http.server.requests', {
    unit: '{request}',
    description: 'HTTP requests answered',
  })
  const durations = instruments.histogram('nines.http.server.duration', {
    unit: 's',
    description: 'Time from the request to the end of the answer',
  })
  return { requests, durations }
}

function attributesOf(route: string, method: string, status: number) {
  return {
    'http.route': route,
    'http.request.method': method,
    'http.response.status_code': status,
    status_class: `${Math.floor(status / 100)}xx`,
  }
}
