import type { Telemetry } from '../telemetry.ts'
import { insertBuckets } from './bucket-columns.ts'
import { rangeParameters, REVISION, ROLLUP_SETTINGS, seriesOf, workspacesOf, type RollupRange } from './rollup-range.ts'
import { otherSeries } from './sample-steps.ts'
import { seriesBuckets } from './series-buckets.ts'

const WIDTH_MS = 5 * 60_000
/** A step that begins longer before its bucket belongs to none. */
const REACH_MS = 60 * 60_000

/**
 * Computes the buckets of 5 minutes that start in [from, to) anew from samples. A bucket holds the samples in
 * (start, start + 5 min]; its increase begins at the last sample of the hour before, which is taken from rollup_5m itself:
 * earlier buckets are to be rolled up first, and one whose samples changed makes those behind it due as well.
 *
 * Repeats of a sample count once, NaN and stale markers not at all. Two values for one instant are both steps of the
 * increase, in ascending order, but only the higher is a sample. The increase of deltas is their sum, and gauges have
 * neither an increase nor, as only that begins there, a last sample: 0 and the maximum stand for them.
 */
export async function rollUp5m(telemetry: Telemetry, range: RollupRange): Promise<void> {
  await telemetry.command(insertBuckets('rollup_5m', rows(range)), rangeParameters(range, WIDTH_MS), ROLLUP_SETTINGS)
}

const IS_REACHED = `time_before > intDiv(time - 1, {width:UInt32}) * {width:UInt32} - ${REACH_MS}`

const rows = (range: RollupRange) => `SELECT workspace, retention, series,
  fromUnixTimestamp64Milli({from:Int64} + bucket * {width:UInt32}) AS at,
  arrayMin(values) AS min, arrayMax(values) AS max, arraySum(values) AS sum, toUInt32(length(values)) AS count,
  multiIf(is_delta = 1, sum, is_gauge = 1, 0, increase) AS increase, if(is_gauge = 1, max, values[-1]) AS last,
  fromUnixTimestamp64Milli({from:Int64} + times[-1]) AS last_at, ${REVISION} AS revision
FROM (${seriesBuckets({ reachMs: REACH_MS, isReached: IS_REACHED, of: seriesOf(range) })}) AS b
LEFT ANY JOIN (${otherSeries(workspacesOf(range))}) AS d USING (workspace, series)`
