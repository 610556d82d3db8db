import type { LabelMatcher } from '@nines/contracts'
import type { QueryLimits } from '../query-limits.ts'
import { histogramQuantiles } from './histogram-quantiles.ts'
import { queryTelemetry, type QueryEngine } from './query-telemetry.ts'

/** Rate, errors and duration of the requests that a service answered. */
export interface ServiceHealth {
  service: string
  requestsPerSecond: number
  /** Null without requests. */
  errorRatio: number | null
  /** Seconds; null where none are known. */
  p50: number | null
  p95: number | null
  p99: number | null
}

const WINDOW_MS = 5 * 60_000
const QUANTILES = [0.5, 0.95, 0.99]
const SERVICE = 'service.name'
/** Spans of a service that answer somebody: those of its own calls and of its inner work are none of its requests. */
const ANSWERING: LabelMatcher = { label: 'span.kind', op: '=~', value: 'SPAN_KIND_SERVER|SPAN_KIND_CONSUMER' }
const FAILED: LabelMatcher = { label: 'status.code', op: '=', value: 'STATUS_CODE_ERROR' }

/** Every service with requests in the five minutes up to `at` (epoch ms), by name, from the metrics of its spans. */
export async function readServiceHealth(
  engine: QueryEngine,
  workspace: number,
  at: number,
  limits: QueryLimits = {},
): Promise<ServiceHealth[]> {
  const grid = { from: at, step: 0, count: 1 }
  const rate = async (matchers: LabelMatcher[]) => {
    const selector = { metric: 'traces.span.metrics.calls', matchers }
    const asked = { selector, function: 'rate', window: WINDOW_MS, grid, aggregate: 'sum', by: [SERVICE] } as const
    const { rows } = await queryTelemetry(engine, workspace, asked, limits)
    return new Map(rows.map(({ labels, values }) => [labels[SERVICE] ?? '', values[0]!]))
  }
  const [requests, errors, durations] = await Promise.all([
    rate([ANSWERING]),
    rate([ANSWERING, FAILED]),
    durationsOf(engine, workspace, at, limits),
  ])
  return [...requests]
    .filter(([, perSecond]) => perSecond > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, requestsPerSecond]) => {
      const failing = errors.get(service) ?? 0
      const [p50 = null, p95 = null, p99 = null] = durations.get(service) ?? []
      return { service, requestsPerSecond, errorRatio: (failing || 0) / requestsPerSecond, p50, p95, p99 }
    })
}

async function durationsOf(
  { telemetry, directory }: QueryEngine,
  workspace: number,
  at: number,
  limits: QueryLimits,
): Promise<Map<string, (number | null)[]>> {
  const selector = { metric: 'traces.span.metrics.duration', matchers: [ANSWERING] }
  const series = await directory.select(workspace, selector, at - WINDOW_MS, limits)
  const grid = { from: at, step: 0, count: 1 }
  const asked = { telemetry, workspace, series, quantiles: QUANTILES, window: WINDOW_MS, grid, by: [SERVICE], limits }
  const found = new Map<string, (number | null)[]>()
  for (const { labels, values } of await histogramQuantiles(asked)) {
    const service = labels[SERVICE] ?? ''
    const value = values[0]!
    found.set(service, [...(found.get(service) ?? []), Number.isFinite(value) ? value : null])
  }
  return found
}
