import { compileSelector, type SeriesSelector } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { mayHaveSamples, type KnownSeries } from './known-series.ts'
import { selectorCondition } from './selector-condition.ts'
import { SERIES_COLUMNS, toSeriesDefinition, type SeriesRow } from './series-row.ts'

/** More series than one selector may mean in a query. */
export const MAX_SELECTED_SERIES = 100_000
/** A selector's series are asked for anew after this time: a new series joins a query of stored samples so late. */
const FRESH_MS = 5_000
const MAX_REMEMBERED_SERIES = 200_000

/** A metric with more series than this is not remembered whole; each selector's are asked for by themselves. */
const MAX_WHOLE_METRIC = 20_000

interface Remembered {
  /** Null when there are more than were asked for. */
  series: Promise<readonly KnownSeries[] | null>
  /** Series of selectors among them. */
  selected: Map<string, KnownSeries[]>
  askedAt: number
  size: number
}

/** Series of selectors, remembered for a few seconds, because dashboards and SLOs ask for the same ones again and again. */
export class SeriesDirectory {
  readonly #telemetry: Telemetry
  readonly #now: () => number
  readonly #remembered = new Map<string, Remembered>()
  #size = 0

  constructor(telemetry: Telemetry, now: () => number) {
    this.#telemetry = telemetry
    this.#now = now
  }

  /**
   * Series of the selector that may have samples after `from`, ordered by id. Rejects with `too_large` beyond 100,000 and
   * with `invalid` for a regular expression that is none of RE2's.
   */
  async select(
    workspace: number,
    selector: SeriesSelector,
    from: number,
    limits: QueryLimits = {},
  ): Promise<KnownSeries[]> {
    const found = await this.#find(workspace, selector, limits)
    return found.filter((series) => mayHaveSamples(series, from))
  }

  async #find(workspace: number, selector: SeriesSelector, limits: QueryLimits): Promise<readonly KnownSeries[]> {
    const ofMetric = { metric: selector.metric, matchers: [] }
    const whole = this.#remember(workspace, ofMetric, MAX_WHOLE_METRIC, limits)
    const series = await whole.series
    if (series !== null) return selectFrom(series, selector, whole.selected)
    const found = await this.#remember(workspace, selector, MAX_SELECTED_SERIES, limits).series
    if (found !== null) return found
    throw new NinesError(
      'too_large',
      `the selector of metric ${selector.metric} means more than ${MAX_SELECTED_SERIES} series`,
    )
  }

  #remember(workspace: number, selector: SeriesSelector, most: number, limits: QueryLimits): Remembered {
    const key = JSON.stringify([workspace, selector.metric, selector.matchers, most])
    const known = this.#remembered.get(key)
    if (known && this.#now() - known.askedAt < FRESH_MS) return known
    if (known) this.#forget(key)
    // Shared by everybody who asks meanwhile, so that one who hangs up must not end it.
    const { signal: _signal, ...bounds } = limits
    const series = readSeries(this.#telemetry, workspace, selector, most, bounds)
    const made: Remembered = { series, selected: new Map(), askedAt: this.#now(), size: 0 }
    this.#remembered.set(key, made)
    series.then(
      (all) => this.#keep(key, made, all?.length ?? 0),
      () => {
        if (this.#remembered.get(key) === made) this.#remembered.delete(key)
      },
    )
    return made
  }

  #keep(key: string, made: Remembered, size: number): void {
    if (this.#remembered.get(key) !== made) return
    made.size = size + 1
    this.#size += made.size
    for (const oldest of this.#remembered.keys()) {
      if (this.#size <= MAX_REMEMBERED_SERIES) return
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    this.#size -= this.#remembered.get(key)?.size ?? 0
    this.#remembered.delete(key)
  }
}

function selectFrom(
  series: readonly KnownSeries[],
  selector: SeriesSelector,
  selected: Map<string, KnownSeries[]>,
): readonly KnownSeries[] {
  if (selector.matchers.length === 0) return series
  const key = JSON.stringify(selector.matchers)
  const known = selected.get(key)
  if (known) return known
  const matches = compiled(selector)
  const found = series.filter(({ labels }) => matches(labels))
  selected.set(key, found)
  return found
}

type Row = SeriesRow & { firstSeen: string; lastSeen: string }

async function readSeries(
  telemetry: Telemetry,
  workspace: number,
  selector: SeriesSelector,
  most: number,
  limits: QueryLimits,
): Promise<KnownSeries[] | null> {
  const matches = compiled(selector)
  const { sql, parameters } = selectorCondition(selector)
  const rows = await telemetry.rows<Row>(
    `SELECT ${SERIES_COLUMNS}, toUnixTimestamp64Milli(min(s.first_seen)) AS firstSeen,
       toUnixTimestamp64Milli(max(s.last_seen)) AS lastSeen
     FROM series AS s
     WHERE workspace = {workspace:UInt32} AND ${sql}
     GROUP BY s.metric, s.series ORDER BY s.series LIMIT ${most + 1}`,
    { workspace, ...parameters },
    limits,
  )
  if (rows.length > most) return null
  return rows
    .filter((row) => matches(row.labels))
    .map(({ firstSeen, lastSeen, ...row }) => ({
      ...toSeriesDefinition(row),
      firstSeen: Number(firstSeen),
      lastSeen: Number(lastSeen),
    }))
}

function compiled(selector: SeriesSelector) {
  try {
    return compileSelector(selector)
  } catch (error) {
    throw new NinesError('invalid', `the selector of metric ${selector.metric}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
