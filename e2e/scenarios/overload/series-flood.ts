import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../stack/eventually.ts'
import type { NinesStack } from '../../stack/nines-stack.ts'

const METRIC = 'overload_new_series'
const POINTS = 500

/** Sends points of which each begins a series of its own. */
export class SeriesFlood {
  accepted = 0
  rejected = 0
  /** What the last partial success said. */
  reason = ''
  readonly #stack: NinesStack
  readonly #key: string
  #next = 0

  constructor(stack: NinesStack, key: string) {
    this.#stack = stack
    this.#key = key
  }

  async run(forMs: number): Promise<void> {
    for (const until = Date.now() + forMs; Date.now() < until; await sleep(50)) await this.#send()
  }

  /** Points in the store once there are as many as were accepted. */
  stored(): Promise<number> {
    const sql = `SELECT count() FROM samples WHERE series IN (SELECT series FROM series WHERE metric = '${METRIC}')`
    const url = `${this.#stack.clickhouseUrl}/?database=nines`
    return eventually('the accepted series are stored', async () => {
      const answer = await fetch(url, { method: 'POST', body: `${sql} FORMAT TSV` })
      const count = Number(await answer.text())
      return count >= this.accepted && count
    })
  }

  async #send(): Promise<void> {
    const dataPoints = Array.from({ length: POINTS }, () => ({
      timeUnixNano: `${Date.now()}000000`,
      asDouble: 1,
      attributes: [{ key: 'id', value: { stringValue: String(this.#next++) } }],
    }))
    const metrics = [{ name: METRIC, gauge: { dataPoints } }]
    const response = await fetch(`${this.#stack.ingestUrl}/v1/metrics`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`a flood of series was answered ${response.status}: ${text.slice(0, 300)}`)
    const { partialSuccess } = JSON.parse(text) as {
      partialSuccess?: { rejectedDataPoints?: string | number; errorMessage?: string }
    }
    const rejected = Number(partialSuccess?.rejectedDataPoints ?? 0)
    this.accepted += POINTS - rejected
    this.rejected += rejected
    if (partialSuccess?.errorMessage !== undefined) this.reason = partialSuccess.errorMessage
  }
}
