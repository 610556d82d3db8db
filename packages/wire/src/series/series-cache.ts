import type { SeriesDefinition } from '@nines/contracts'
import { ByteKeyMap, type ByteSpan } from '../byte-key-map.ts'
import { RecentMap } from '../recent-map.ts'
import { CachedSeries, type SeriesPlace } from './cached-series.ts'
import { Refused } from './refused.ts'
import type { SeriesBytes } from './series-bytes.ts'
import { canonicalIdentity, digestIdentity } from './series-id.ts'
import { SeriesTable, type SeriesDigest } from './series-table.ts'
import { WorkspaceSeries, type SeriesStatistics } from './workspace-series.ts'

/** How many series a workspace may have. */
export interface SeriesLimits {
  maxActiveSeries: number
  maxNewSeriesPerMinute: number
}

export interface SeriesCacheOptions {
  /** Series to know at once, of all workspaces (default 2,000,000); beyond it the longest silent ones are forgotten. */
  limit?: number
  /** Keys in bytes to know at once (default 100,000), which spare known series the reading of their labels. */
  keyLimit?: number
  /** Computes the digest of an identity; tests force collisions with it. */
  digest?: (identity: string) => SeriesDigest
}

/** A series counts as active for this long after its last sign of life, of which there is one at each announcement. */
const ACTIVE_SECONDS = 2 * 3_600
/** Entries that are looked at a second, to find the ones that have ended. */
const SWEEP_SHARE = 1 / 600
const UNLIMITED: SeriesLimits = { maxActiveSeries: Infinity, maxNewSeriesPerMinute: Infinity }

/**
 * Knows the series of all workspaces: by the bytes they came in, or by their identity, of which it keeps no text. Counts
 * them, and refuses new ones beyond a workspace's limits.
 */
export class SeriesCache {
  readonly #table = new SeriesTable()
  readonly #byKey: ByteKeyMap<CachedSeries>
  readonly #contexts: RecentMap<string, number>
  readonly #workspaces = new Map<number, WorkspaceSeries>()
  readonly #limit: number
  readonly #digest: (identity: string | Buffer) => SeriesDigest
  #nextContext = 1
  #sweptAt = 0
  #sweepFrom = 0

  constructor(options: SeriesCacheOptions = {}) {
    const { limit = 2_000_000, keyLimit = 100_000, digest } = options
    this.#byKey = new ByteKeyMap(keyLimit)
    this.#contexts = new RecentMap(Math.ceil(keyLimit / 5) + 2)
    this.#limit = limit
    this.#digest = digest ? (identity) => digest(identity.toString()) : digestIdentity
  }

  /** A short number for a long key, the same as long as the key is remembered and never used for another. */
  contextNumber(key: string): number {
    const known = this.#contexts.get(key)
    if (known !== undefined) return known
    const made = this.#nextContext++
    this.#contexts.set(key, made)
    return made
  }

  /** The series that was remembered for these bytes in this context, unless its definition is due to be announced. */
  recall(context: number, key: ByteSpan, now: number): CachedSeries | undefined {
    const known = this.#byKey.get(context, key)
    if (!known || known.isDue(now)) return undefined
    known.seen(now)
    return known
  }

  /** Lets `recall` find the series by bytes that, in this context, stand for its identity. */
  remember(context: number, key: ByteSpan, series: CachedSeries): void {
    this.#byKey.set(context, key, series.withoutDefinition())
  }

  /**
   * The series of a definition, new or known, at an instant (epoch ms); or why there can be none: another series of the
   * workspace has the same id, or the workspace has too many.
   */
  admit(
    workspace: number,
    definition: Omit<SeriesDefinition, 'id'>,
    now: number,
    limits: SeriesLimits = UNLIMITED,
  ): CachedSeries | Refused {
    const place = this.#admit(workspace, canonicalIdentity(definition), definition.metric, now, limits)
    if (place instanceof Refused) return place
    const series = new CachedSeries(place, definition)
    series.seen(now)
    if (series.isDue(now)) this.#workspaceOf(workspace).observe(definition.labels, now)
    return series
  }

  /** The same for a definition in bytes, which has to be announced from them (`BlockBuilder.announceBytes`). */
  admitBytes(
    workspace: number,
    definition: SeriesBytes,
    now: number,
    limits: SeriesLimits = UNLIMITED,
  ): CachedSeries | Refused {
    const place = this.#admit(workspace, definition.identity(), definition.metric, now, limits)
    if (place instanceof Refused) return place
    const series = new CachedSeries(place, null)
    series.seen(now)
    if (series.isDue(now)) this.#workspaceOf(workspace).observeBytes(definition, now)
    return series
  }

  /** `admit` without limits, for who takes no part in counting; null when another series has the same id. */
  resolve(workspace: number, definition: Omit<SeriesDefinition, 'id'>, now = 0): CachedSeries | null {
    const series = this.admit(workspace, definition, now)
    return series instanceof Refused ? null : series
  }

  statistics(workspace: number, now: number): SeriesStatistics {
    return (this.#workspaces.get(workspace) ?? new WorkspaceSeries()).statistics(now)
  }

  /** Series known, of all workspaces, and the bytes that they take. */
  get size(): number {
    return this.#table.size
  }

  get bytes(): number {
    return this.#table.bytes
  }

  #admit(
    workspace: number,
    identity: string | Buffer,
    metric: string,
    now: number,
    limits: SeriesLimits,
  ): SeriesPlace | Refused {
    this.#sweep(now)
    const digest = this.#digest(identity)
    const [idLow, idHigh] = digest
    let entry = this.#table.find(workspace, idLow, idHigh)
    if (entry < 0) {
      const refused = this.#refusal(workspace, now, limits)
      if (refused) return refused
      entry = this.#add(workspace, digest, metric, now)
    } else if (!this.#table.agrees(entry, digest))
      return new Refused('invalid', 'its series has the same id as another one (a hash collision); change a label')
    return { table: this.#table, entry, workspace, idLow, idHigh }
  }

  #refusal(workspace: number, now: number, { maxActiveSeries, maxNewSeriesPerMinute }: SeriesLimits): Refused | null {
    const series = this.#workspaceOf(workspace)
    if (series.active >= maxActiveSeries)
      return new Refused('series_limit', `the workspace has ${maxActiveSeries} active series already, its limit`)
    if (series.newInMinute(now) >= maxNewSeriesPerMinute)
      return new Refused(
        'new_series_limit',
        `the workspace got ${maxNewSeriesPerMinute} new series this minute, its limit`,
      )
    return null
  }

  #add(workspace: number, digest: SeriesDigest, metric: string, now: number): number {
    if (this.#table.size >= this.#limit) this.#forgetSilent()
    const series = this.#workspaceOf(workspace)
    series.countNew(now)
    let count = series.metrics.get(metric)
    if (!count) {
      count = { metric, series: 0, number: 0 }
      count.number = this.#table.metricNumber(count)
      series.metrics.set(metric, count)
    }
    return this.#table.add(workspace, digest, count.number)
  }

  #workspaceOf(workspace: number): WorkspaceSeries {
    const known = this.#workspaces.get(workspace)
    if (known) return known
    const made = new WorkspaceSeries()
    this.#workspaces.set(workspace, made)
    return made
  }

  /** Looks at a share of the entries for every second that went by, and removes series that have ended. */
  #sweep(now: number): void {
    const seconds = Math.floor(now / 1_000)
    const passed = seconds - this.#sweptAt
    if (passed <= 0) return
    this.#sweptAt = seconds
    const { end } = this.#table
    const count = Math.min(end, Math.ceil(end * SWEEP_SHARE * passed))
    for (let i = 0; i < count; i++) {
      this.#sweepFrom = this.#sweepFrom + 1 < end ? this.#sweepFrom + 1 : 0
      const entry = this.#sweepFrom
      if (this.#table.isUsed(entry) && this.#table.lastSeen(entry) + ACTIVE_SECONDS < seconds) this.#remove(entry)
    }
  }

  /** Makes room for a quarter: what was silent longest goes, as far as a sample tells. */
  #forgetSilent(): void {
    const { end } = this.#table
    const step = Math.max(1, Math.floor(end / 1_024))
    const sample: number[] = []
    for (let entry = 0; entry < end; entry += step)
      if (this.#table.isUsed(entry)) sample.push(this.#table.lastSeen(entry))
    sample.sort((a, b) => a - b)
    const horizon = sample[sample.length >> 2] ?? Infinity
    let most = Math.max(1, this.#limit >> 2)
    for (let entry = 0; entry < end && most > 0; entry++) {
      if (!this.#table.isUsed(entry) || this.#table.lastSeen(entry) > horizon) continue
      this.#remove(entry)
      most--
    }
  }

  #remove(entry: number): void {
    const series = this.#workspaceOf(this.#table.workspaceOf(entry))
    series.active--
    const ended = this.#table.remove(entry)
    if (ended) series.metrics.delete(ended.metric)
  }
}
