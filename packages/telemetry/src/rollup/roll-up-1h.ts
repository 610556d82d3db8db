import type { Telemetry } from '../telemetry.ts'
import { insertBuckets } from './bucket-columns.ts'
import {
  bucketOf,
  instant,
  rangeParameters,
  REVISION,
  ROLLUP_SETTINGS,
  seriesOf,
  type RollupRange,
} from './rollup-range.ts'

const WIDTH_MS = 60 * 60_000

/** Computes the hours that start in [from, to) anew from their buckets of 5 minutes. */
export async function rollUp1h(telemetry: Telemetry, range: RollupRange): Promise<void> {
  await telemetry.command(insertBuckets('rollup_1h', buckets(range)), rangeParameters(range, WIDTH_MS), ROLLUP_SETTINGS)
}

/** A bucket is named by its start, which lies in the hour that holds it even where that is the hour's own. */
const HOUR = bucketOf('r.at + toIntervalMillisecond(1)')

const buckets = (
  range: RollupRange,
) => `SELECT r.workspace AS workspace, max(r.retention) AS retention, r.series AS series,
  ${HOUR} AS at, min(r.min) AS min, max(r.max) AS max, sum(r.sum) AS sum,
  toUInt32(sum(r.count)) AS count, sum(r.increase) AS increase, ${REVISION} AS revision
FROM rollup_5m AS r FINAL
WHERE ${seriesOf(range)} AND r.at >= ${instant('from')} AND r.at < ${instant('to')}
GROUP BY r.workspace, r.series, ${HOUR}`
