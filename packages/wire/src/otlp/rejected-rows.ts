import type { RowRefusal } from './refusal-counter.ts'

/** What became of the rows of one request. */
export interface IngestOutcome {
  accepted: number
  rejected: number
  /** Which rows were rejected and why; empty when none was. */
  message: string
  /** The rejected rows by reason and metric, where the format tells them apart. */
  refusals?: readonly RowRefusal[]
}

const MAX_REASONS = 10
/** Reasons that are told apart; a request may have a million, each with another name. */
const MAX_DISTINCT = 1_000
const MAX_NAME = 100

/** Counts rejected rows by what they belong to and by reason, to tell the sender in one sentence. */
export class RejectedRows {
  readonly #row: string
  readonly #reasons = new Map<string, { count: number; row: string }>()
  count = 0

  /** `row` is the word for one row, as 'span'; its plural ends in s. */
  constructor(row: string) {
    this.#row = row
  }

  /** `of` says to what the rows belong, as `metric "x"`; `row` the word for them where it is another one. */
  add(of: string, reason: string, count: number, row = this.#row): void {
    this.count += count
    this.warn(of, reason, count, row)
  }

  /** Names something that was left out and counts as no rejected row. */
  warn(of: string, reason: string, count: number, row = this.#row): void {
    if (count === 0) return
    const text = `${of}: ${reason}`
    const known = this.#reasons.get(text)
    if (known) known.count += count
    else if (this.#reasons.size < MAX_DISTINCT) this.#reasons.set(text, { count, row })
  }

  message(): string {
    const named = [...this.#reasons].slice(0, MAX_REASONS)
    const more = this.#reasons.size - named.length
    const parts = named.map(([text, { count, row }]) => `${text} (${count} ${row}${count === 1 ? '' : 's'})`)
    return [
      ...parts,
      ...(more > 0 ? [`and ${this.#reasons.size < MAX_DISTINCT ? more : 'many'} more reasons`] : []),
    ].join('; ')
  }
}

/** A name for a message: quoted, and cut where it is long. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}...` : name)
}
