import { compileSelector, type SeriesDefinition, type SeriesSelector } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { ReadKind } from '../gathering.ts'
import type { Telemetry } from '../telemetry.ts'
import { SERIES_COLUMNS, toSeriesDefinition, type SeriesRow } from './series-row.ts'
import { selectorCondition } from './selector-condition.ts'
import { seriesIdList } from './series-id-list.ts'

/** More series than one selector may mean. */
const MAX_SERIES = 100_000
const IDS_PER_QUERY = 5000

export interface FindSeriesOptions {
  /** Only series announced at or after this instant, epoch ms. Live series are announced anew every 10 minutes. */
  since?: number
}

/**
 * Series that a selector means, ordered by id. Rejects with `too_large` beyond 100,000 of them and with `invalid` when a
 * regular expression is none of RE2's.
 */
export async function findSeries(
  telemetry: Telemetry,
  workspace: number,
  selector: SeriesSelector,
  options: FindSeriesOptions = {},
): Promise<SeriesDefinition[]> {
  const query = { workspace, selector, since: options.since ?? 0 }
  const { gathering } = telemetry
  return gathering && equalitiesOf(selector).size > 0 ? gathering.ask(GATHERED, query) : findAlone(telemetry, query)
}

interface SeriesQuery {
  workspace: number
  selector: SeriesSelector
  since: number
}

/**
 * Series of several selectors of one metric that ask for some value of the same label. Others are not gathered: all series
 * of a metric would have to be gone through for each.
 */
const GATHERED: ReadKind<Telemetry, SeriesQuery, SeriesDefinition[]> = {
  // Characters of the statement, which ClickHouse takes 262,144 of.
  most: 100_000,
  cost: ({ selector }) => 20 + 6 * Math.max(...[...equalitiesOf(selector).values()].map(({ length }) => length)),
  canJoin: (a, b) =>
    a.workspace === b.workspace &&
    a.since === b.since &&
    a.selector.metric === b.selector.metric &&
    [...equalitiesOf(a.selector).keys()].some((label) => equalitiesOf(b.selector).has(label)),
  async run(telemetry, queries) {
    const [first] = queries
    if (!first) return []
    if (queries.length === 1) return [await findAlone(telemetry, first)]
    const { label, values } = tellingLabel(queries.map(({ selector }) => equalitiesOf(selector)))
    const found = await findByValues(telemetry, first, { label, values: [...new Set(values)] })
    const byValue = Map.groupBy(found, ({ labels }) => labels[label] ?? '')
    return queries.map(({ selector }, i) => {
      const matches = compileSelector(selector)
      return (byValue.get(values[i] ?? '') ?? []).filter(({ labels }) => matches(labels))
    })
  },
}

/** Labels that a selector asks one value of. An empty one also means series without the label. */
function equalitiesOf({ matchers }: SeriesSelector): Map<string, string> {
  return new Map(matchers.flatMap(({ label, op, value }) => (op === '=' && value !== '' ? [[label, value]] : [])))
}

/** The label that all ask a value of and that tells most of them apart, with the value of each. */
function tellingLabel(all: readonly ReadonlyMap<string, string>[]): { label: string; values: string[] } {
  let best: { label: string; values: string[]; distinct: number } | undefined
  for (const label of all[0]?.keys() ?? []) {
    const values = all.flatMap((equalities) => equalities.get(label) ?? [])
    const distinct = new Set(values).size
    if (values.length === all.length && (!best || distinct > best.distinct)) best = { label, values, distinct }
  }
  // Each is asked alone then.
  if (!best) throw new NinesError('internal', 'selectors that were gathered ask for no value of one label')
  return best
}

async function findByValues(
  telemetry: Telemetry,
  { workspace, selector: { metric }, since }: SeriesQuery,
  { label, values }: { label: string; values: readonly string[] },
): Promise<SeriesDefinition[]> {
  const rows = await telemetry.rows<SeriesRow>(
    `SELECT ${SERIES_COLUMNS} FROM series AS s
     WHERE workspace = {workspace:UInt32} AND s.metric = {metric:String}
       AND s.labels[{label:String}] IN (${values.map(hexText).join(',')})
     GROUP BY s.metric, s.series
     HAVING toUnixTimestamp64Milli(max(s.last_seen)) >= {since:Int64}
     ORDER BY s.series
     LIMIT ${MAX_SERIES + 1}`,
    { workspace, since: Math.trunc(since), metric, label },
  )
  // Each is asked alone then, of which none may mean so many.
  if (rows.length > MAX_SERIES) throw new NinesError('too_large', `more than ${MAX_SERIES} series of ${metric} at once`)
  return rows.map(toSeriesDefinition)
}

/** A text in the statement itself, because hundreds do not fit into the URL that bound parameters travel in. */
function hexText(value: string): string {
  return `unhex('${Buffer.from(value).toString('hex')}')`
}

async function findAlone(
  telemetry: Telemetry,
  { workspace, selector, since }: SeriesQuery,
): Promise<SeriesDefinition[]> {
  const { sql, parameters } = selectorCondition(selector)
  const rows = await telemetry.rows<SeriesRow>(
    `SELECT ${SERIES_COLUMNS} FROM series AS s
     WHERE workspace = {workspace:UInt32} AND ${sql}
     GROUP BY s.metric, s.series
     HAVING toUnixTimestamp64Milli(max(s.last_seen)) >= {since:Int64}
     ORDER BY s.series
     LIMIT ${MAX_SERIES + 1}`,
    { workspace, since: Math.trunc(since), ...parameters },
  )
  if (rows.length > MAX_SERIES)
    throw new NinesError('too_large', `metric ${selector.metric} has more than ${MAX_SERIES} series for this selector`)
  const matches = compileSelector(selector)
  return rows.filter((row) => matches(row.labels)).map(toSeriesDefinition)
}

/** Definitions of series whose ids are known; an id that was never announced is left out. */
export async function findSeriesByIds(
  telemetry: Telemetry,
  workspace: number,
  ids: readonly string[],
): Promise<SeriesDefinition[]> {
  const found: SeriesDefinition[] = []
  for (let i = 0; i < ids.length; i += IDS_PER_QUERY) {
    const rows = await telemetry.rows<SeriesRow>(
      `SELECT ${SERIES_COLUMNS} FROM series AS s
       WHERE workspace = {workspace:UInt32} AND s.series IN (${seriesIdList(ids.slice(i, i + IDS_PER_QUERY))})
       GROUP BY s.metric, s.series ORDER BY s.series`,
      { workspace },
    )
    found.push(...rows.map(toSeriesDefinition))
  }
  return found
}
