import type { Telemetry } from '../telemetry.ts'
import { bucketOf, workspacesOf, type ShardShare } from './rollup-range.ts'

const WIDTH_MS = 5 * 60_000

/** Starts (epoch ms) of all buckets of 5 minutes that hold samples of the shard's workspaces, ascending. */
export async function storedFiveMinutes(telemetry: Telemetry, shards: ShardShare): Promise<number[]> {
  const rows = await telemetry.rows<{ start: string }>(
    `SELECT DISTINCT toUnixTimestamp64Milli(${bucketOf('at')}) AS start FROM samples WHERE ${workspacesOf({ from: 0, to: 0, shards })} ORDER BY start`,
    { ...shards, width: WIDTH_MS },
    { maxRowsToRead: 0, maxSeconds: 600 },
  )
  return rows.map(({ start }) => Number(start))
}
