import type { ReadKind } from '../gathering.ts'
import type { Telemetry } from '../telemetry.ts'
import { hullOf, isNearlyTheSame, type ReadRange } from './joined-range.ts'
import type { PointsQuery } from './points-query.ts'
import { seriesIdList } from './series-id-list.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** A sample every 15 s. */
const ROWS_PER_DAY = 5_760
/** Of so many days of one series: a statement is no longer than that of some thousand series. */
const LEAST_DAYS = 0.05

interface PointsKind<Rows> {
  table: string
  /** So many days of series at once. */
  most: number
  read: (telemetry: Telemetry, query: PointsQuery) => Promise<Map<string, Rows>>
  /** The rows of a range; undefined where there are none. */
  within: (rows: Rows, range: ReadRange) => Rows | undefined
}

/** Reads of points by several readers, of nearly the same time, as one. */
export function gatheredPoints<Rows>(kind: PointsKind<Rows>): ReadKind<Telemetry, PointsQuery, Map<string, Rows>> {
  const { table, most, read, within } = kind
  return {
    most,
    cost: ({ series, from, to }) => (series.length * Math.max(HOUR_MS, to - from)) / DAY_MS,
    canJoin,
    async weigh(telemetry, queries) {
      const weights = new Map<PointsQuery, number>()
      for (const group of joinable(queries)) {
        const rows = await countRows(telemetry, table, group)
        for (const query of group) {
          const own = query.series.reduce((sum, id) => sum + (rows.get(id) ?? 0), 0)
          weights.set(query, Math.max(LEAST_DAYS * query.series.length, own / ROWS_PER_DAY))
        }
      }
      return queries.map((query) => weights.get(query) ?? most)
    },
    async run(telemetry, queries) {
      const [first] = queries
      if (!first) return []
      if (queries.length === 1) return [await read(telemetry, first)]
      const all = await read(telemetry, { workspace: first.workspace, series: seriesOf(queries), ...hullOf(queries) })
      return queries.map((query) => {
        const own = new Map<string, Rows>()
        for (const id of query.series) {
          const rows = all.get(id)
          const inside = rows && within(rows, query)
          if (inside) own.set(id, inside)
        }
        return own
      })
    },
  }
}

function canJoin(a: PointsQuery, b: PointsQuery): boolean {
  return a.workspace === b.workspace && [a, b].every((one) => !one.limit && !one.limits) && isNearlyTheSame(a, b)
}

/** Those that go together with the first of each group. */
function joinable(queries: readonly PointsQuery[]): PointsQuery[][] {
  const groups: [PointsQuery, ...PointsQuery[]][] = []
  for (const query of queries) {
    const group = groups.find(([first]) => canJoin(first, query))
    if (group) group.push(query)
    else groups.push([query])
  }
  return groups
}

async function countRows(
  telemetry: Telemetry,
  table: string,
  queries: readonly PointsQuery[],
): Promise<Map<string, number>> {
  const { from, to } = hullOf(queries)
  const result = await telemetry.columns(
    `SELECT series, toFloat64(count()) AS n FROM ${table}
     WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(seriesOf(queries))})
       AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
     GROUP BY series`,
    { workspace: queries[0]?.workspace ?? 0, from: Math.ceil(from), to: Math.ceil(to) },
  )
  if (result.rowCount === 0) return new Map()
  const [series, counts] = [result.bigints('series'), result.numbers('n')]
  return new Map(Array.from(series, (id, i) => [String(id), counts[i] ?? 0]))
}

function seriesOf(queries: readonly PointsQuery[]): string[] {
  return [...new Set(queries.flatMap(({ series }) => series))]
}
