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

const WIDTH_MS = 60_000
/** How far before the range the sample is looked for from which a series' first step is counted. */
const LOOKBACK_MS = 5 * 60_000

/** Computes the minutes that start in [from, to) anew: samples of each metric summed over the series of a service. */
export async function rollUpServices(telemetry: Telemetry, range: RollupRange): Promise<void> {
  await telemetry.command(STATEMENT, rangeParameters(range, WIDTH_MS), ROLLUP_SETTINGS)
}

const STEPS = `SELECT workspace, retention, series, at, value, ${bucketOf('at')} AS minute,
  lagInFrame(value) OVER w AS before, lagInFrame(at) OVER w AS before_at, leadInFrame(at) OVER w AS next_at
FROM samples
WHERE ${OF_SHARD} AND at > ${instant('from', -LOOKBACK_MS)} AND at <= ${instant('to')} AND ${VALID_SAMPLES}
WINDOW w AS (PARTITION BY workspace, series ORDER BY at, value ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)`

/** The label service.name, else service, else job; a series without any of them belongs to the service ''. */
const SERVICES = `SELECT s.workspace AS workspace, s.series AS series, s.metric AS metric, anyLast(s.kind) AS kind,
  anyLast(multiIf(s.labels['service.name'] != '', s.labels['service.name'],
    s.labels['service'] != '', s.labels['service'], s.labels['job'])) AS service
FROM series AS s
WHERE s.${OF_SHARD} AND s.last_seen >= ${instant('from', -7 * 24 * 60 * WIDTH_MS)}
GROUP BY s.workspace, s.metric, s.series`

const STATEMENT = `INSERT INTO service_rollup_1m
  (workspace, retention, metric, service, kind, at, series, increase, sum, count, min, max, revision)
SELECT p.workspace, max(p.retention), s.metric, s.service, s.kind, p.minute,
  count(), sum(if(d.is_delta = 1, p.sum, p.increase)), sum(p.sum), sum(p.count), min(p.min), max(p.max), ${REVISION}
FROM (
  SELECT workspace, series, minute, max(retention) AS retention,
    sumIf(value, is_counted) AS sum, countIf(is_counted) AS count,
    minIf(value, is_counted) AS min, maxIf(value, is_counted) AS max,
    sumIf(${stepBetween('before', 'value')}, before_at > fromUnixTimestamp64Milli(0)) AS increase
  FROM (SELECT *, next_at != at AS is_counted FROM (${STEPS}))
  WHERE at > ${instant('from')}
  GROUP BY workspace, series, minute
) AS p
INNER JOIN (${SERVICES}) AS s USING (workspace, series)
LEFT ANY JOIN (${DELTA_SERIES}) AS d USING (workspace, series)
GROUP BY p.workspace, s.metric, s.service, s.kind, p.minute`
