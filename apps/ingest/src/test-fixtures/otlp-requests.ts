import type { TelemetrySignal } from '@nines/contracts'
import type { OtlpEncoding } from '@nines/wire'
import type { IngestUnderTest } from '../ingest-under-test.ts'
import { bytesField, doubleField, fixed64Field, protobufFields } from './protobuf.ts'

/** A row that is taken, one that is rejected for its age, and bytes that are no row at all. */
export type TestRow = 'good' | 'old'

export const SIGNALS = ['metrics', 'logs', 'traces'] as const satisfies TelemetrySignal[]
export const ENCODINGS = ['protobuf', 'json'] as const satisfies OtlpEncoding[]
export const TYPES: Record<OtlpEncoding, string> = { protobuf: 'application/x-protobuf', json: 'application/json' }
const TABLES = { metrics: 'samples', logs: 'logs', traces: 'spans' } as const
const KEYS = {
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
} as const satisfies Record<TelemetrySignal, readonly string[]>
/** Names of the count of rejected rows in the signals' partial_success. */
export const REJECTED = {
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
  traces: 'rejectedSpans',
} as const

const TRACE = '5b8efff798038103d269b633813fc60c'
const SPAN = 'eee19b7ec3c1b174'
/** Makes every row another: a body that was sent before is known as the same request. */
let rows = 0

/** An Export<Signal>ServiceRequest of the service `shop`. For tests. */
export function otlpRequest(signal: TelemetrySignal, encoding: OtlpEncoding, given: readonly TestRow[]): Buffer {
  if (encoding === 'json')
    return jsonRequest(
      signal,
      given.map((row) => jsonRow(signal, timeOf(row))),
    )
  const items = given.map((row) => bytesField(2, protobufRow(signal, timeOf(row))))
  const name = Buffer.concat([bytesField(1, 'service.name'), bytesField(2, bytesField(1, 'shop'))])
  return bytesField(1, Buffer.concat([bytesField(1, bytesField(1, name)), bytesField(2, Buffer.concat(items))]))
}

/** A request in JSON with the given metrics, log records or spans. */
export function jsonRequest(signal: TelemetrySignal, items: readonly object[], extra: object = {}): Buffer {
  const [resources, scopes, records] = KEYS[signal]
  const attributes = [{ key: 'service.name', value: { stringValue: 'shop' } }]
  return Buffer.from(
    JSON.stringify({
      [resources]: [
        {
          resource: { attributes, ...extra },
          [scopes]: [{ scope: { ...extra }, [records]: items, ...extra }],
          ...extra,
        },
      ],
      ...extra,
    }),
  )
}

/** A metric, a log record or a span in JSON. */
export function jsonRow(signal: TelemetrySignal, nanos = timeOf('good'), more: object = {}): object {
  const timeUnixNano = String(nanos)
  const value = ++rows
  if (signal === 'metrics') return { name: 'g', gauge: { dataPoints: [{ timeUnixNano, asDouble: value, ...more }] } }
  if (signal === 'logs') return { timeUnixNano, body: { stringValue: `row ${value}` }, ...more }
  const times = { startTimeUnixNano: timeUnixNano, endTimeUnixNano: timeUnixNano }
  return { traceId: TRACE, spanId: SPAN, name: `row ${value}`, ...times, ...more }
}

function protobufRow(signal: TelemetrySignal, nanos: bigint): Buffer {
  const value = ++rows
  if (signal === 'metrics') {
    const point = Buffer.concat([fixed64Field(3, nanos), doubleField(4, value)])
    return Buffer.concat([bytesField(1, 'g'), bytesField(5, bytesField(1, point))])
  }
  if (signal === 'logs') return Buffer.concat([fixed64Field(1, nanos), bytesField(5, bytesField(1, `row ${value}`))])
  const ids = [bytesField(1, Buffer.from(TRACE, 'hex')), bytesField(2, Buffer.from(SPAN, 'hex'))]
  return Buffer.concat([...ids, bytesField(5, `row ${value}`), fixed64Field(7, nanos), fixed64Field(8, nanos)])
}

export function timeOf(row: TestRow): bigint {
  return row === 'old' ? 1_000_000_000n : BigInt(Date.now()) * 1_000_000n
}

/** The partial_success of a response's body, its count by the name that the signal has for it; undefined when unset. */
export function partialSuccessOf(signal: TelemetrySignal, encoding: OtlpEncoding, body: Buffer): object | undefined {
  if (encoding === 'json') return (JSON.parse(body.toString()) as { partialSuccess?: object }).partialSuccess
  const partial = protobufFields(body).find(([number]) => number === 1)?.[1]
  if (!Buffer.isBuffer(partial)) return undefined
  const fields = new Map(protobufFields(partial))
  return { [REJECTED[signal]]: String(fields.get(1) ?? 0n), errorMessage: String(fields.get(2) ?? '') }
}

/** Code and message of a google.rpc.Status. Throws for bytes that are none. */
export function statusOf(encoding: OtlpEncoding, body: Buffer): { code: number; message: string } {
  if (encoding === 'json') return JSON.parse(body.toString()) as { code: number; message: string }
  const fields = new Map(protobufFields(body))
  return { code: Number(fields.get(1)), message: String(fields.get(2)) }
}

/** How many rows of the signal were appended since the last call. */
export async function takenRows(ingest: IngestUnderTest, signal: TelemetrySignal): Promise<number> {
  const entries = await ingest.appended()
  return entries.reduce((sum, { block }) => sum + (block.tables?.get(TABLES[signal])?.rows ?? 0), 0)
}
