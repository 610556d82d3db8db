import type { CorrectedSpan } from '@nines/contracts'
import { effectAt } from '../corrections.ts'
import { MINUTE_MS, type EventCounts } from '../minute.ts'
import type { Silence } from '../silence.ts'
import type { MinuteSource } from './minute-source.ts'

export interface SilenceTermsOfMember {
  /** When nothing measured is silence; before, it is the time between two measurements. */
  silence: Silence
  /** Silence in corrected time counts as nothing: planned work is no outage. */
  covered: readonly CorrectedSpan[]
}

/** Says of minutes that are walked through in order whether they were silent. */
export class SilenceWalk {
  readonly #terms: SilenceTermsOfMember
  /** End of the newest measured minute; the start of history before the first. */
  #heardUntil: number
  /** From when on that is silence; null while nobody asked. */
  #silentFrom: number | null = null

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
      this.#silentFrom = null
      return false
    }
    const { silence, covered } = this.#terms
    this.#silentFrom ??= silence.from(this.#heardUntil)
    return minute + MINUTE_MS >= this.#silentFrom && effectAt(covered, minute) === null
  }
}
