import { messageOf } from '@nines/kernel'

/** How sending one entry ended. */
export type SendOutcome =
  | { kind: 'accepted' }
  /** The receiver may take it later; not before `afterMs`, when given. */
  | { kind: 'retry'; reason: string; afterMs?: number }
  /** The receiver will never take it. */
  | { kind: 'rejected'; reason: string }

export interface PostRequest {
  url: string
  headers: Record<string, string>
  body: Uint8Array
  timeoutMs: number
  signal?: AbortSignal
  /** Whether an answer that is not 2xx may be followed by another try; by default as OTLP/HTTP says. */
  isRetryable?: (status: number) => boolean
}

/** Statuses after which OTLP/HTTP lets a client try again (specification, section "Retryable Response Codes"). */
const RETRYABLE = new Set([429, 502, 503, 504])
const REASON_LENGTH = 300

/** Posts one entry and judges the answer; network errors count as retryable. Never rejects. */
export async function postEntry(request: PostRequest): Promise<SendOutcome> {
  const isRetryable = request.isRetryable ?? ((status: number) => RETRYABLE.has(status))
  const timeout = AbortSignal.timeout(request.timeoutMs)
  try {
    const response = await fetch(request.url, {
      method: 'POST',
      headers: request.headers,
      body: new Uint8Array(request.body),
      redirect: 'manual',
      signal: request.signal ? AbortSignal.any([timeout, request.signal]) : timeout,
    })
    const text = await response.text()
    if (response.ok) return { kind: 'accepted' }
    const reason = `status ${response.status}: ${printable(text)}`
    if (!isRetryable(response.status)) return { kind: 'rejected', reason }
    const afterMs = retryAfterMs(response.headers.get('retry-after'), Date.now())
    return { kind: 'retry', reason, ...(afterMs === undefined ? {} : { afterMs }) }
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    return { kind: 'retry', reason: messageOf(cause) }
  }
}

/** Milliseconds from a Retry-After header, given in seconds or as an HTTP date; undefined when it holds neither. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, REASON_LENGTH)
}
