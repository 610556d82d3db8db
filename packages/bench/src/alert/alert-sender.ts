import { setTimeout as sleep } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'
import { Pool } from 'undici'
import type { Target } from '../targets/target.ts'
import type { BenchService } from './bench-service.ts'
import { requestsBody, WRITE_HEADERS, WRITE_PATH } from './requests-body.ts'

const CONNECTIONS = 16
const RETRYABLE = new Set([429, 502, 503, 504])
const RETRY_MS = 100

/** Pushes totals by remote write, a request a push, until each is answered 2xx. */
export class AlertSender {
  readonly #pool: Pool
  readonly #headers: Record<string, string>
  retries = 0

  constructor({ url, headers }: Target) {
    this.#pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 })
    this.#headers = { ...headers, ...WRITE_HEADERS }
  }

  async push(services: readonly BenchService[], at: number): Promise<void> {
    const body = requestsBody(services, at)
    for (;;) {
      const answer = await this.#pool.request({ method: 'POST', path: WRITE_PATH, headers: this.#headers, body })
      const text = await answer.body.text()
      if (answer.statusCode < 300) return
      if (!RETRYABLE.has(answer.statusCode))
        throw new NinesError('invalid', `POST ${WRITE_PATH} was answered ${answer.statusCode}: ${text.slice(0, 300)}`)
      this.retries++
      await sleep(RETRY_MS)
    }
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}
