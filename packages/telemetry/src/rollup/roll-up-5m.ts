import type { Telemetry } from '../telemetry.ts'
import { DELTA_SERIES, stepBetween, VALID_SAMPLES } from './sample-steps.ts'
import {
  bucketOf,
  instant,
  OF_SHARD,
  rangeParameters,
  REVISION,
  ROLLUP_SETTINGS,
  type RollupRange,
} from './rollup-range.ts'

const WIDTH_MS = 5 * 60_000
/** A step over a longer pause belongs to no bucket. */
const LOOKBACK_MS = 60 * 60_000

/**
 * Computes the buckets of 5 minutes that start in [from, to) anew from samples. A bucket holds the samples in
 * (start, start + 5 min]; its increase begins at the last sample of the hour before, which is taken from rollup_5m itself:
 * earlier buckets are to be rolled up first, and one whose samples changed makes those behind it due as well.
 *
 * Repeats of a sample count once, NaN and stale markers not at all; of deltas the increase is the sum. Two values for one
 * instant are both steps of the increase, in ascending order, but only the higher is a sample.
 */
export async function rollUp5m(telemetry: Telemetry, range: RollupRange): Promise<void> {
  await telemetry.command(STATEMENT, rangeParameters(range, WIDTH_MS), ROLLUP_SETTINGS)
}

/** The samples with the one before each and the time of the one behind, which tells the last of equal instants. */
const STEPS = `SELECT workspace, retention, series, at, value, ${bucketOf('at')} AS bucket,
  lagInFrame(value) OVER w AS before, lagInFrame(at) OVER w AS before_at, leadInFrame(at) OVER w AS next_at
FROM samples
WHERE ${OF_SHARD} AND at > ${instant('from')} AND at <= ${instant('to')} AND ${VALID_SAMPLES}
WINDOW w AS (PARTITION BY workspace, series ORDER BY at, value ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)`

const BUCKETS = `SELECT workspace, series, bucket, max(retention) AS retention,
  argMinIf(value, at, is_counted) AS first, min(at) AS first_at,
  argMaxIf(value, at, is_counted) AS last, max(at) AS last_at,
  minIf(value, is_counted) AS min, maxIf(value, is_counted) AS max,
  sumIf(value, is_counted) AS sum, countIf(is_counted) AS count,
  sumIf(${stepBetween('before', 'value')}, before_at > bucket) AS inner_increase
FROM (SELECT *, next_at != at AS is_counted FROM (${STEPS}))
GROUP BY workspace, series, bucket`

/** The last sample of each series before the range, in the shape of a bucket that holds nothing else. */
const BEFORE = `SELECT workspace, series, fromUnixTimestamp64Milli(0) AS bucket, 0 AS retention,
  0 AS first, fromUnixTimestamp64Milli(0) AS first_at,
  argMax(r.last, (r.last_at, r.revision)) AS last, max(r.last_at) AS last_at,
  0 AS min, 0 AS max, 0 AS sum, 0 AS count, 0 AS inner_increase
FROM rollup_5m AS r
WHERE ${OF_SHARD} AND r.at >= ${instant('from', -LOOKBACK_MS)} AND r.at < ${instant('from')}
GROUP BY workspace, series`

const STATEMENT = `INSERT INTO rollup_5m
  (workspace, retention, series, at, first, first_at, last, last_at, min, max, sum, count, increase, revision)
SELECT workspace, retention, series, bucket, first, first_at, last, last_at, min, max, sum, count,
  multiIf(is_delta = 1, sum,
    before_at > first_at - toIntervalMillisecond(${LOOKBACK_MS}), inner_increase + ${stepBetween('before', 'first')},
    inner_increase),
  ${REVISION}
FROM (
  SELECT *, lagInFrame(last) OVER w AS before, lagInFrame(last_at) OVER w AS before_at
  FROM (${BUCKETS} UNION ALL ${BEFORE})
  WINDOW w AS (PARTITION BY workspace, series ORDER BY bucket ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
) AS b
LEFT ANY JOIN (${DELTA_SERIES}) AS d USING (workspace, series)
WHERE count > 0`
