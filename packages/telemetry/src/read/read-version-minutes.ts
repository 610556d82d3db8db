import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import type { SlicesQuery } from './read-slices.ts'
import type { VersionColumns } from './read-slice-columns.ts'

/**
 * Every known revision of all slices of one version in [from, to), in no order: as columns, of one version at a time because that is
 * how the store keeps them, and nothing is to be grouped.
 */
export async function readVersionMinutes(
  telemetry: Telemetry,
  { workspace, sloId, version, from, to, asOf }: Required<SlicesQuery>,
  limits: QueryLimits = {},
): Promise<VersionColumns> {
  const result = await telemetry.columns(
    `SELECT toUInt32(intDiv(toUnixTimestamp64Milli(minute), 60000)) AS slice_minute, good, total,
       toFloat64(revision) AS slice_revision
     FROM slices
     WHERE workspace = {workspace:UInt32} AND slo_id = {sloId:String} AND version = {version:UInt32}
       AND minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})
       AND revision <= {asOf:UInt64}`,
    { workspace, sloId, version, from: Math.ceil(from), to: Math.ceil(to), asOf: Math.floor(asOf) },
    limits,
  )
  const [minute, revision] = [result.numbers('slice_minute'), result.numbers('slice_revision')]
  return { sloId, version, minute, good: result.numbers('good'), total: result.numbers('total'), revision }
}
