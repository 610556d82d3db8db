/** Stable error codes; the API renders them as RFC 9457 problem details. */
export type ErrorCode =
  | 'bad_request'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'unavailable'
  | 'internal'

const STATUS: Record<ErrorCode, number> = {
  bad_request: 400,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
}

export interface ErrorOptionsWithDetail {
  /** Field-by-field problems: where (JSON pointer or parameter name) and what. */
  issues?: { path: string; message: string }[]
  /** Seconds after which a retry makes sense. */
  retryAfterSeconds?: number
  cause?: unknown
}

/** An error whose message is safe to show to the caller: it says what is wrong and where, never a secret. */
export class NinesError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly issues: { path: string; message: string }[]
  readonly retryAfterSeconds: number | undefined
  constructor(code: ErrorCode, message: string, options: ErrorOptionsWithDetail = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'NinesError'
    this.code = code
    this.status = STATUS[code]
    this.issues = options.issues ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** The message of anything thrown, for logs and problem bodies. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
