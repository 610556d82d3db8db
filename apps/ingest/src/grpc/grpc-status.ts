import { Metadata, status as codes, type StatusObject } from '@grpc/grpc-js'
import { NinesError, type ErrorCode } from '@nines/kernel'

const CODES: Record<ErrorCode, codes> = {
  bad_request: codes.INVALID_ARGUMENT,
  invalid: codes.INVALID_ARGUMENT,
  unsupported_media_type: codes.INVALID_ARGUMENT,
  unauthenticated: codes.UNAUTHENTICATED,
  forbidden: codes.PERMISSION_DENIED,
  not_found: codes.NOT_FOUND,
  gone: codes.NOT_FOUND,
  method_not_allowed: codes.UNIMPLEMENTED,
  conflict: codes.ABORTED,
  too_large: codes.RESOURCE_EXHAUSTED,
  rate_limited: codes.RESOURCE_EXHAUSTED,
  unavailable: codes.UNAVAILABLE,
  internal: codes.INTERNAL,
}
const RETRY_INFO_TYPE = 'type.googleapis.com/google.rpc.RetryInfo'

/**
 * How a refusal is told over gRPC, as OTLP's specification says: what may be retried carries a google.rpc.RetryInfo, and
 * RESOURCE_EXHAUSTED without one must not be retried, which is right for a message that is too large.
 */
export function grpcStatus(error: unknown): StatusObject {
  const known =
    error instanceof NinesError
      ? error
      : new NinesError('internal', 'ingest failed to handle the request', { cause: error })
  const code = CODES[known.code]
  const metadata = new Metadata()
  if (known.code === 'rate_limited' || known.code === 'unavailable')
    metadata.set('grpc-status-details-bin', retryDetails(code, known.message, known.retryAfterSeconds ?? 1))
  return { code, details: known.message, metadata }
}

/** google.rpc.Status { code = 1, message = 2, details = 3: Any { type_url = 1, value = 2: RetryInfo { retry_delay = 1 } } } */
function retryDetails(code: codes, message: string, seconds: number): Buffer {
  const duration = Buffer.concat([Buffer.from([0x08]), varint(seconds)])
  const any = [field(1, Buffer.from(RETRY_INFO_TYPE)), field(2, field(1, duration))]
  return Buffer.concat([Buffer.from([0x08, code]), field(2, Buffer.from(message)), field(3, Buffer.concat(any))])
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = Math.floor(value)
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Buffer.from([...bytes, rest])
}
