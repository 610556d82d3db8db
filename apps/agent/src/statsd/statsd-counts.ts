import type { Logger } from '@nines/kernel'

const LOG_PAUSE_MS = 60_000
const EXAMPLE_LENGTH = 200

/** Counts what was not taken, by reason, and logs the news of it at most once a minute, with an example. */
export class StatsdCounts {
  readonly #logger: Logger
  readonly #ignored = new Map<string, number>()
  readonly #refused = new Map<string, number>()
  #lines = 0
  #unlogged = new Map<string, { count: number; example: string }>()
  #loggedAt = -Infinity

  constructor(logger: Logger) {
    this.#logger = logger
  }

  line(): void {
    this.#lines++
  }

  ignored(what: string): void {
    this.#ignored.set(what, (this.#ignored.get(what) ?? 0) + 1)
  }

  refused(reason: string, example: string): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1)
    const news = this.#unlogged.get(reason)
    if (news) news.count++
    else this.#unlogged.set(reason, { count: 1, example: printable(example) })
  }

  /** Logs the refusals since the last time, unless that was less than a minute before `now`, epoch ms. */
  log(now: number): void {
    if (this.#unlogged.size === 0 || now - this.#loggedAt < LOG_PAUSE_MS) return
    this.#loggedAt = now
    this.#logger.warn({ refused: Object.fromEntries(this.#unlogged) }, 'StatsD lines were not taken')
    this.#unlogged = new Map()
  }

  /** Totals since the start, by name. */
  totals(): Record<string, number> {
    const named = (prefix: string, counts: Map<string, number>) =>
      [...counts].map(([name, count]) => [`${prefix}.${name}`, count] as const)
    return Object.fromEntries([
      ['lines', this.#lines],
      ...named('ignored', this.#ignored),
      ...named('refused', this.#refused),
    ])
  }
}

function printable(text: string): string {
  return text.slice(0, EXAMPLE_LENGTH).replace(/[^\x20-\x7e]+/g, '?')
}
