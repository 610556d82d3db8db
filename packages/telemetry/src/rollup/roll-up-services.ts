import type { Telemetry } from '../telemetry.ts'
import { instant, OF_SHARD, rangeParameters, REVISION, ROLLUP_SETTINGS, type RollupRange } from './rollup-range.ts'
import { seriesBuckets } from './series-buckets.ts'

const WIDTH_MS = 60_000
/** Ranges begin and end with buckets of rollup_5m, which knows the samples before them. */
const RANGE_STEP_MS = 5 * WIDTH_MS
/** How far before the range the sample may lie from which a series' first step is counted. */
const REACH_MS = 5 * WIDTH_MS

/**
 * Computes the minutes that start in [from, to) anew: what each counter of a service grew by, over all its series. The
 * bucket of 5 minutes before the range is to be rolled up first. Throws `internal` for a range that cuts such a bucket.
 */
export async function rollUpServices(telemetry: Telemetry, range: RollupRange): Promise<void> {
  const parameters = { ...rangeParameters(range, RANGE_STEP_MS), width: WIDTH_MS }
  await telemetry.command(STATEMENT, parameters, ROLLUP_SETTINGS)
}

/** What the join has to carry: numbers and not arrays. */
const MINUTES = `SELECT workspace, series, retention, bucket, increase, arraySum(values) AS total
FROM (${seriesBuckets({ reachMs: REACH_MS, isReached: `time_before > -${REACH_MS}` })})`

/** The label service.name, else service, else job; a series without any of them belongs to the service ''. */
const SERVICES = `SELECT s.workspace AS workspace, s.series AS series, s.metric AS metric, anyLast(s.kind) AS kind,
  max(s.temporality = 'delta') AS is_delta,
  anyLast(multiIf(s.labels['service.name'] != '', s.labels['service.name'],
    s.labels['service'] != '', s.labels['service'], s.labels['job'])) AS service
FROM series AS s
WHERE s.${OF_SHARD} AND s.kind = 'sum' AND s.last_seen >= ${instant('from', -7 * 24 * 60 * WIDTH_MS)}
GROUP BY s.workspace, s.metric, s.series`

const STATEMENT = `INSERT INTO service_rollup_1m
  (workspace, retention, metric, service, kind, at, series, increase, revision)
SELECT workspace, max(m.retention), metric, service, kind,
  fromUnixTimestamp64Milli({from:Int64} + bucket * {width:UInt32}) AS minute,
  count(), sum(if(is_delta = 1, m.total, m.increase)), ${REVISION}
FROM (${MINUTES}) AS m
INNER JOIN (${SERVICES}) AS s USING (workspace, series)
GROUP BY workspace, metric, service, kind, bucket`
