import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import type { Counter } from '@opentelemetry/api'

/** The burn at which the default fast pair fires, as an error ratio: 14.4 x (1 - target). */
export const FAST_FACTOR = 14.4

/**
 * A service that counts its requests with the real OpenTelemetry SDK and exports every second, and that knows for
 * itself, from the requests it made and nothing else, when the fast burn-rate pair becomes due.
 */
export class ShopTraffic {
  readonly service: string
  readonly #provider: MeterProvider
  readonly #counter: Counter
  readonly #history: { at: number; total: number }
  readonly #target: number
  #bad = 0
  #total = 0
  #timer: NodeJS.Timeout | undefined
  /** Epoch ms at which bad/total over the last hour reached the threshold, counting the requests as they happened. */
  dueAt: number | undefined

  constructor(options: { service: string; ingestUrl: string; key: string; target: number; historyLastHour: number }) {
    this.service = options.service
    this.#target = options.target
    this.#history = { at: Date.now(), total: options.historyLastHour }
    const exporter = new OTLPMetricExporter({
      url: `${options.ingestUrl}/v1/metrics`,
      headers: { authorization: `Bearer ${options.key}` },
    })
    this.#provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': options.service, 'service.instance.id': crypto.randomUUID() }),
      readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1000, exportTimeoutMillis: 900 })],
    })
    this.#counter = this.#provider.getMeter('e2e').createCounter('shop.requests', { unit: '{request}' })
  }

  /** Requests a second from now on, `badPerSecond` of them failing; in ticks of 50 ms. */
  run(goodPerSecond: number, badPerSecond: number): void {
    clearInterval(this.#timer)
    this.#timer = setInterval(() => {
      this.add(goodPerSecond / 20, badPerSecond / 20)
    }, 50)
  }

  add(good: number, bad: number): void {
    if (good > 0) this.#counter.add(good, { outcome: 'ok' })
    if (bad > 0) this.#counter.add(bad, { outcome: 'error' })
    this.#bad += bad
    this.#total += good + bad
    const now = Date.now()
    // The history is even over its hour, so the part still inside the window shrinks linearly.
    const stillInWindow = this.#history.total * Math.max(0, 1 - (now - this.#history.at) / 3_600_000)
    const ratio = this.#bad / (this.#total + stillInWindow)
    if (this.dueAt === undefined && ratio >= FAST_FACTOR * (1 - this.#target)) this.dueAt = now
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#provider.shutdown()
  }
}
