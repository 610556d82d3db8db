import type { Labels } from '@nines/contracts'
import { LabelGroups } from '../evaluate/label-groups.ts'
import { isTold } from '../evaluate/minute-increases.ts'
import { addMinutes, MINUTE_MS, noMinutes, windowSums } from '../evaluate/minute-sums.ts'
import { instantOf } from '../evaluate/points.ts'
import type { Buckets } from '../evaluate/sum-buckets.ts'
import type { QueryRow, TelemetryQuery } from '../evaluate/telemetry-query.ts'
import { addSamples, evaluateSamples, type StoredQuery } from './evaluate-stored.ts'
import type { KnownSeries } from './known-series.ts'
import { minuteBuckets } from './minute-buckets.ts'
import { QueryRows } from './query-rows.ts'
import { readServiceBuckets } from './read-buckets.ts'

export interface MinuteSums extends StoredQuery {
  /** Services whose rows, summed, are the answer; null where series have to be summed. */
  services: readonly string[] | null
  /** Up to where minutes are finished, epoch ms. */
  finishedUntil: number
  /** The resident head, for the minutes behind that. */
  askHead: (query: TelemetryQuery) => Promise<readonly QueryRow[] | null>
}

/**
 * Evaluates a sum of increases or rates over windows of whole minutes: finished minutes of services or series, which are
 * kept in memory, are summed by group first; the few minutes behind them come from the head, or else from samples.
 */
export async function evaluateMinuteSums(sums: MinuteSums): Promise<QueryRow[]> {
  const { query, finishedUntil } = sums
  const from = instantOf(query.grid, 0) - query.window
  const to = instantOf(query.grid, query.grid.count - 1)
  const finished = Math.min(to, Math.floor(finishedUntil / MINUTE_MS) * MINUTE_MS)
  const groups = new GroupedMinutes(query.by, from, to)
  const paused = sums.services
    ? await addServices(sums, sums.services, { from, to: finished }, groups)
    : await addSeries(sums, { from, to: finished }, groups)
  if (finished < to) {
    const others = sums.series.filter((one) => !paused.has(one))
    const span = { from: finished, to }
    for (const { labels, values } of await latestMinutes({ ...sums, series: others }, span, paused.size === 0))
      groups.add(labels, { from: finished, values })
  }
  const rows = new QueryRows(query)
  for (const [labels, minutes] of groups.all()) rows.add(labels, windowSums(minutes, query))
  if (paused.size > 0) await addSamples({ ...sums, series: [...paused] }, rows)
  return rows.rows()
}

interface Span {
  from: number
  to: number
}

async function addServices(
  { query, ...stored }: StoredQuery,
  services: readonly string[],
  span: Span,
  groups: GroupedMinutes,
): Promise<ReadonlySet<KnownSeries>> {
  const [label] = query.by
  const asked = { metric: query.selector.metric, services }
  for (const [service, row] of await readServiceBuckets({ ...stored, ...span }, asked))
    groups.add(label === undefined || service === '' ? {} : { [label]: service }, row)
  return new Set()
}

/** Answers the series whose minutes do not tell their increase, which are left out. */
async function addSeries(
  { query: _query, ...stored }: StoredQuery,
  span: Span,
  groups: GroupedMinutes,
): Promise<ReadonlySet<KnownSeries>> {
  const rows = await minuteBuckets(stored, span)
  const paused = new Set<KnownSeries>()
  for (const one of stored.series) {
    const minutes = rows.get(one.id)!
    if (isTold(minutes, span.from, span.to)) groups.add(one.labels, minutes)
    else paused.add(one)
  }
  return paused
}

/** Minutes that samples may still come to. The head knows them; a series that it must not count sends us to the samples. */
async function latestMinutes(
  sums: MinuteSums,
  { from, to }: Span,
  isOfAllSeries: boolean,
): Promise<readonly QueryRow[]> {
  const grid = { from: from + MINUTE_MS, step: MINUTE_MS, count: (to - from) / MINUTE_MS }
  const query: TelemetryQuery = { ...sums.query, function: 'increase', window: MINUTE_MS, grid }
  const answer = isOfAllSeries ? await sums.askHead(query) : null
  return answer ?? evaluateSamples({ ...sums, query })
}

class GroupedMinutes {
  readonly #groups: LabelGroups
  readonly #minutes: Buckets[] = []
  readonly #from: number
  readonly #to: number

  constructor(by: readonly string[], from: number, to: number) {
    this.#groups = new LabelGroups(by)
    this.#from = from
    this.#to = to
  }

  add(labels: Labels, minutes: Buckets): void {
    addMinutes((this.#minutes[this.#groups.numberOf(labels)] ??= noMinutes(this.#from, this.#to)), minutes)
  }

  /** Groups that have any sample. */
  all(): [Labels, Buckets][] {
    return this.#groups.labels
      .map((labels, i): [Labels, Buckets] => [labels, this.#minutes[i]!])
      .filter(([, { values }]) => values.some((value) => !Number.isNaN(value)))
  }
}
