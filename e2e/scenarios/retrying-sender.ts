import type { TelemetryFormat } from './telemetry-formats.ts'

const ATTEMPT_TIMEOUT_MS = 10_000
const PAUSE_BEFORE_RETRY_MS = 100

/** One request: rows `from` to `from + count - 1` of the sender's stream. */
export interface SentRequest {
  from: number
  count: number
  isAcked: boolean
  /** Attempts that ended without an answer, or with one that says to come again: their rows may be in or not. */
  unsureAttempts: number
}

export interface SenderShape {
  format: TelemetryFormat
  /** Rows of a request, from 1 to this. */
  maxRows: number
  parallel: number
  /** Longest pause before the next request. */
  maxPauseMs: number
}

/**
 * Sends the rows of one stream and repeats each request, byte for byte, until it is answered 2xx. Remembers what was
 * answered how, so that every row's fate can be judged.
 */
export class RetryingSender {
  readonly stream: string
  readonly shape: SenderShape
  readonly startMs: number
  readonly requests: SentRequest[] = []
  /** Answers that are neither 2xx nor a reason to retry, and partial successes. */
  readonly refusals: string[] = []
  readonly #url: string
  readonly #key: string
  readonly #random: () => number
  #next = 0
  #isStopped = false
  #running: Promise<void> | undefined

  constructor(target: { ingestUrl: string; key: string }, stream: string, shape: SenderShape, random: () => number) {
    this.stream = stream
    this.shape = shape
    // An hour back and a millisecond a row: every row has a time of its own, however fast the sender is.
    this.startMs = Date.now() - 3_600_000
    this.#url = target.ingestUrl + shape.format.path
    this.#key = target.key
    this.#random = random
  }

  start(): void {
    this.#running = Promise.all(Array.from({ length: this.shape.parallel }, () => this.#sendOn())).then(() => undefined)
  }

  /** Begins no more requests and waits until every one is answered 2xx or refused for good. */
  async finish(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }

  get ackedRows(): number {
    return this.requests.reduce((sum, r) => sum + (r.isAcked ? r.count : 0), 0)
  }

  async #sendOn(): Promise<void> {
    while (!this.#isStopped) {
      const count = 1 + Math.floor(this.#random() * this.shape.maxRows)
      const request: SentRequest = { from: this.#next, count, isAcked: false, unsureAttempts: 0 }
      this.#next += count
      this.requests.push(request)
      await this.#sendUntilAnswered(request)
      await pause(this.#random() * this.shape.maxPauseMs)
    }
  }

  async #sendUntilAnswered(request: SentRequest): Promise<void> {
    const body = this.shape.format.encode(this.stream, this.startMs, request.from, request.count)
    for (;;) {
      const outcome = await this.#attempt(body)
      if (outcome === 'acked') {
        request.isAcked = true
        return
      }
      if (outcome !== 'unsure') {
        this.refusals.push(outcome)
        return
      }
      request.unsureAttempts++
      await pause(PAUSE_BEFORE_RETRY_MS)
    }
  }

  async #attempt(body: string | Uint8Array<ArrayBuffer>): Promise<string> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { ...this.shape.format.headers, authorization: `Bearer ${this.#key}` },
        body,
        signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
      })
      const answer = await response.text()
      if (response.ok) return answer.includes('rejected') ? `partial success: ${answer}` : 'acked'
      return [429, 502, 503, 504].includes(response.status) ? 'unsure' : `${response.status}: ${answer}`
    } catch {
      return 'unsure'
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
