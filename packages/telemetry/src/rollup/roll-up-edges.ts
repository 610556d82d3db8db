import type { Telemetry } from '../telemetry.ts'
import { instant, rangeParameters, REVISION, ROLLUP_SETTINGS, workspacesOf, type RollupRange } from './rollup-range.ts'

const WIDTH_MS = 60_000
/** A parent began at most this long before its child, and may by its clock have begun a little later. */
const PARENT_BEFORE_MS = 10 * 60_000
const PARENT_AFTER_MS = 60_000

/**
 * Computes the service graph of the minutes that start in [from, to) anew: spans of servers and consumers whose parent
 * belongs to another service, in the minute in which the child began. A retry that stored a span twice counts once.
 */
export async function rollUpEdges(telemetry: Telemetry, range: RollupRange): Promise<void> {
  await telemetry.command(statement(workspacesOf(range)), rangeParameters(range, WIDTH_MS), ROLLUP_SETTINGS)
}

const children = (
  of: string,
) => `SELECT workspace, trace_id, span_id, any(parent_span_id) AS parent, any(service) AS server,
  min(at) AS began, max(retention) AS retention, max(status_code = 2) AS is_error, max(duration) AS duration
FROM spans
WHERE ${of} AND at >= ${instant('from')} AND at < ${instant('to')}
  AND kind IN (2, 5) AND parent_span_id != toFixedString('', 8)
GROUP BY workspace, trace_id, span_id`

const parents = (of: string) => `SELECT workspace, trace_id, span_id AS parent, any(service) AS client
FROM spans
WHERE ${of} AND at >= ${instant('from', -PARENT_BEFORE_MS)} AND at < ${instant('to', PARENT_AFTER_MS)}
  AND (workspace, trace_id, span_id) IN (SELECT workspace, trace_id, parent FROM (${children(of)}))
GROUP BY workspace, trace_id, span_id`

const statement = (of: string) => `INSERT INTO service_edges
  (workspace, retention, at, client, server, calls, errors, duration, revision)
SELECT c.workspace, max(c.retention), toStartOfMinute(c.began) AS minute, p.client, c.server,
  count(), sum(c.is_error), sum(c.duration), ${REVISION}
FROM (${children(of)}) AS c
INNER JOIN (${parents(of)}) AS p USING (workspace, trace_id, parent)
WHERE p.client != c.server
GROUP BY c.workspace, minute, p.client, c.server`
