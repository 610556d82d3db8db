/** Short stable names of reasons for which rows are refused, for counters. */
export type RefusalReason = 'invalid' | 'clock_window' | 'label_limit' | 'series_limit' | 'new_series_limit'

/** Says that a row is refused, and why. */
export class Refused {
  readonly reason: RefusalReason
  /** The end of a sentence for the sender. */
  readonly text: string

  constructor(reason: RefusalReason, text: string) {
    this.reason = reason
    this.text = text
  }
}
