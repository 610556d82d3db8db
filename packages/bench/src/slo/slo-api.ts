import { NinesError } from '@nines/kernel'
import { Pool } from 'undici'
import type { NinesTarget } from '../targets/nines.ts'
import { requestsOf } from './slo-history.ts'

/** The requests of one SLO, those with status 500 bad. */
export const sliOf = (slo: string) => ({
  kind: 'ratio',
  bad: { metric: requestsOf(slo), matchers: [{ label: 'status', op: '=', value: '500' }] },
  total: { metric: requestsOf(slo), matchers: [] },
})

/** Our API as the dashboard and pipelines use it. */
export class SloApi {
  readonly #pool: Pool
  readonly #headers: Record<string, string>

  constructor({ api }: NinesTarget) {
    if (api === undefined) throw new NinesError('internal', 'Nines was started without its API')
    this.#pool = new Pool(api.url, { connections: 2, headersTimeout: 180_000, bodyTimeout: 180_000 })
    this.#headers = { authorization: `Bearer ${api.key}` }
  }

  async ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    return JSON.parse(await this.text(method, path, body)) as T
  }

  /** The answer as it came. */
  async text(method: 'GET' | 'POST', path: string, body?: object): Promise<string> {
    const answer = await this.#pool.request({
      method,
      path,
      headers: { ...this.#headers, ...(body && { 'content-type': 'application/json' }) },
      body: body ? JSON.stringify(body) : null,
    })
    const text = await answer.body.text()
    if (answer.statusCode === 200) return text
    throw new NinesError('internal', `${path} answered ${answer.statusCode}: ${text}`)
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}
