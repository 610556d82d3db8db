import type { OwnSli } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { DAY_MS, HOUR_MS, MinuteSeries, type SeriesReduction } from '@nines/slo'
import { countMinutes, findStoredSeries, type Telemetry } from '@nines/telemetry'

/** What an SLI measured in the past, counted from stored telemetry. Instants are epoch ms. */
export interface PastMinutes {
  minutes: MinuteSeries
  /** Nothing before is counted: what was asked for, or later where there is too much to count. */
  from: number
  to: number
  /** Series that feed the SLI; 0 for a check. */
  series: number
}

export interface PastQuery {
  workspaceNumber: number
  sli: OwnSli
  from: number
  to: number
}

/** Counted minutes serve for so long: an editor tries many targets and rules on one SLI. */
const FRESH_MS = 5 * 60_000
/** A hundred days take up to 2 MB. */
const MOST_KEPT = 12
const MOST_AT_ONCE = 2
/** As much as is counted in half a minute or so; beyond, the past that is looked at becomes shorter. */
const MOST_SERIES_DAYS = 12_000
/** A count that nobody waits for any more ends after this long: whoever edits asks again at once. */
const GRACE_MS = 1_500

interface Count {
  query: PastQuery
  result: Promise<PastMinutes>
  isDone: boolean
  waiting: number
  ending: AbortController
}

/**
 * Counts past minutes of SLIs that nobody has saved, each once for all who ask for it within some minutes, and no more
 * than two at a time.
 */
export class PastMinutesReader {
  readonly #telemetry: Telemetry
  readonly #counts = new Map<string, Count>()
  readonly #turns: (() => void)[] = []
  #running = 0

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry
  }

  /**
   * Minutes of the query, or those that were counted up to five minutes ago. `signal` ends the wait, and the count as
   * well once nobody waits for it.
   */
  async read(query: PastQuery, signal: AbortSignal): Promise<PastMinutes> {
    const count = this.#countOf(query)
    count.waiting++
    try {
      return await Promise.race([count.result, rejectOn(signal)])
    } finally {
      count.waiting--
      if (count.waiting === 0 && !count.isDone) this.#endUnlessWanted(count)
    }
  }

  #countOf(query: PastQuery): Count {
    const key = JSON.stringify([query.workspaceNumber, query.sli])
    const known = this.#counts.get(key)
    if (known && !known.ending.signal.aborted && serves(known.query, query)) return known
    const ending = new AbortController()
    const result = this.#inTurn(() => this.#read(query, ending.signal))
    const count: Count = { query, result, isDone: false, waiting: 0, ending }
    result.then(
      () => (count.isDone = true),
      // Whoever waits hears of it; it must not stay for those who come later.
      () => this.#counts.get(key) === count && this.#counts.delete(key),
    )
    this.#counts.delete(key)
    this.#counts.set(key, count)
    const [oldest] = this.#counts.keys()
    if (this.#counts.size > MOST_KEPT && oldest !== undefined) this.#counts.delete(oldest)
    return count
  }

  #endUnlessWanted(count: Count): void {
    setTimeout(() => {
      if (count.waiting === 0 && !count.isDone) count.ending.abort()
    }, GRACE_MS).unref()
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#turns.push(resolve))
    this.#running++
    try {
      return await work()
    } finally {
      this.#running--
      this.#turns.shift()?.()
    }
  }

  async #read({ workspaceNumber, sli, from: wanted, to }: PastQuery, ending: AbortSignal): Promise<PastMinutes> {
    const of = { workspaceNumber, sli }
    const stored = await findStoredSeries(this.#telemetry, of, wanted - HOUR_MS)
    const series = new Map<string, SeriesReduction>(stored.map((one) => [one.definition.id, one.reduction]))
    const from = Math.max(wanted, earliest(to, series.size))
    const minutes = new MinuteSeries()
    for await (const counted of countMinutes(this.#telemetry, of, series, { from, to, floor: from - HOUR_MS })) {
      if (ending.aborted) throw new NinesError('gone', 'nobody waits for these minutes any more')
      for (const [minute, counts] of counted.minutes.minutes()) minutes.set(minute, counts)
    }
    return { minutes, from, to, series: series.size }
  }
}

/** Minutes that were counted to a few minutes ago do as well. */
function serves(counted: PastQuery, wanted: PastQuery): boolean {
  return counted.from <= wanted.from && wanted.to - counted.to < FRESH_MS
}

/** From when on so many series can be counted while somebody waits: at least the last day. */
function earliest(to: number, series: number): number {
  const days = Math.max(1, Math.floor(MOST_SERIES_DAYS / Math.max(1, series)))
  return to - days * DAY_MS
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new NinesError('gone', 'the client hung up'))
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
