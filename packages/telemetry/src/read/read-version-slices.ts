import type { ReadKind } from '../gathering.ts'
import type { Telemetry } from '../telemetry.ts'
import { hullOf, isNearlyTheSame } from './joined-range.ts'
import { versionsOf, type VersionColumns } from './read-slice-columns.ts'
import type { SlicesQuery } from './read-slices.ts'
import { sloIdList } from './slo-id-list.ts'

interface VersionQuery extends Omit<SlicesQuery, 'asOf'> {
  /** About how many there are, where somebody knows: then nobody has to count them first. */
  rows?: number | undefined
}

/**
 * Every revision of the slices of one SLO version as columns, in no order: no object a minute, and no grouping in the store. Minutes
 * beside [from, to) may be among them. null when there are none.
 */
export async function readVersionSlices(telemetry: Telemetry, query: VersionQuery): Promise<VersionColumns | null> {
  const { gathering } = telemetry
  return gathering ? gathering.ask(GATHERED, query) : ((await readTogether(telemetry, [query]))[0] ?? null)
}

/** A statement is no longer than that of a thousand SLOs. */
const LEAST_ROWS = 1_000

/** Slices of several SLOs over nearly the same time, some hundred thousand rows at once. */
const GATHERED: ReadKind<Telemetry, VersionQuery, VersionColumns | null> = {
  most: 500_000,
  // The store packs the next answer up while the one before is being unpacked.
  parallel: 2,
  cost: ({ from, to, rows }) => Math.max(LEAST_ROWS, rows ?? (to - from) / 60_000),
  isWeighed: ({ rows }) => rows !== undefined,
  canJoin: (a, b) => a.workspace === b.workspace && isNearlyTheSame(a, b),
  async weigh(telemetry, queries) {
    const weights = new Map<string, number>()
    for (const [workspace, those] of Map.groupBy(queries, (query) => query.workspace)) {
      const result = await telemetry.columns(
        `SELECT slo_id, toFloat64(count()) AS n FROM slices WHERE ${conditionOf(those)} GROUP BY slo_id`,
        parametersOf(those),
      )
      if (result.rowCount === 0) continue
      const counts = result.numbers('n')
      for (const [i, sloId] of result.texts('slo_id').entries()) weights.set(`${workspace} ${sloId}`, counts[i] ?? 0)
    }
    return queries.map(({ workspace, sloId }) => Math.max(LEAST_ROWS, weights.get(`${workspace} ${sloId}`) ?? 0))
  },
  run: readTogether,
}

/** Those of every query; all are of one workspace. */
async function readTogether(
  telemetry: Telemetry,
  queries: readonly VersionQuery[],
): Promise<(VersionColumns | null)[]> {
  const result = await telemetry.columns(
    `SELECT slo_id, version, groupArray(toUInt32(intDiv(toUnixTimestamp64Milli(minute), 60000))) AS slice_minutes,
       groupArray(good) AS slice_good, groupArray(total) AS slice_total,
       groupArray(toFloat64(revision)) AS slice_revisions
     FROM slices WHERE ${conditionOf(queries)} GROUP BY slo_id, version`,
    parametersOf(queries),
  )
  const found = new Map(versionsOf(result).map((one) => [`${one.sloId} ${one.version}`, one]))
  return queries.map(({ sloId, version }) => found.get(`${sloId} ${version}`) ?? null)
}

function conditionOf(queries: readonly VersionQuery[]): string {
  return `workspace = {workspace:UInt32} AND slo_id IN (${sloIdList(queries.map(({ sloId }) => sloId))})
    AND version IN {versions:Array(UInt32)}
    AND minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})`
}

function parametersOf(queries: readonly VersionQuery[]): Record<string, unknown> {
  const { from, to } = hullOf(queries)
  return {
    workspace: queries[0]?.workspace ?? 0,
    versions: [...new Set(queries.map(({ version }) => version))],
    from: Math.ceil(from),
    to: Math.ceil(to),
  }
}
