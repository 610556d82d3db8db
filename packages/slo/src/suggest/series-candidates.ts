import type { LabelMatcher, SeriesSelector } from '@nines/contracts'
import { badByErrorType, badEvents, valuesOf, type BadEvents } from './bad-events.ts'
import { isDuration, isFreshness, roleOf, unitOf, type MetricRole } from './metric-roles.ts'
import { redCandidates } from './red-candidates.ts'
import { selectOwn, type OwnSelection, type SeenSeries } from './service-owner.ts'
import { seenOf, type SliCandidate } from './sli-candidate.ts'

/** Series of one metric and kind, and the part of them that is the service's. */
interface OwnMetric {
  metric: string
  role: MetricRole
  first: SeenSeries
  own: OwnSelection
}

/** Metrics by convention go before those that anybody names as they like, these before what was computed from spans. */
const RANKS: Record<MetricRole, number> = { http: 0, rpc: 0, messaging: 0, other: 1, red: 3 }
/** Counters go before histograms, of which every point is a row of buckets that an SLI has to add up. */
const HISTOGRAM_RANK = 2

/**
 * SLIs that the service's series support. `all`: every series that bears one of the service's names in any label that
 * may name a service, also where another service owns it. `names`: normalised.
 */
export function seriesCandidates(all: readonly SeenSeries[], names: ReadonlySet<string>): SliCandidate[] {
  const groups = new Map<string, SeenSeries[]>()
  for (const one of all) {
    const key = `${one.kind} ${one.metric}`
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  const metrics = [...groups.values()].flatMap((group): OwnMetric[] => {
    const [first] = group
    const role = first && roleOf(first.metric.replace(/_(bucket|count|sum)$/, ''))
    const own = first && role ? selectOwn(group, names) : null
    return first && role && own ? [{ metric: first.metric, role, first, own }] : []
  })
  return metrics.flatMap((metric) => candidatesOf(metric, metrics))
}

function candidatesOf(found: OwnMetric, metrics: readonly OwnMetric[]): SliCandidate[] {
  const { role, first, own, metric } = found
  if (role === 'red') return redCandidates(first, own)
  if (first.kind === 'gauge') return isFreshness(metric) ? [freshness(found)] : []
  if (first.kind === 'sum') {
    if (!first.monotonic) return []
    if (metric.endsWith('_bucket')) return classicLatency(found, metrics)
    return metric.endsWith('_sum') || metric.endsWith('_created') ? [] : availability(found)
  }
  // Of histograms by exponents no ratio is made.
  return [...latency(found), ...(first.kind === 'histogram' ? availability(found) : [])]
}

function availability(found: OwnMetric): SliCandidate[] {
  const { metric, role, own, first } = found
  const bad = badEvents(own.series) ?? (isOfErrors(found) ? badByErrorType(own.series) : null)
  if (!bad) return []
  const total: SeriesSelector = { metric, matchers: own.matchers }
  const isCounter = first.kind === 'sum'
  return [
    {
      aspect: 'availability',
      scope: scopeOf(found),
      operation: null,
      source: sourceOf(found, bad),
      rank: isCounter ? RANKS[role] : HISTOGRAM_RANK,
      measure: {
        kind: 'ready',
        sli: { kind: 'ratio', bad: { metric, matchers: [...own.matchers, bad.matcher] }, total },
      },
      unit: '',
      ...seenOf(own.series),
    },
  ]
}

/** By OpenTelemetry's conventions its durations carry error.type where something failed, and only there. */
function isOfErrors({ metric, role, own }: OwnMetric): boolean {
  if (role === 'other') return false
  return metric.includes('.') || valuesOf(own.series, 'error_type').length > 0
}

function latency(found: OwnMetric): SliCandidate[] {
  const { metric, role, own, first } = found
  if (!isDuration(metric, first.unit)) return []
  const exponential = first.kind === 'exponential_histogram'
  return [
    {
      aspect: 'latency',
      scope: scopeOf(found),
      operation: null,
      source: sourceOf(found),
      rank: RANKS[role],
      measure: { kind: 'histogram', histogram: { metric, matchers: own.matchers }, exponential },
      unit: unitOf(metric, first.unit),
      ...seenOf(own.series),
    },
  ]
}

function classicLatency(found: OwnMetric, metrics: readonly OwnMetric[]): SliCandidate[] {
  const { metric, role, own, first } = found
  const base = metric.slice(0, -'_bucket'.length)
  const count = metrics.find((one) => one.metric === `${base}_count` && one.first.kind === 'sum')
  if (!isDuration(base, first.unit) || !count) return []
  const bounds = valuesOf(own.series, 'le')
    .map((le) => ({ le, value: Number(le.replace('+Inf', 'Infinity')) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => a.value - b.value)
  if (bounds.length < 2) return []
  return [
    {
      aspect: 'latency',
      scope: scopeOf({ ...found, metric: base }),
      operation: null,
      source: sourceOf(found),
      rank: RANKS[role],
      measure: {
        kind: 'buckets',
        bucket: { metric, matchers: own.matchers },
        count: { metric: count.metric, matchers: count.own.matchers },
        bounds,
      },
      unit: unitOf(base, first.unit),
      ...seenOf([...own.series, ...count.own.series]),
    },
  ]
}

function freshness(found: OwnMetric): SliCandidate {
  const { metric, own, first } = found
  return {
    aspect: 'freshness',
    scope: metric,
    operation: null,
    source: sourceOf(found),
    rank: 0,
    measure: { kind: 'gauge', gauge: { metric, matchers: own.matchers } },
    unit: unitOf(metric, first.unit),
    ...seenOf(own.series),
    operations: null,
  }
}

/** Requests are measured by many a metric; other counters are a promise of their own each. */
function scopeOf({ role, metric }: Pick<OwnMetric, 'role' | 'metric'>): string {
  if (role === 'http') return 'requests'
  if (role === 'rpc') return 'calls'
  if (role === 'messaging') return 'messages'
  return /request/.test(metric) ? 'requests' : metric.replace(/(_total|_count|_bucket)$/, '')
}

function sourceOf({ metric, own }: OwnMetric, bad?: BadEvents): string {
  const owners = own.matchers.filter(({ value }) => value !== '').map(matcherText)
  return `${metric}{${owners.join(', ')}}${bad ? ` by ${bad.by}` : ''}`
}

function matcherText({ label, op, value }: LabelMatcher): string {
  return `${label}${op}"${value}"`
}
