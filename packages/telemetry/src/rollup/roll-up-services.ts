import type { Telemetry } from '../telemetry.ts'
import {
  instant,
  rangeParameters,
  REVISION,
  ROLLUP_SETTINGS,
  seriesOf,
  workspacesOf,
  type RollupRange,
} from './rollup-range.ts'
import { seriesBuckets } from './series-buckets.ts'

const WIDTH_MS = 60_000
/** Ranges begin and end with buckets of rollup_5m, which knows the samples before them. */
const RANGE_STEP_MS = 5 * WIDTH_MS
/** A step that begins longer before the bucket of 5 minutes that it ends in belongs to no minute. */
const REACH_MS = 5 * WIDTH_MS
const IS_REACHED = `time_before > intDiv(time - 1, ${RANGE_STEP_MS}) * ${RANGE_STEP_MS} - ${REACH_MS}`

/**
 * Computes the minutes that start in [from, to) anew: what each counter of a service grew by, over all its series. The
 * bucket of 5 minutes before the range is to be rolled up first. Throws `internal` for a range that cuts such a bucket.
 */
export async function rollUpServices(telemetry: Telemetry, range: RollupRange): Promise<void> {
  const parameters = { ...rangeParameters(range, RANGE_STEP_MS), width: WIDTH_MS }
  await telemetry.command(statement(range), parameters, ROLLUP_SETTINGS)
}

/** What the join has to carry: numbers and not arrays. */
const minutes = (of: string) => `SELECT workspace, series, retention, bucket, increase, arraySum(values) AS total
FROM (${seriesBuckets({ reachMs: REACH_MS, isReached: IS_REACHED, of })})`

/** The label service.name, else service, else job; a series without any of them belongs to the service ''. */
const services = (range: RollupRange) => `SELECT s.workspace AS workspace, s.series AS series, s.metric AS metric,
  anyLast(s.kind) AS kind, max(s.temporality = 'delta') AS is_delta,
  anyLast(multiIf(s.labels['service.name'] != '', s.labels['service.name'],
    s.labels['service'] != '', s.labels['service'], s.labels['job'])) AS service
FROM series AS s
WHERE s.${workspacesOf(range)} AND s.kind = 'sum' AND s.last_seen >= ${instant('from', -7 * 24 * 60 * WIDTH_MS)}
GROUP BY s.workspace, s.metric, s.series`

/** A minute of a service is made of all its series of the metric, also where only some of them changed. */
function scopeOf(range: RollupRange): { services: string; of: string } {
  const all = services(range)
  if ('shards' in range || range.only.series === null) return { services: all, of: workspacesOf(range) }
  const changed = `SELECT metric, service FROM (${all}) WHERE ${seriesOf(range)}`
  const some = `SELECT * FROM (${all}) WHERE (metric, service) IN (${changed})`
  return { services: some, of: `${workspacesOf(range)} AND series IN (SELECT series FROM (${some}))` }
}

function statement(range: RollupRange): string {
  const scope = scopeOf(range)
  return `INSERT INTO service_rollup_1m
  (workspace, retention, metric, service, kind, at, series, increase, revision)
SELECT workspace, max(m.retention), metric, service, kind,
  fromUnixTimestamp64Milli({from:Int64} + bucket * {width:UInt32}) AS minute,
  count(), sum(if(is_delta = 1, m.total, m.increase)), ${REVISION}
FROM (${minutes(scope.of)}) AS m
INNER JOIN (${scope.services}) AS s USING (workspace, series)
GROUP BY workspace, metric, service, kind, bucket`
}
