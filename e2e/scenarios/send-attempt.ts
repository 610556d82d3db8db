import { Client, credentials, Metadata, status as codes, type ServiceError } from '@grpc/grpc-js'
import type { TelemetryFormat } from './telemetry-formats.ts'

const ATTEMPT_TIMEOUT_MS = 10_000
const RETRYABLE_HTTP = new Set([429, 502, 503, 504])
/** Codes that OTLP's specification lets a sender retry; RESOURCE_EXHAUSTED only with RetryInfo. */
const RETRYABLE_GRPC = new Set([codes.CANCELLED, codes.DEADLINE_EXCEEDED, codes.ABORTED, codes.UNAVAILABLE])

/** What a sender makes of one attempt, by the rules of the protocol it speaks. */
export interface Answer {
  /** `retry` also where no answer came: the rows may be in or not. `final` is a refusal or a partial success. */
  kind: 'acked' | 'retry' | 'final'
  /** HTTP status or name of the gRPC code; `none` where no answer came. */
  status: string
  /** Whether a refusal said when to come again. */
  saysWhen: boolean
  retryAfterSeconds: number
  text: string
}

export interface SendTarget {
  ingestUrl: string
  /** host:port; only for formats over gRPC. */
  ingestGrpc?: string
  key: string
}

export type Attempt = (body: string | Uint8Array<ArrayBuffer>) => Promise<Answer>

/** How requests of a format are sent to a target. */
export function attemptsTo(target: SendTarget, format: TelemetryFormat): Attempt {
  return format.transport === 'grpc' ? overGrpc(target, format) : overHttp(target, format)
}

function overHttp({ ingestUrl, key }: SendTarget, { path, headers }: TelemetryFormat): Attempt {
  return async (body) => {
    try {
      const response = await fetch(ingestUrl + path, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${key}` },
        body,
        signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
      })
      const text = await response.text()
      const after = response.headers.get('retry-after')
      const rest = { status: String(response.status), saysWhen: after !== null, retryAfterSeconds: Number(after), text }
      // In protobuf an answer without a partial success is empty.
      const isPartial = headers['content-type'] === 'application/x-protobuf' ? text !== '' : text.includes('rejected')
      if (response.ok) return { kind: isPartial ? 'final' : 'acked', ...rest }
      return { kind: RETRYABLE_HTTP.has(response.status) ? 'retry' : 'final', ...rest }
    } catch (error) {
      return { kind: 'retry', status: 'none', saysWhen: false, retryAfterSeconds: 0, text: String(error) }
    }
  }
}

function overGrpc({ ingestGrpc = '', key }: SendTarget, { path }: TelemetryFormat): Attempt {
  const client = new Client(ingestGrpc, credentials.createInsecure(), { 'grpc.max_reconnect_backoff_ms': 1_000 })
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${key}`)
  const asIs = (bytes: Buffer) => bytes
  return (body) =>
    new Promise((resolve) => {
      const options = { deadline: Date.now() + ATTEMPT_TIMEOUT_MS }
      client.makeUnaryRequest(path, asIs, asIs, Buffer.from(body), metadata, options, (error, answer) =>
        resolve(error ? refusalOf(error) : successOf(answer as Buffer)),
      )
    })
}

/** An export response is empty unless it tells of a partial success. */
function successOf(answer: Buffer): Answer {
  const kind = answer.length === 0 ? 'acked' : 'final'
  return { kind, status: 'OK', saysWhen: false, retryAfterSeconds: 0, text: answer.toString('latin1') }
}

function refusalOf(error: ServiceError): Answer {
  const details = error.metadata?.get('grpc-status-details-bin')[0]?.toString('latin1') ?? ''
  const saysWhen = details.includes('google.rpc.RetryInfo')
  const isRetryable = RETRYABLE_GRPC.has(error.code) || (error.code === codes.RESOURCE_EXHAUSTED && saysWhen)
  // Of a connection that broke nothing came back; what the server says carries details.
  const status = saysWhen || !isRetryable ? (codes[error.code] ?? String(error.code)) : 'none'
  return { kind: isRetryable ? 'retry' : 'final', status, saysWhen, retryAfterSeconds: 1, text: error.details }
}
