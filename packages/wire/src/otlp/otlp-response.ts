import type { IngestOutcome } from './rejected-rows.ts'

export type OtlpEncoding = 'protobuf' | 'json'

export const CONTENT_TYPES: Record<OtlpEncoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

/** google.rpc.Code for the HTTP statuses that ingest answers. */
const RPC_CODES: Record<number, number> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  413: 8,
  415: 3,
  422: 3,
  429: 8,
  500: 13,
  503: 14,
}
const UNKNOWN = 2

export type OtlpSignal = 'metrics' | 'logs' | 'traces'

/** What the field of rejected rows is called in JSON; in protobuf it has the same number for every signal. */
const REJECTED_KEYS: Record<OtlpSignal, string> = {
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
  traces: 'rejectedSpans',
}

/** Body of an Export<Signal>ServiceResponse; `partial_success` is unset when everything was accepted. */
export function encodeExportResponse(
  encoding: OtlpEncoding,
  { rejected, message }: IngestOutcome,
  signal: OtlpSignal = 'metrics',
): Buffer {
  const partial = rejected > 0 || message !== ''
  if (encoding === 'json') {
    // int64 is a string in protobuf's JSON mapping.
    const body = partial ? { partialSuccess: { [REJECTED_KEYS[signal]]: String(rejected), errorMessage: message } } : {}
    return Buffer.from(JSON.stringify(body))
  }
  if (!partial) return Buffer.alloc(0)
  return lengthField(1, Buffer.concat([varintField(1, rejected), lengthField(2, Buffer.from(message))]))
}

/** What is wrong with one field of a request; the path is empty where the fault has no field. */
export interface FieldViolation {
  path: string
  message: string
}

const BAD_REQUEST_TYPE = 'type.googleapis.com/google.rpc.BadRequest'

/**
 * Body of a google.rpc.Status, which OTLP wants for every 4xx and 5xx. Violations, where given, go into its details as a
 * google.rpc.BadRequest.
 */
export function encodeStatus(
  encoding: OtlpEncoding,
  httpStatus: number,
  message: string,
  violations: readonly FieldViolation[] = [],
): Buffer {
  const code = RPC_CODES[httpStatus] ?? UNKNOWN
  if (encoding === 'json') {
    const fieldViolations = violations.map(({ path, message: description }) => ({ field: path, description }))
    const details = [{ '@type': BAD_REQUEST_TYPE, fieldViolations }]
    return Buffer.from(JSON.stringify({ code, message, ...(violations.length > 0 && { details }) }))
  }
  const status = [varintField(1, code), lengthField(2, Buffer.from(message))]
  return Buffer.concat(violations.length === 0 ? status : [...status, lengthField(3, badRequestAny(violations))])
}

/** Any { type_url = 1, value = 2: BadRequest { field_violations = 1: { field = 1, description = 2 } } } */
function badRequestAny(violations: readonly FieldViolation[]): Buffer {
  const fields = violations.map(({ path, message }) =>
    lengthField(1, Buffer.concat([lengthField(1, Buffer.from(path)), lengthField(2, Buffer.from(message))])),
  )
  return Buffer.concat([lengthField(1, Buffer.from(BAD_REQUEST_TYPE)), lengthField(2, Buffer.concat(fields))])
}

function lengthField(field: number, content: Buffer): Buffer {
  return content.length === 0
    ? Buffer.alloc(0)
    : Buffer.concat([Buffer.from([(field << 3) | 2]), varint(content.length), content])
}

function varintField(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([field << 3]), varint(value)])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Buffer.from([...bytes, rest])
}
