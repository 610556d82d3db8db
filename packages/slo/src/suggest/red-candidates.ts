import type { LabelMatcher, SeriesSelector } from '@nines/contracts'
import { valuesOf } from './bad-events.ts'
import type { OwnSelection, SeenSeries } from './service-owner.ts'
import { seenOf, type SliCandidate } from './sli-candidate.ts'

/** Labels as the span metrics of OpenTelemetry's collector and of Nines have them, and as Prometheus does. */
const KIND_LABELS = ['span.kind', 'span_kind']
const STATUS_LABELS = ['status.code', 'status_code']
/** Whom a service answers: callers, or a queue. Its own calls and its inner work are no promise to anybody. */
const ANSWERS = [
  { kind: 'SPAN_KIND_SERVER', scope: 'requests', of: 'requests' },
  { kind: 'SPAN_KIND_CONSUMER', scope: 'messages', of: 'messages' },
] as const
const RANK = 3

/** SLIs over rate, errors and durations that were computed from the service's spans. */
export function redCandidates(first: SeenSeries, { matchers, series }: OwnSelection): SliCandidate[] {
  const kindLabel = KIND_LABELS.find((label) => valuesOf(series, label).length > 0)
  const statusLabel = STATUS_LABELS.find((label) => valuesOf(series, label).length > 0)
  if (kindLabel === undefined || statusLabel === undefined) return []
  const { metric, kind } = first
  return ANSWERS.flatMap(({ kind: spanKind, scope, of }): SliCandidate[] => {
    const answering = series.filter(({ labels }) => labels[kindLabel] === spanKind)
    if (answering.length === 0) return []
    const total: SeriesSelector = { metric, matchers: [...matchers, equal(kindLabel, spanKind)] }
    const base = { scope, operation: null, source: `${metric} (${of} in spans)`, rank: RANK, ...seenOf(answering) }
    if (kind === 'sum' && !metric.includes('calls')) return []
    if (kind === 'sum') {
      const bad = { metric, matchers: [...total.matchers, equal(statusLabel, 'STATUS_CODE_ERROR')] }
      return [
        { ...base, aspect: 'availability', measure: { kind: 'ready', sli: { kind: 'ratio', bad, total } }, unit: '' },
      ]
    }
    if (kind === 'gauge') return []
    const exponential = kind === 'exponential_histogram'
    return [
      { ...base, aspect: 'latency', measure: { kind: 'histogram', histogram: total, exponential }, unit: first.unit },
    ]
  })
}

function equal(label: string, value: string): LabelMatcher {
  return { label, op: '=', value }
}
