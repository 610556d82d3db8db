import type { CheckRun, HttpCheckConfig } from '@nines/contracts'
import { guardedAgent } from '@nines/egress'
import { request, type Dispatcher } from 'undici'
import { assertionFailure, type CheckedAnswer } from './assertions.ts'
import { failureText } from './failure-text.ts'
import { RunClock } from './run-clock.ts'
import { firstHop, followsRedirects, nextHop, type Hop } from './redirects.ts'

/** What one run found; the probe adds which check, where and when it was due. */
export type HttpCheckOutcome = Pick<CheckRun, 'startedAt' | 'durationMs' | 'ok' | 'statusCode' | 'error' | 'phases'>

export interface HttpCheckLimits {
  /** Everything together: redirects, body and all. */
  timeoutMs: number
  /** Ends the run early, as when the probe stops. */
  signal?: AbortSignal
  /** Extra certificate authorities (PEM) to trust. */
  ca?: string
}

export const BODY_LIMIT_BYTES = 1024 * 1024
const REDIRECT_LIMIT = 5
const ERROR_LENGTH = 500

interface HopResult {
  statusCode: number
  headers: Record<string, string>
  body: Buffer
  bodyTruncated: boolean
}

/**
 * Runs an HTTP check once. Every hop resolves and connects afresh, over HTTP/1.1, under the address policy of the
 * check. Nothing is retried. Phases are summed over the hops, so together they make up the duration. Never rejects:
 * whatever goes wrong is the outcome.
 */
export async function runHttpCheck(config: HttpCheckConfig, limits: HttpCheckLimits): Promise<HttpCheckOutcome> {
  const startedAt = Date.now()
  const clock = new RunClock()
  const deadline = AbortSignal.timeout(limits.timeoutMs)
  const signal = limits.signal ? AbortSignal.any([deadline, limits.signal]) : deadline
  let statusCode: number | null = null
  let problem: string | null
  try {
    const result = await followHops(config, limits, signal, clock, (status) => (statusCode = status))
    problem = typeof result === 'string' ? result : firstFailure(config, result, clock.elapsedMs())
  } catch (error) {
    problem = deadline.aborted ? `no answer within ${limits.timeoutMs} ms (${clock.stage})` : failureText(error)
  }
  return {
    startedAt,
    durationMs: clock.elapsedMs(),
    ok: problem === null,
    statusCode,
    error: (problem ?? '').slice(0, ERROR_LENGTH),
    phases: clock.phases(),
  }
}

/** The final answer, or why a redirect was not followed. */
async function followHops(
  config: HttpCheckConfig,
  limits: HttpCheckLimits,
  signal: AbortSignal,
  clock: RunClock,
  onStatus: (statusCode: number) => void,
): Promise<HopResult | string> {
  const follows = followsRedirects(config)
  let hop = firstHop(config)
  for (let redirects = 0; ; redirects++) {
    const result = await runHop(hop, config, limits, signal, clock)
    onStatus(result.statusCode)
    const next = follows ? nextHop(hop, result.statusCode, result.headers['location']) : null
    if (next === null || typeof next === 'string') return next ?? result
    if (redirects === REDIRECT_LIMIT) return `more than ${REDIRECT_LIMIT} redirects`
    hop = next
  }
}

async function runHop(
  hop: Hop,
  config: HttpCheckConfig,
  limits: HttpCheckLimits,
  signal: AbortSignal,
  clock: RunClock,
): Promise<HopResult> {
  clock.startHop()
  const agent = guardedAgent({
    allowPrivate: config.allowPrivate,
    // The signal above ends the run; this only keeps an abandoned socket from living on.
    timeoutMs: Math.max(1, limits.timeoutMs - clock.elapsedMs()) + 100,
    onConnected: (timings) => clock.connected(timings),
    ...(limits.ca === undefined ? {} : { ca: limits.ca }),
  })
  try {
    const response = await request(hop.url, {
      dispatcher: agent,
      method: hop.method,
      headers: hop.headers,
      signal,
      ...(hop.body === undefined ? {} : { body: hop.body }),
    })
    clock.firstByte()
    const body = await readBody(response)
    clock.transferred()
    return { statusCode: response.statusCode, headers: flatHeaders(response.headers), ...body }
  } finally {
    await agent.destroy()
  }
}

/** The body up to the limit; the connection is given up behind it. */
async function readBody(response: Dispatcher.ResponseData): Promise<{ body: Buffer; bodyTruncated: boolean }> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length > BODY_LIMIT_BYTES) break
  }
  return { body: Buffer.concat(chunks).subarray(0, BODY_LIMIT_BYTES), bodyTruncated: length > BODY_LIMIT_BYTES }
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

function firstFailure(config: HttpCheckConfig, result: HopResult, durationMs: number): string | null {
  const answer: CheckedAnswer = { ...result, body: result.body.toString('utf8'), durationMs }
  for (const assertion of config.assertions) {
    const failure = assertionFailure(assertion, answer)
    if (failure !== null) return failure
  }
  return null
}
