import { guardedAgent } from '@nines/egress'
import { messageOf } from '@nines/kernel'
import { type Dispatcher, request } from 'undici'
import { parseRetryAfter } from './retry-schedule.ts'

/** Limit for one attempt: name resolution, connection, request and answer. */
const TIMEOUT_MS = 10_000
/** Most that is read of an answer; it only serves the delivery log. */
const SNIPPET_BYTES = 4096

export interface WebhookRequest {
  url: string
  headers: Record<string, string>
  body: string
  /** Private and loopback addresses may be reached. */
  allowPrivate: boolean
}

/**
 * How an attempt ended. `gone` (410) asks to disable the channel. Every other answer than 2xx fails and is tried again:
 * redirects too (they are not followed), and 4xx, because a receiver's mistake must not swallow a page.
 */
export interface WebhookAttempt {
  outcome: 'delivered' | 'failed' | 'gone'
  statusCode: number | null
  /** For a person; null when delivered. */
  error: string | null
  retryAfterSeconds: number | null
  durationMs: number
  responseSnippet: string | null
}

export interface WebhookSender {
  send(webhook: WebhookRequest): Promise<WebhookAttempt>
  close(): Promise<void>
}

/** Posts webhooks. Addresses are checked when connecting, on the very address connected to. */
export function createWebhookSender(options: { timeoutMs?: number } = {}): WebhookSender {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  const agents = {
    guarded: guardedAgent({ allowPrivate: false, timeoutMs }),
    open: guardedAgent({ allowPrivate: true, timeoutMs }),
  }
  return {
    send: (webhook) => attempt(webhook, webhook.allowPrivate ? agents.open : agents.guarded, timeoutMs),
    async close() {
      await Promise.all([agents.guarded.destroy(), agents.open.destroy()])
    },
  }
}

async function attempt(webhook: WebhookRequest, dispatcher: Dispatcher, timeoutMs: number): Promise<WebhookAttempt> {
  const startedAt = performance.now()
  const signal = AbortSignal.timeout(timeoutMs)
  const failed = (error: string): WebhookAttempt => ({
    outcome: 'failed',
    statusCode: null,
    error,
    retryAfterSeconds: null,
    durationMs: performance.now() - startedAt,
    responseSnippet: null,
  })
  try {
    const answer = await request(webhook.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Nines-Webhooks/1', ...webhook.headers },
      body: webhook.body,
      dispatcher,
      signal,
    })
    return {
      ...classify(answer.statusCode, answer.headers.location),
      statusCode: answer.statusCode,
      retryAfterSeconds: parseRetryAfter(one(answer.headers['retry-after']), Date.now()),
      responseSnippet: await snippet(answer.body),
      durationMs: performance.now() - startedAt,
    }
  } catch (error) {
    return failed(signal.aborted ? `no answer within ${timeoutMs / 1000} s` : messageOf(error).slice(0, 500))
  }
}

function classify(
  statusCode: number,
  location: string | string[] | undefined,
): Pick<WebhookAttempt, 'outcome' | 'error'> {
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'delivered', error: null }
  if (statusCode === 410) return { outcome: 'gone', error: 'status 410: the receiver wants no more messages' }
  const redirect = statusCode >= 300 && statusCode < 400 && location !== undefined
  return { outcome: 'failed', error: `status ${statusCode}${redirect ? ': redirects are not followed' : ''}` }
}

/**
 * The beginning of an answer's body. The status is the answer: a body that breaks off or never ends changes nothing,
 * except that the attempt's own deadline ends the reading.
 */
async function snippet(body: Dispatcher.ResponseData['body']): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer)
      size += (chunk as Buffer).length
      if (size >= SNIPPET_BYTES) break
    }
  } catch {
    // What arrived is still worth keeping.
  } finally {
    body.destroy()
  }
  const text = Buffer.concat(chunks).subarray(0, SNIPPET_BYTES).toString('utf8')
  // PostgreSQL stores no NUL.
  return text === '' ? null : text.replaceAll('\0', '')
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}
