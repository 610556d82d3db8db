import { isDue, type Happened, type RuleTerms } from './burn-oracle.ts'
import type { RandomBits } from '../load/random-bits.ts'

const MINUTE_MS = 60_000
const GOOD_PER_SECOND = 10
/** One minute in so many has a bad request: healthy, not perfect. */
const BAD_MINUTE_ODDS = 10
const FEWEST_PUSHES = 2
const MOST_PUSHES = 6

/** One service that counts its requests by status, and knows from them alone when its alert is due. */
export class BenchService {
  readonly slo: string
  readonly rule: RuleTerms
  /** Running totals, as its pushes carry them. */
  readonly totals = { good: 0, bad: 0 }
  /** Of the newest push, epoch ms. */
  pushedAt = 0
  /** The push that made the alert due was handed to the socket then, and answered then, epoch ms. */
  dueAt: number | undefined
  answeredAt: number | undefined
  readonly #events: Happened[] = []
  readonly #random: RandomBits
  /** Bad requests of each push of the outage; undefined while there is none. */
  #badAPush: number | undefined

  constructor(slo: string, rule: RuleTerms, random: RandomBits) {
    this.slo = slo
    this.rule = rule
    this.#random = random
  }

  /** A minute of the past. */
  pastMinute(at: number): void {
    const jitter = this.#random.below(GOOD_PER_SECOND * 12) - GOOD_PER_SECOND * 6
    this.#count(at, GOOD_PER_SECOND * 60 + jitter, Number(this.#random.below(BAD_MINUTE_ODDS) === 0))
  }

  /** What happened since the push before, told now. Says whether this push makes the alert due. */
  happen(at: number): boolean {
    const good = Math.round((GOOD_PER_SECOND * (at - this.pushedAt)) / 1000)
    this.#count(at, good, this.#badAPush ?? 0)
    if (this.#badAPush === undefined || this.dueAt !== undefined) return false
    return isDue(this.#events, this.rule, at)
  }

  /**
   * From now on so many requests of each push fail that the second to sixth push crosses the limit of the fastest pair, and
   * by so much that no way of cutting windows changes which one it is.
   */
  breakDown(): void {
    const [fastest] = this.rule.pairs
    if (fastest === undefined) return
    const limit = fastest.factor * (1 - this.rule.target)
    const total = this.#events.reduce(
      (sum, one) => (one.at > this.pushedAt - fastest.longSeconds * 1000 ? sum + one.good + one.bad : sum),
      0,
    )
    const pushes = FEWEST_PUSHES + this.#random.below(MOST_PUSHES - FEWEST_PUSHES + 1)
    this.#badAPush = Math.ceil((limit * total) / (1 - limit) / (pushes - 0.5))
  }

  #count(at: number, good: number, bad: number): void {
    this.totals.good += good
    this.totals.bad += bad
    this.pushedAt = at
    this.#events.push({ at, good, bad })
  }
}

/** The past of all services by minute, oldest first, up to the minute before the instant; a push for each minute. */
export async function livePast(
  services: readonly BenchService[],
  { hours, until }: { hours: number; until: number },
  push: (at: number) => Promise<void>,
): Promise<void> {
  const first = Math.floor(until / MINUTE_MS) * MINUTE_MS - hours * 60 * MINUTE_MS
  for (let at = first; at <= until; at += MINUTE_MS) {
    // The first value of a counter that nobody saw before counts from nothing, and differently from system to system.
    if (at > first) for (const service of services) service.pastMinute(at)
    await push(at)
  }
}
