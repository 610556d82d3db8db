import { attemptsTo, type Answer, type Attempt, type SendTarget } from './send-attempt.ts'
import type { TelemetryFormat } from './telemetry-formats.ts'

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
  /** How long a retry waits at most where the refusal says for how long; 100 ms where it does not. */
  maxRetryPauseMs?: number
  /** Sees every answer, and how long it took (ms). */
  onAnswer?: (answer: Answer, tookMs: number) => void
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
  readonly #attempt: Attempt
  readonly #random: () => number
  #next = 0
  #isStopped = false
  #running: Promise<void> | undefined

  constructor(target: SendTarget, stream: string, shape: SenderShape, random: () => number) {
    this.stream = stream
    this.shape = shape
    // An hour back and a millisecond a row: every row has a time of its own, however fast the sender is.
    this.startMs = Date.now() - 3_600_000
    this.#attempt = attemptsTo(target, shape.format)
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
      const startedAt = performance.now()
      const answer = await this.#attempt(body)
      this.shape.onAnswer?.(answer, performance.now() - startedAt)
      if (answer.kind === 'acked') {
        request.isAcked = true
        return
      }
      if (answer.kind === 'final') {
        this.refusals.push(`${answer.status}: ${answer.text}`)
        return
      }
      request.unsureAttempts++
      const asked = Math.min(answer.retryAfterSeconds * 1_000, this.shape.maxRetryPauseMs ?? 0)
      await pause(Math.max(PAUSE_BEFORE_RETRY_MS, asked))
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
