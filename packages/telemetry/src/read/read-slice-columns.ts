import { NinesError } from '@nines/kernel'
import type { NativeResult } from '../native/native-reader.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { partsOfRows, type ColumnPart } from './column-parts.ts'
import { sloIdText } from './slo-id-list.ts'

/** Slices of several SLO versions whose minute lies in [from, to), epoch milliseconds. */
export interface SliceColumnsQuery {
  workspace: number
  versions: readonly { sloId: string; version: number }[]
  from: number
  to: number
  /** As they were known at this instant, epoch ms. */
  asOf: number
}

/** Hours of UTC of one version, in hours since 1970. */
export interface HoursOfVersion {
  sloId: string
  version: number
  hours: readonly number[]
}

/** Every known revision of one version's slices, in no order. */
export interface VersionColumns {
  sloId: string
  version: number
  /** Starts of the minutes in minutes since 1970. */
  minute: ColumnPart
  good: ColumnPart
  total: ColumnPart
  /** Epoch ms at which the counts became known. */
  revision: ColumnPart
}

/**
 * The slices of some hours of many versions in one query, as columns: reading them costs no object a minute, and picking the newest
 * revision is left to the reader, who has a place for each minute anyway. A version without slices has no entry.
 */
export async function readSliceColumns(
  telemetry: Telemetry,
  { workspace, versions, asOf }: { workspace: number; versions: readonly HoursOfVersion[]; asOf: number },
  limits: QueryLimits = {},
): Promise<VersionColumns[]> {
  const all = versions.flatMap(({ hours }) => hours)
  if (all.length === 0) return []
  const list = hourList(versions)
  const result = await telemetry.columns(
    `SELECT slo_id, version, groupArray(toUInt32(intDiv(at, 60000))) AS slice_minutes, groupArray(good) AS slice_good,
       groupArray(total) AS slice_total, groupArray(toFloat64(revision)) AS slice_revisions
     FROM (
       SELECT slo_id, version, good, total, revision, toUnixTimestamp64Milli(minute) AS at
       FROM slices
       WHERE workspace = {workspace:UInt32} AND slo_id IN {sloIds:Array(String)}
         AND version IN {numbers:Array(UInt32)} AND (${stretchesOf(all).join(' OR ')})
         AND revision <= {asOf:UInt64}
         AND (slo_id, version, toUInt32(intDiv(at, 3600000))) IN (${list})
     )
     GROUP BY slo_id, version`,
    {
      workspace,
      sloIds: [...new Set(versions.map(({ sloId }) => sloId))],
      numbers: [...new Set(versions.map(({ version }) => version))],
      asOf: Math.floor(asOf),
    },
    limits,
  )
  return versionsOf(result)
}

/** Reads what groupArray made of slices by SLO and version. */
export function versionsOf(result: NativeResult): VersionColumns[] {
  if (result.rowCount === 0) return []
  const numbers = result.numbers('version')
  const part = (name: string) => partsOfRows(result.arrayColumns(name))
  const [minutes, good, total] = [part('slice_minutes'), part('slice_good'), part('slice_total')]
  const revisions = part('slice_revisions')
  return result.texts('slo_id').map((sloId, i) => ({
    sloId,
    version: numbers[i]!,
    minute: minutes[i]!,
    good: good[i]!,
    total: total[i]!,
    revision: revisions[i]!,
  }))
}

/** The store reads some six days of an SLO at least. */
const LEAST_GAP_HOURS = 72
const MOST_STRETCHES = 24

/** Conditions for the few stretches of time that hold all of the hours, so that what lies between them is not read. */
function stretchesOf(hours: readonly number[]): string[] {
  const sorted = [...new Set(hours)].toSorted((a, b) => a - b)
  const gaps = sorted.map((hour, i) => hour - (sorted[i - 1] ?? hour)).toSorted((a, b) => b - a)
  const least = Math.max(LEAST_GAP_HOURS, gaps[MOST_STRETCHES] ?? 0)
  const stretches: { from: number; to: number }[] = []
  for (const hour of sorted) {
    const last = stretches.at(-1)
    if (last && hour - last.to < least) last.to = hour + 1
    else stretches.push({ from: hour, to: hour + 1 })
  }
  const at = (hour: number) => `fromUnixTimestamp64Milli(toInt64(${hour * 3_600_000}))`
  return stretches.map(({ from, to }) => `(minute >= ${at(from)} AND minute < ${at(to)})`)
}

/**
 * Hours as a list for SQL's IN. It stands in the statement itself, because thousands of them do not fit into the URL that bound
 * parameters travel in; therefore nothing but names and whole numbers gets through.
 */
function hourList(versions: readonly HoursOfVersion[]): string {
  return versions
    .flatMap(({ sloId, version, hours }) => {
      if (![version, ...hours].every(Number.isSafeInteger))
        throw new NinesError('invalid', `not hours of an SLO: ${version}, ${hours.join()}`)
      const id = sloIdText(sloId)
      return hours.map((hour) => `(${id},${version},${hour})`)
    })
    .join(',')
}
