import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace'

export interface TracedCheckout {
  traceId: string
  serverSpanId: string
  clientSpanId: string
  startMs: number
}

/** A server span of 250 ms with a failed client span of 100 ms in it, through the SDK and this exporter. */
export async function traceCheckout(service: string, exporter: SpanExporter): Promise<TracedCheckout> {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer('checkout', '1.2.3')
  const startMs = Date.now() - 1_000
  const server = tracer.startSpan('POST /checkout', {
    kind: SpanKind.SERVER,
    startTime: startMs,
    attributes: { 'http.request.method': 'POST', 'http.response.status_code': 503 },
  })
  const client = tracer.startSpan(
    'authorise payment',
    { kind: SpanKind.CLIENT, startTime: startMs + 50, attributes: { 'server.address': 'payments' } },
    trace.setSpan(context.active(), server),
  )
  client.addEvent('retry', { attempt: 2 }, startMs + 100)
  client.setStatus({ code: SpanStatusCode.ERROR, message: 'declined' })
  client.end(startMs + 150)
  server.end(startMs + 250)
  await provider.forceFlush()
  await provider.shutdown()
  const { traceId, spanId } = server.spanContext()
  return { traceId, serverSpanId: spanId, clientSpanId: client.spanContext().spanId, startMs }
}
