import { NinesError } from '@nines/kernel'
import { windowOf } from '../evaluate/evaluate-series.ts'
import { instantOf } from '../evaluate/points.ts'
import type { QueryAnswer, TelemetryQuery } from '../evaluate/telemetry-query.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { evaluateMinuteSums } from './evaluate-minute-sums.ts'
import { evaluateMinutes } from './evaluate-minutes.ts'
import { evaluateRollup, evaluateSamples } from './evaluate-stored.ts'
import type { FinishedBuckets } from './finished-buckets.ts'
import { isOfMinutes, planQuery } from './plan-query.ts'
import type { RollupProgress } from './rollup-levels.ts'
import type { SeriesDirectory } from './series-directory.ts'

/** Results that one answer may hold: rows times instants. */
const MAX_RESULTS = 2_000_000
export const MAX_INSTANTS = 11_000
/** Windows times samples in them that one query may look at, about. */
const MAX_STEPS = 5e9
const USUAL_STEP_MS = 15_000

/** What answers queries of stored telemetry. */
export interface QueryEngine {
  telemetry: Telemetry
  directory: SeriesDirectory
  rollups: RollupProgress
  buckets: FinishedBuckets
  /** The resident head, where there is one: null when it cannot tell. */
  askHead?: (workspace: number, query: TelemetryQuery, signal: AbortSignal | undefined) => Promise<QueryAnswer | null>
}

/**
 * The answer to a query, from the head when it holds all of it, else from the cheapest stored source. Rejects with
 * `too_large` when the query goes beyond a bound, with `invalid` for a selector that cannot be read.
 */
export async function queryTelemetry(
  engine: QueryEngine,
  workspace: number,
  query: TelemetryQuery,
  limits: QueryLimits = {},
): Promise<QueryAnswer> {
  if (query.grid.count > MAX_INSTANTS)
    throw new NinesError('too_large', `${query.grid.count} instants are more than the ${MAX_INSTANTS} of one query`)
  const fromHead = await engine.askHead?.(workspace, query, limits.signal)
  const answer = fromHead ?? (await queryStored(engine, workspace, query, limits))
  requireResults(answer.rows.length, query)
  return answer
}

async function queryStored(
  { telemetry, directory, rollups, buckets, askHead }: QueryEngine,
  workspace: number,
  query: TelemetryQuery,
  limits: QueryLimits,
): Promise<QueryAnswer> {
  const from = instantOf(query.grid, 0) - windowOf(query)
  const { selector } = query
  const series = await directory.select(workspace, selector, from, limits)
  if (series.length === 0) return { rows: [], source: 'raw' }
  const completeUntil = await rollups(workspace)
  const ofMetric =
    completeUntil.service_rollup_1m === undefined || selector.matchers.length === 0
      ? series
      : await directory.select(workspace, { ...selector, matchers: [] }, from, limits)
  const plan = planQuery({ query, series, ofMetric, completeUntil })
  if (query.aggregate === null) requireResults(series.length, query)
  const stored = { telemetry, buckets, workspace, query, series, limits }
  if (plan.source === 'minutes') {
    const { services, finishedUntil } = plan
    const ask = async (asked: TelemetryQuery) => (await askHead?.(workspace, asked, limits.signal))?.rows ?? null
    const rows = await evaluateMinuteSums({ ...stored, services, finishedUntil, askHead: ask })
    return { rows, source: services ? 'service-rollup' : 'raw' }
  }
  if (plan.source === 'series-rollup')
    return { rows: await evaluateRollup(stored, plan.level, plan.column), source: plan.source }
  requireSteps(series.length, query)
  const isFinished = instantOf(query.grid, query.grid.count - 1) <= (completeUntil.rollup_5m ?? -Infinity)
  const isKept = isFinished && isOfMinutes(query, series.length)
  return { rows: await (isKept ? evaluateMinutes(stored) : evaluateSamples(stored)), source: 'raw' }
}

function requireResults(rows: number, { grid }: TelemetryQuery): void {
  if (rows * grid.count > MAX_RESULTS)
    throw new NinesError(
      'too_large',
      `the answer would hold ${rows} rows of ${grid.count} instants, more than ${MAX_RESULTS} results: aggregate, take a longer step or a shorter range`,
    )
}

function requireSteps(series: number, query: TelemetryQuery): void {
  const steps = (series * query.grid.count * windowOf(query)) / USUAL_STEP_MS
  if (steps > MAX_STEPS)
    throw new NinesError(
      'too_large',
      'the windows of this query overlap too much: take a longer step or a narrower window',
    )
}
