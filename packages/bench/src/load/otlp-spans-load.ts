import { ByteWriter } from './byte-writer.ts'
import type { Load, LoadBatch } from './load-batch.ts'
import { writeNanos } from './nanosecond-patch.ts'
import { keyValue, scope } from './otlp-messages.ts'
import { RandomBits } from './random-bits.ts'
import { serviceResource, services } from './services.ts'

const SPANS_PER_TRACE = 5
const SERVER = 2
const CLIENT = 3
const ERROR = 2
const ERRORS_OF_THOUSAND = 20

/** OTLP spans, protobuf, uncompressed: traces over five services, with new ids, times and durations at every step. */
export function otlpSpansLoad(requests: number, spansPerRequest: number): Load {
  const batches = Array.from({ length: requests }, (_, i) => new OtlpSpansBatch(i, spansPerRequest))
  const bytes = batches.reduce((sum, b) => sum + b.body.length, 0)
  return {
    signal: 'spans',
    stepMs: 1_000,
    path: '/v1/traces',
    headers: { 'content-type': 'application/x-protobuf' },
    batches,
    sentBytes: bytes,
    plainBytes: bytes,
  }
}

/** Where a span of a trace stands in the request, spans of a trace one after the other. */
interface SpanPlaces {
  trace: Uint32Array
  span: Uint32Array
  parent: Uint32Array
  start: Uint32Array
  end: Uint32Array
}

class OtlpSpansBatch implements LoadBatch {
  readonly body: Buffer
  readonly rows: number
  readonly #random: RandomBits
  readonly #view: DataView
  readonly #places: SpanPlaces

  constructor(index: number, spans: number) {
    this.#random = new RandomBits(index + 101)
    const request = spansRequest(index, spans, this.#random)
    this.body = Buffer.from(request.finish())
    this.rows = spans
    this.#view = new DataView(this.body.buffer, this.body.byteOffset, this.body.length)
    this.#places = {
      trace: request.places('trace'),
      span: request.places('span'),
      parent: request.places('parent'),
      start: request.places('start'),
      end: request.places('end'),
    }
  }

  /** The spans of a trace nest: each begins a little after its parent and ends before it. */
  advance(atMs: number): void {
    const random = this.#random
    const traces = this.rows / SPANS_PER_TRACE
    for (let t = 0; t < traces; t++) {
      const id = [random.next(), random.next(), random.next(), random.next()]
      // Long-tailed durations from 1 ms to some seconds.
      const durationNanos = 1e6 + (10 ** (random.below(1_000) / 300) - 1) * 1e6
      let parent = [0, 0]
      for (let depth = 0; depth < SPANS_PER_TRACE; depth++) {
        const i = this.#indexOf(t, depth, traces)
        this.#write(this.#places.trace[i], id)
        if (depth > 0) this.#write(this.#places.parent[i], parent)
        parent = [random.next(), random.next()]
        this.#write(this.#places.span[i], parent)
        const startNanos = t * 1_000 + depth * 50_000
        const lengthNanos = Math.floor(durationNanos * (1 - depth * 0.15))
        writeNanos(this.#view, this.#places.start[i] ?? 0, atMs, startNanos)
        writeNanos(this.#view, this.#places.end[i] ?? 0, atMs, startNanos + lengthNanos)
      }
    }
  }

  /** Spans of one depth stand together, because a depth is a service. */
  #indexOf(trace: number, depth: number, traces: number): number {
    return depth * traces + trace
  }

  #write(at: number | undefined, words: number[]): void {
    for (const [k, word] of words.entries()) this.#view.setUint32((at ?? 0) + 4 * k, word)
  }
}

function spansRequest(index: number, spans: number, random: RandomBits): ByteWriter {
  const request = new ByteWriter()
  for (let depth = 0; depth < SPANS_PER_TRACE; depth++) {
    const service = services[(index + depth) % services.length] ?? { name: '', operations: [] }
    const scopeSpans = new ByteWriter()
    scopeSpans.message(1, scope('@opentelemetry/instrumentation-http'))
    for (let i = 0; i < spans / SPANS_PER_TRACE; i++) scopeSpans.message(2, span(service.operations, depth, random))
    const resourceSpans = new ByteWriter()
    resourceSpans.message(1, serviceResource(service.name, index))
    resourceSpans.message(2, scopeSpans)
    request.message(1, resourceSpans)
  }
  return request
}

function span(operations: readonly string[], depth: number, random: RandomBits): ByteWriter {
  const operation = operations[random.below(operations.length)] ?? ''
  const isError = random.below(1_000) < ERRORS_OF_THOUSAND
  const message = new ByteWriter()
  message.bytes(1, Buffer.alloc(16), 'trace')
  message.bytes(2, Buffer.alloc(8), 'span')
  if (depth > 0) message.bytes(4, Buffer.alloc(8), 'parent')
  else message.mark('parent')
  message.string(5, operation)
  message.uint(6, depth % 2 === 0 ? SERVER : CLIENT)
  message.fixed64(7, 0n, 'start')
  message.fixed64(8, 0n, 'end')
  message.message(9, keyValue('http.request.method', operation.startsWith('POST') ? 'POST' : 'GET'))
  message.message(9, keyValue('http.route', operation.split(' ')[1] ?? operation))
  message.message(9, keyValue('http.response.status_code', isError ? 500 : 200))
  message.message(9, keyValue('server.address', `svc-${random.below(40)}.prod.internal`))
  message.message(9, keyValue('network.protocol.version', '1.1'))
  message.message(9, keyValue('user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0'))
  if (isError) message.message(15, status('upstream answered 500'))
  return message
}

function status(text: string): ByteWriter {
  const message = new ByteWriter()
  message.string(2, text)
  message.uint(3, ERROR)
  return message
}
