import type { SliCandidate } from './sli-candidate.ts'

/** What spans of a service there are, of those that answer somebody. Instants are epoch ms. */
export interface SpanSummary {
  service: string
  /** server, consumer: as OTLP numbers kinds of spans. */
  kind: 'server' | 'consumer'
  spans: number
  firstAt: number
  lastAt: number
}

export interface LogSummary {
  service: string
  records: number
  /** Records with a severity at all, and those of error and above. */
  withSeverity: number
  errors: number
  firstAt: number
  lastAt: number
}

const ERROR_SEVERITY = 17
const SPANS_RANK = 5

/** SLIs over the spans themselves, for those that no metric was computed from. */
export function spanCandidates(summaries: readonly SpanSummary[]): SliCandidate[] {
  return summaries.flatMap(({ service, kind, firstAt, lastAt }): SliCandidate[] => {
    const base = {
      scope: kind === 'server' ? 'requests' : 'messages',
      operation: null,
      source: `${kind} spans of ${service}`,
      rank: SPANS_RANK,
      since: firstAt,
      until: lastAt,
      series: [],
      operations: null,
      environments: [],
    }
    const sli = { kind: 'spans' as const, service, spanKinds: [kind], attributes: [], good: { withoutError: true } }
    return [
      { ...base, aspect: 'availability', measure: { kind: 'ready', sli }, unit: '' },
      { ...base, aspect: 'latency', measure: { kind: 'durations', service, spanKind: kind }, unit: 'ms' },
    ]
  })
}

/** Share of log records that are no errors: the last resort, for a service that sends nothing else. */
export function logCandidates(summaries: readonly LogSummary[]): SliCandidate[] {
  return summaries.flatMap(({ service, withSeverity, firstAt, lastAt }): SliCandidate[] => {
    if (withSeverity === 0) return []
    const any = { minSeverity: 0, attributes: [] }
    const bad = { minSeverity: ERROR_SEVERITY, attributes: [] }
    return [
      {
        aspect: 'logs',
        scope: service,
        operation: null,
        source: `log records of ${service} by severity`,
        rank: 0,
        measure: { kind: 'ready', sli: { kind: 'logs', total: { ...any, service }, bad } },
        unit: '',
        since: firstAt,
        until: lastAt,
        series: [],
        operations: null,
        environments: [],
      },
    ]
  })
}

/** Share of the runs of the service's check that passed. */
export function checkCandidate(check: { id: string; name: string; createdAt: number }, now: number): SliCandidate {
  return {
    aspect: 'check',
    scope: check.id,
    operation: null,
    source: `check ${check.name}`,
    rank: 0,
    measure: { kind: 'ready', sli: { kind: 'availability', checkId: check.id } },
    unit: '',
    since: check.createdAt,
    until: now,
    series: [],
    operations: null,
    environments: [],
  }
}
