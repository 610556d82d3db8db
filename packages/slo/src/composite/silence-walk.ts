import type { CorrectedSpan } from '@nines/contracts'
import { effectAt } from '../corrections.ts'
import { MINUTE_MS, type EventCounts } from '../minute.ts'
import type { MinuteSource } from './minute-source.ts'

export interface SilenceTermsOfMember {
  /** Nothing measured for this long is silence; before, it is the time between two measurements. */
  silenceMs: number
  /** Silence in corrected time counts as nothing: planned work is no outage. */
  covered: readonly CorrectedSpan[]
}

/** Says of minutes that are walked through in order whether they were silent. */
export class SilenceWalk {
  readonly #terms: SilenceTermsOfMember
  /** End of the newest measured minute; the start of history before the first. */
  #heardUntil: number

  /** Before `since`, epoch ms, there is no history that anything could be missing from. */
  constructor(source: MinuteSource, terms: SilenceTermsOfMember, { since, from }: { since: number; from: number }) {
    const newest = source.newestMinute(from - MINUTE_MS, false)
    this.#terms = terms
    this.#heardUntil = newest === null ? since : newest + MINUTE_MS
  }

  /** Of the next minute; `counts` are what was measured in it. */
  isSilent(minute: number, counts: EventCounts | null): boolean {
    if (counts !== null) {
      this.#heardUntil = minute + MINUTE_MS
      return false
    }
    const { silenceMs, covered } = this.#terms
    return minute + MINUTE_MS - this.#heardUntil >= silenceMs && effectAt(covered, minute) === null
  }
}
