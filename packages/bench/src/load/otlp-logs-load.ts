import { ByteWriter } from './byte-writer.ts'
import type { Load, LoadBatch } from './load-batch.ts'
import { writeNanos } from './nanosecond-patch.ts'
import { keyValue, scope } from './otlp-messages.ts'
import { RandomBits } from './random-bits.ts'
import { serviceResource, services } from './services.ts'

const SEVERITIES = [
  { number: 9, text: 'INFO', ofHundred: 80 },
  { number: 5, text: 'DEBUG', ofHundred: 10 },
  { number: 13, text: 'WARN', ofHundred: 7 },
  { number: 17, text: 'ERROR', ofHundred: 3 },
]

const MESSAGES = [
  'request finished: customer ######## placed order with 3 items in region eu-west-1',
  'cache miss for key product:########:price, loading it from the primary database',
  'payment ######## was authorised by the provider after 2 attempts',
  'connection to broker kafka-3.prod.internal:9092 for session ######## was reset by peer, reconnecting',
  'user ######## signed in with a passkey from a device that is known',
  'retrying call to inventory-sync for reservation ########: upstream answered 503 Service Unavailable',
  'job ######## took 1834 ms, 1 of 8 workers busy',
  'TypeError: Cannot read properties of undefined (reading "currency") while rendering invoice ########',
]
const PATCHED_DIGITS = 8
const HEX = Buffer.from('0123456789abcdef')

/** OTLP logs, protobuf, uncompressed: distinct requests that get new times, ids and trace links at every step. */
export function otlpLogsLoad(requests: number, recordsPerRequest: number): Load {
  const batches = Array.from({ length: requests }, (_, i) => new OtlpLogsBatch(i, recordsPerRequest))
  const bytes = batches.reduce((sum, b) => sum + b.body.length, 0)
  return {
    signal: 'logs',
    stepMs: 1_000,
    path: '/v1/logs',
    headers: { 'content-type': 'application/x-protobuf' },
    batches,
    sentBytes: bytes,
    plainBytes: bytes,
  }
}

class OtlpLogsBatch implements LoadBatch {
  readonly body: Buffer
  readonly rows: number
  readonly #random: RandomBits
  readonly #view: DataView
  readonly #times: Uint32Array
  readonly #observed: Uint32Array
  readonly #traces: Uint32Array
  readonly #spans: Uint32Array
  readonly #digits: Uint32Array

  constructor(index: number, records: number) {
    this.#random = new RandomBits(index + 1)
    const request = logsRequest(index, records, this.#random)
    this.body = Buffer.from(request.finish())
    this.rows = records
    this.#view = new DataView(this.body.buffer, this.body.byteOffset, this.body.length)
    this.#times = request.places('time')
    this.#observed = request.places('observed')
    this.#traces = request.places('trace')
    this.#spans = request.places('span')
    this.#digits = request.places('digits')
  }

  advance(atMs: number): void {
    for (let i = 0; i < this.rows; i++) {
      // A record a microsecond or so, in its order, with nanoseconds that differ.
      const extra = i * 1_000 + (this.#random.next() % 1_000)
      writeNanos(this.#view, this.#times[i] ?? 0, atMs, extra)
      writeNanos(this.#view, this.#observed[i] ?? 0, atMs + 5, extra)
      const trace = this.#traces[i] ?? 0
      for (let k = 0; k < 16; k += 4) this.#view.setUint32(trace + k, this.#random.next())
      const span = this.#spans[i] ?? 0
      this.#view.setUint32(span, this.#random.next())
      this.#view.setUint32(span + 4, this.#random.next())
      let digits = this.#random.next()
      for (let k = 0; k < PATCHED_DIGITS; k++, digits >>>= 4)
        this.body[(this.#digits[i] ?? 0) + k] = HEX[digits & 15] ?? 0
    }
  }
}

/** All records of a request come from one instance, as an SDK sends them. */
function logsRequest(index: number, records: number, random: RandomBits): ByteWriter {
  const service = services[index % services.length]?.name ?? ''
  const scopeLogs = new ByteWriter()
  scopeLogs.message(1, scope('app.logger'))
  for (let i = 0; i < records; i++) scopeLogs.message(2, logRecord(random))
  const resourceLogs = new ByteWriter()
  resourceLogs.message(1, serviceResource(service, index))
  resourceLogs.message(2, scopeLogs)
  const request = new ByteWriter()
  request.message(1, resourceLogs)
  return request
}

function logRecord(random: RandomBits): ByteWriter {
  const severity = pickSeverity(random.below(100))
  const record = new ByteWriter()
  record.fixed64(1, 0n, 'time')
  record.uint(2, severity.number)
  record.string(3, severity.text)
  record.message(5, body(MESSAGES[random.below(MESSAGES.length)] ?? ''))
  record.message(6, keyValue('http.request.method', random.below(3) === 0 ? 'POST' : 'GET'))
  record.message(6, keyValue('http.response.status_code', [200, 201, 204, 404, 503][random.below(5)] ?? 200))
  record.message(6, keyValue('url.path', `/api/v1/customers/${random.below(5_000)}/orders`))
  record.message(6, keyValue('client.address', `10.${random.below(4)}.${random.below(256)}.${random.below(256)}`))
  record.message(6, keyValue('code.function.name', 'OrderController.place'))
  record.message(6, keyValue('thread.id', random.below(32)))
  record.bytes(9, Buffer.alloc(16), 'trace')
  record.bytes(10, Buffer.alloc(8), 'span')
  record.fixed64(11, 0n, 'observed')
  return record
}

/** AnyValue with the text; the mark is at the digits that change. */
function body(text: string): ByteWriter {
  const bytes = Buffer.from(text)
  const any = new ByteWriter()
  any.tag(1, 2)
  any.varint(bytes.length)
  const digits = text.indexOf('#')
  any.raw(bytes.subarray(0, digits))
  any.mark('digits')
  any.raw(bytes.subarray(digits))
  return any
}

function pickSeverity(ofHundred: number): { number: number; text: string } {
  let sum = 0
  return SEVERITIES.find((s) => ofHundred < (sum += s.ofHundred)) ?? { number: 9, text: 'INFO' }
}
