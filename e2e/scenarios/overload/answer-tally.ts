import type { Answer } from '../send-attempt.ts'

/** What one sender, or many together, were answered. */
export class AnswerTally {
  /** Answers by status. */
  readonly byStatus = new Map<string, number>()
  /** Refusals that may be retried and did not say when; those without any answer are not among them. */
  withoutTime = 0
  acked = 0
  retried = 0
  /** The first refusal since the tally began, and how long after that it came (ms). */
  firstRefusal: { afterMs: number; text: string } | undefined
  readonly #startedAt = performance.now()
  readonly #latenciesMs: number[] = []

  add(answer: Answer, tookMs: number): void {
    this.byStatus.set(answer.status, (this.byStatus.get(answer.status) ?? 0) + 1)
    if (answer.kind === 'acked') {
      this.acked++
      this.#latenciesMs.push(tookMs)
    }
    if (answer.kind !== 'retry') return
    this.retried++
    if (answer.status === 'none') return
    if (!answer.saysWhen) this.withoutTime++
    this.firstRefusal ??= { afterMs: performance.now() - this.#startedAt, text: answer.text }
  }

  /** Quantile of the time that an acked attempt took, in ms; 0 when there was none. */
  latencyMs(quantile: number): number {
    const sorted = this.#latenciesMs.toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0
  }

  inWords(): string {
    const counts = [...this.byStatus].map(([status, count]) => `${status} ×${count}`)
    return `${counts.join(', ') || 'no answers'}; acked p50 ${this.latencyMs(0.5).toFixed(0)} ms, p99 ${this.latencyMs(0.99).toFixed(0)} ms`
  }
}
