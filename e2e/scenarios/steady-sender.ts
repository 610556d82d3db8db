import { otlpJson } from '../stack/otlp-history.ts'

const METRIC = 'steady.value'

/**
 * Sends gauge points at a steady pace and retries each request until it is answered 2xx, as an agent does. Every point
 * has a time of its own, so that what was acknowledged can be compared with what is stored, point by point.
 */
export class SteadySender {
  readonly metric = METRIC
  /** Times (epoch ms) of the points of requests that were answered 2xx. */
  readonly acknowledged = new Set<number>()
  retries = 0
  /** Answers that are neither 2xx nor a retryable status of OTLP. */
  readonly refusals: string[] = []
  readonly #ingestUrl: string
  readonly #key: string
  readonly #inFlight = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #nextAt: number

  constructor(ingestUrl: string, key: string) {
    this.#ingestUrl = ingestUrl
    this.#key = key
    // An hour back, one millisecond a point: distinct times however fast the sender runs.
    this.#nextAt = Date.now() - 3_600_000
  }

  /** `requestsPerSecond` requests of `points` points each. */
  start(requestsPerSecond: number, points: number): void {
    this.#timer = setInterval(() => {
      const from = this.#nextAt
      this.#nextAt += points
      const sending = this.#send(from, points).finally(() => this.#inFlight.delete(sending))
      this.#inFlight.add(sending)
    }, 1000 / requestsPerSecond)
  }

  /** Stops making new points and waits until every one made is answered. */
  async finish(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#inFlight)
  }

  async #send(from: number, points: number): Promise<void> {
    const body = JSON.stringify(gaugeRequest(from, points))
    for (;;) {
      const outcome = await post(this.#ingestUrl, this.#key, body)
      if (outcome === 'ok') {
        for (let i = 0; i < points; i += 1) this.acknowledged.add(from + i)
        return
      }
      if (outcome !== 'retry') {
        this.refusals.push(outcome)
        return
      }
      this.retries += 1
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}

async function post(ingestUrl: string, key: string, body: string): Promise<string> {
  try {
    const response = await fetch(`${ingestUrl}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body,
      signal: AbortSignal.timeout(10_000),
    })
    const text = await response.text()
    if (response.ok) return text.includes('rejectedDataPoints') ? `partial: ${text}` : 'ok'
    return [429, 502, 503, 504].includes(response.status) ? 'retry' : `${response.status}: ${text}`
  } catch {
    return 'retry'
  }
}

function gaugeRequest(from: number, points: number): object {
  const [template] = (
    otlpJson([{ metric: METRIC, attributes: {}, service: 'steady', startMs: from, points: [] }]) as {
      resourceMetrics: [{ resource: object }]
    }
  ).resourceMetrics
  const dataPoints = Array.from({ length: points }, (_, i) => ({
    timeUnixNano: `${from + i}000000`,
    asDouble: from + i,
  }))
  return {
    resourceMetrics: [
      {
        resource: template.resource,
        scopeMetrics: [{ scope: { name: 'e2e' }, metrics: [{ name: METRIC, gauge: { dataPoints } }] }],
      },
    ],
  }
}
