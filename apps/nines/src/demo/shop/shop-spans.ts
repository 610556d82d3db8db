import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { ShopRoute } from './shop-routes.ts'
import type { ShopSender } from './shop-sender.ts'

const propagator = new W3CTraceContextPropagator()

export interface ShopSpans {
  /** The span of a request that came in, below its caller's where the headers name one. */
  serve(route: ShopRoute, headers: Readonly<Record<string, unknown>>): ServerSpan
  shutdown(): Promise<void>
}

export interface ServerSpan {
  /** Logs written with it carry the span's ids. */
  context: Context
  note(attributes: Attributes): void
  /** Does a part of the work in a span of its own. */
  within<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T>
  /** Calls another service in a client span, with the headers that carry the trace there. */
  calling(url: string, send: (headers: Record<string, string>) => Promise<number>): Promise<number>
  /** Closes the span with the answer's status; `failure` says what went wrong here. */
  end(statusCode: number, failure?: Error): void
}

/** Spans of one shop service. Contexts are handed on by hand, so that three services can share one process. */
export function startShopSpans({ resource, scope, url, options }: ShopSender): ShopSpans {
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces`, ...options })
  const provider = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 2000 })],
  })
  const tracer = provider.getTracer(scope)
  const serve = (route: ShopRoute, headers: Readonly<Record<string, unknown>>): ServerSpan => {
    const caller = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
    const attributes = { 'http.request.method': route.method, 'http.route': route.route, 'url.path': route.route }
    const own = tracer.startSpan(`${route.method} ${route.route}`, { kind: SpanKind.SERVER, attributes }, caller)
    const context = trace.setSpan(caller, own)
    return {
      context,
      note: (noted) => void own.setAttributes(noted),
      within: async (name, attributes, work) => {
        const kind = 'db.system.name' in attributes ? SpanKind.CLIENT : SpanKind.INTERNAL
        const span = tracer.startSpan(name, { kind, attributes }, context)
        return work(span).finally(() => span.end())
      },
      calling: async (target, send) => {
        const { hostname, port, pathname } = new URL(target)
        const attributes = {
          'http.request.method': 'POST',
          'url.full': target,
          'server.address': hostname,
          'server.port': Number(port),
        }
        const span = tracer.startSpan(`POST ${pathname}`, { kind: SpanKind.CLIENT, attributes }, context)
        const carrier: Record<string, string> = {}
        propagator.inject(trace.setSpan(context, span), carrier, defaultTextMapSetter)
        const statusCode = await send(carrier)
        endHttpSpan(span, statusCode, statusCode === 0 || statusCode >= 400)
        return statusCode
      },
      end: (statusCode, failure) => {
        if (failure) own.recordException(failure)
        endHttpSpan(own, statusCode, statusCode >= 500, failure?.message)
      },
    }
  }
  return { serve, shutdown: () => provider.shutdown() }
}

/** By OpenTelemetry's conventions a server fails from 500 on, a client from 400 on; 0 is no answer at all. */
function endHttpSpan(span: Span, statusCode: number, isFailure: boolean, message?: string): void {
  if (statusCode > 0) span.setAttribute('http.response.status_code', statusCode)
  if (isFailure) {
    span.setAttribute('error.type', statusCode === 0 ? 'timeout' : String(statusCode))
    span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) })
  }
  span.end()
}
