import type { Telemetry } from '../telemetry.ts'
import { rangeParameters, REVISION, ROLLUP_SETTINGS, seriesOf, workspacesOf, type RollupRange } from './rollup-range.ts'
import { deltaSeries } from './sample-steps.ts'
import { seriesBuckets } from './series-buckets.ts'

const WIDTH_MS = 5 * 60_000
/** A step that begins longer before its bucket belongs to none. */
const REACH_MS = 60 * 60_000

/**
 * Computes the buckets of 5 minutes that start in [from, to) anew from samples. A bucket holds the samples in
 * (start, start + 5 min]; its increase begins at the last sample of the hour before, which is taken from rollup_5m itself:
 * earlier buckets are to be rolled up first, and one whose samples changed makes those behind it due as well.
 *
 * Repeats of a sample count once, NaN and stale markers not at all; of deltas the increase is the sum. Two values for one
 * instant are both steps of the increase, in ascending order, but only the higher is a sample.
 */
export async function rollUp5m(telemetry: Telemetry, range: RollupRange): Promise<void> {
  await telemetry.command(statement(range), rangeParameters(range, WIDTH_MS), ROLLUP_SETTINGS)
}

const IS_REACHED = `time_before > intDiv(time - 1, {width:UInt32}) * {width:UInt32} - ${REACH_MS}`

const statement = (range: RollupRange) => `INSERT INTO rollup_5m
  (workspace, retention, series, at, last_bits, last_at, min, max, sum, count, increase, revision)
SELECT workspace, retention, series, fromUnixTimestamp64Milli({from:Int64} + bucket * {width:UInt32}),
  bitXor(reinterpretAsUInt64(values[-1]), reinterpretAsUInt64(arrayMax(values) AS highest)),
  fromUnixTimestamp64Milli({from:Int64} + times[-1]), arrayMin(values), highest, arraySum(values) AS total, length(values),
  if(is_delta = 1, total, increase), ${REVISION}
FROM (${seriesBuckets({ reachMs: REACH_MS, isReached: IS_REACHED, of: seriesOf(range) })}) AS b
LEFT ANY JOIN (${deltaSeries(workspacesOf(range))}) AS d USING (workspace, series)`
