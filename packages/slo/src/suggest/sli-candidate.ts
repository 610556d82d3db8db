import type { LabelMatcher, MeasuredSli, SeriesSelector, SuggestionAspect } from '@nines/contracts'
import type { SeenSeries } from './service-owner.ts'

/** What is measured, and what is still to be chosen: a threshold. */
export type CandidateMeasure =
  | { kind: 'ready'; sli: MeasuredSli }
  | { kind: 'histogram'; histogram: SeriesSelector; exponential: boolean }
  /** Classic histograms of Prometheus: running totals by upper bound, as it is written in the label le. */
  | { kind: 'buckets'; bucket: SeriesSelector; count: SeriesSelector; bounds: { le: string; value: number }[] }
  | { kind: 'gauge'; gauge: SeriesSelector }
  | { kind: 'durations'; service: string; spanKind: 'server' | 'consumer' }

/** An SLI that the telemetry of a service could have. */
export interface SliCandidate {
  aspect: SuggestionAspect
  /** Candidates with the same aspect, scope and operation measure the same promise. */
  scope: string
  operation: string | null
  /** For people. */
  source: string
  /** Among candidates of one promise, lower is better. */
  rank: number
  measure: CandidateMeasure
  unit: string
  /** When its series were first and last announced, epoch ms. */
  since: number
  until: number
  /** Ids of the series that feed it. */
  series: string[]
  /** The label by which operations are told apart, and the series of each. */
  operations: { label: string; series: ReadonlyMap<string, readonly string[]> } | null
  /** Environments that its series come from. */
  environments: string[]
}

/** Names of the label that tells a service's operations apart, best first. */
export const OPERATION_LABELS = [
  'http.route',
  'http_route',
  'span.name',
  'span_name',
  'rpc.method',
  'rpc_method',
  'grpc_method',
  'route',
  'uri',
  'handler',
  'path',
  'endpoint',
]
const ENVIRONMENT_LABELS = [
  'deployment.environment.name',
  'deployment.environment',
  'deployment_environment_name',
  'deployment_environment',
  'environment',
  'env',
]
/** More values are no operations but whatever was asked for. */
const MOST_OPERATIONS = 200

function operationsOf(series: readonly SeenSeries[]): SliCandidate['operations'] {
  for (const label of OPERATION_LABELS) {
    const byValue = new Map<string, string[]>()
    for (const { id, labels } of series) {
      const value = labels[label] ?? ''
      if (value === '') continue
      const known = byValue.get(value)
      if (known) known.push(id)
      else byValue.set(value, [id])
    }
    if (byValue.size > 1 && byValue.size <= MOST_OPERATIONS) return { label, series: byValue }
  }
  return null
}

type Seen = Pick<SliCandidate, 'since' | 'until' | 'series' | 'operations' | 'environments'>

/** What all candidates over series say of them. */
export function seenOf(series: readonly SeenSeries[]): Seen {
  return {
    since: series.reduce((since, { firstSeen }) => Math.min(since, firstSeen), Infinity),
    until: series.reduce((until, { lastSeen }) => Math.max(until, lastSeen), -Infinity),
    series: series.map(({ id }) => id),
    operations: operationsOf(series),
    environments: [
      ...new Set(
        series.map(({ labels }) => ENVIRONMENT_LABELS.map((label) => labels[label]).find((value) => value) ?? ''),
      ),
    ].filter((value) => value !== ''),
  }
}

/** The candidate for one of its operations; null where it has none. */
export function ofOperation(candidate: SliCandidate, operation: string): SliCandidate | null {
  const { measure, operations } = candidate
  const series = operations?.series.get(operation)
  if (!operations || !series) return null
  const matcher: LabelMatcher = { label: operations.label, op: '=', value: operation }
  const narrow = (selector: SeriesSelector): SeriesSelector => ({
    ...selector,
    matchers: [...selector.matchers, matcher],
  })
  const narrowed = narrowMeasure(measure, narrow)
  return narrowed && { ...candidate, operation, measure: narrowed, series: [...series], operations: null }
}

function narrowMeasure(
  measure: CandidateMeasure,
  narrow: (selector: SeriesSelector) => SeriesSelector,
): CandidateMeasure | null {
  if (measure.kind === 'histogram') return { ...measure, histogram: narrow(measure.histogram) }
  if (measure.kind === 'buckets') return { ...measure, bucket: narrow(measure.bucket), count: narrow(measure.count) }
  if (measure.kind !== 'ready' || measure.sli.kind !== 'ratio') return null
  const { good, bad, total } = measure.sli
  const part = good === undefined ? { bad: narrow(bad ?? total) } : { good: narrow(good) }
  return { kind: 'ready', sli: { kind: 'ratio', ...part, total: narrow(total) } }
}
