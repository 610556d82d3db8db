import type { Telemetry } from '../telemetry.ts'
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
  await telemetry.command(statement(range), rangeParameters(range, WIDTH_MS), ROLLUP_SETTINGS)
}

/** A bucket is named by its start, which lies in the hour that holds it even where that is the hour's own. */
const statement = (range: RollupRange) => `INSERT INTO rollup_1h
  (workspace, retention, series, at, min, max, sum, count, increase, revision)
SELECT r.workspace, max(r.retention), r.series, ${bucketOf('r.at + toIntervalMillisecond(1)')} AS hour,
  min(r.min), max(r.max), sum(r.sum), sum(r.count), sum(r.increase), ${REVISION}
FROM rollup_5m AS r FINAL
WHERE ${seriesOf(range)} AND r.at >= ${instant('from')} AND r.at < ${instant('to')}
GROUP BY r.workspace, r.series, hour`
