/** What became of the rows of one request. */
export interface IngestOutcome {
  accepted: number
  rejected: number
  /** Which rows were rejected and why; empty when none was. */
  message: string
}

const MAX_REASONS = 10
const MAX_NAME = 100

/** Counts rejected points by metric and reason, to tell the sender in one sentence. */
export class RejectedPoints {
  readonly #reasons = new Map<string, number>()
  count = 0

  add(metric: string, reason: string, count: number): void {
    if (count === 0) return
    this.count += count
    const name = metric.length > MAX_NAME ? `${metric.slice(0, MAX_NAME)}...` : metric
    const text = `metric ${JSON.stringify(name)}: ${reason}`
    this.#reasons.set(text, (this.#reasons.get(text) ?? 0) + count)
  }

  message(): string {
    const named = [...this.#reasons].slice(0, MAX_REASONS)
    const more = this.#reasons.size - named.length
    const parts = named.map(([text, count]) => `${text} (${count === 1 ? '1 point' : `${count} points`})`)
    return [...parts, ...(more > 0 ? [`and ${more} more reasons`] : [])].join('; ')
  }
}
