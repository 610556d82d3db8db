import { setTimeout as sleep } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'
import { Pool } from 'undici'
import type { Load, LoadBatch } from './load-batch.ts'

const RETRYABLE = new Set([429, 502, 503, 504])

/** Sends the steps of a load over kept-alive connections and waits for every answer. */
export class LoadSender {
  readonly #pool: Pool
  readonly #load: Load
  readonly #headers: Record<string, string>
  readonly #connections: number
  /** From the first byte sent to the answer, of the requests since the last `takeLatencies`. */
  #latenciesMs: number[] = []
  /** Answers that asked to come again later. */
  retries = 0

  constructor(url: string, headers: Record<string, string>, load: Load, connections: number) {
    this.#pool = new Pool(url, { connections, pipelining: 1, headersTimeout: 120_000, bodyTimeout: 120_000 })
    this.#load = load
    this.#headers = { ...headers, ...load.headers }
    this.#connections = connections
  }

  /** Sends every batch once with the time `atMs`; returns when all are answered 2xx. */
  async step(atMs: number): Promise<void> {
    const { batches } = this.#load
    let next = 0
    const sendInTurn = async () => {
      for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
        batch.advance(atMs)
        await this.send(batch)
      }
    }
    await Promise.all(Array.from({ length: Math.min(this.#connections, batches.length) }, sendInTurn))
  }

  /** Sends one request until it is answered 2xx. Throws on an answer that no retry would change. */
  async send(batch: LoadBatch): Promise<void> {
    for (;;) {
      const startedAt = performance.now()
      const { path } = this.#load
      const { statusCode, headers, body } = await this.#pool.request({
        method: 'POST',
        path,
        headers: this.#headers,
        body: batch.body,
      })
      const text = await body.text()
      if (statusCode < 300) {
        // Remote write answers nothing, OTLP an empty message: anything else names what was refused.
        if (text !== '') throw new NinesError('invalid', `POST ${path} refused rows: ${text.slice(0, 300)}`)
        this.#latenciesMs.push(performance.now() - startedAt)
        return
      }
      if (!RETRYABLE.has(statusCode))
        throw new NinesError('invalid', `POST ${path} was answered ${statusCode}: ${text.slice(0, 300)}`)
      this.retries++
      await sleep(Number(headers['retry-after'] ?? 1) * 1000)
    }
  }

  takeLatencies(): number[] {
    const taken = this.#latenciesMs
    this.#latenciesMs = []
    return taken
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }
}
