import type { Slice } from '@nines/contracts'
import type { ReadKind } from '../gathering.ts'
import type { NativeResult } from '../native/native-reader.ts'
import type { Telemetry } from '../telemetry.ts'
import { hullOf, isNearlyTheSame } from './joined-range.ts'

/** Slices of one SLO version whose minute lies in [from, to), epoch milliseconds. */
export interface SlicesQuery {
  workspace: number
  sloId: string
  version: number
  from: number
  to: number
  /** As they were known at this instant (epoch ms); now when left out. */
  asOf?: number
}

export interface KnownSlice extends Slice {
  /** How many revisions of the minute were known. */
  revisions: number
}

/** The newest revision of every stored minute that was known at the instant, ascending. */
export async function readSlices(telemetry: Telemetry, query: SlicesQuery): Promise<KnownSlice[]> {
  const { gathering } = telemetry
  return gathering ? gathering.ask(GATHERED, query) : (await readTogether(telemetry, [query]))[0]!
}

/** Slices of several SLOs over nearly the same time, half a million rows at once. */
const GATHERED: ReadKind<Telemetry, SlicesQuery, KnownSlice[]> = {
  most: 500_000,
  cost: ({ from, to }) => Math.max(1_000, (to - from) / 60_000),
  canJoin: (a, b) => a.workspace === b.workspace && a.asOf === b.asOf && isNearlyTheSame(a, b),
  run: readTogether,
}

/** Slices of every query; all are of one workspace and as of one instant. */
async function readTogether(telemetry: Telemetry, queries: readonly SlicesQuery[]): Promise<KnownSlice[][]> {
  const { workspace = 0, asOf = Number.MAX_SAFE_INTEGER } = queries[0] ?? {}
  const { from, to } = hullOf(queries)
  const slos = [...new Set(queries.map(({ sloId }) => sloId))]
  // Without FINAL: a row that stands twice because an insert was repeated is the same row.
  const result = await telemetry.columns(
    `SELECT toUInt32(indexOf({slos:Array(String)}, slo_id)) AS slo, version, minute,
       argMax(good, revision) AS newest_good, argMax(total, revision) AS newest_total,
       argMax(expected, revision) AS newest_expected, toFloat64(max(revision)) AS newest_revision,
       toFloat64(uniqExact(revision)) AS revisions
     FROM slices
     WHERE workspace = {workspace:UInt32} AND slo_id IN {slos:Array(String)} AND version IN {versions:Array(UInt32)}
       AND minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})
       AND revision <= {asOf:UInt64}
     GROUP BY slo_id, version, minute ORDER BY slo_id, version, minute`,
    {
      workspace,
      slos,
      versions: [...new Set(queries.map(({ version }) => version))],
      from: Math.ceil(from),
      to: Math.ceil(to),
      asOf: Math.floor(asOf),
    },
  )
  return split(result, queries, slos)
}

/** Rows stand SLO by SLO and version by version, each ascending in time. */
function split(result: NativeResult, queries: readonly SlicesQuery[], slos: readonly string[]): KnownSlice[][] {
  const [slo, version, minute] = [result.numbers('slo'), result.numbers('version'), result.numbers('minute')]
  const counts = ['newest_good', 'newest_total', 'newest_expected', 'newest_revision', 'revisions'].map((name) =>
    result.numbers(name),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  const [good, total, expected, revision, revisions] = counts
  const runs = new Map<string, [begin: number, end: number]>()
  for (let i = 0; i < result.rowCount; i++) {
    const key = `${slos[slo[i]! - 1]} ${version[i]}`
    const begin = i
    while (i + 1 < result.rowCount && slo[i + 1] === slo[begin] && version[i + 1] === version[begin]) i++
    runs.set(key, [begin, i + 1])
  }
  return queries.map((query) => {
    const [begin, end] = runs.get(`${query.sloId} ${query.version}`) ?? [0, 0]
    const slices: KnownSlice[] = []
    for (let i = begin; i < end; i++) {
      if (minute[i]! < query.from || minute[i]! >= query.to) continue
      slices.push({
        sloId: query.sloId,
        version: query.version,
        minute: minute[i]!,
        good: good[i]!,
        total: total[i]!,
        expected: expected[i]!,
        revision: revision[i]!,
        revisions: revisions[i]!,
      })
    }
    return slices
  })
}
