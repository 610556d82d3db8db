import { sliSpec, type SeriesSelector, type SliSpec } from '@nines/contracts'
import { checkedSelector, gaugeOfQuery, selectorOfQuery, type SelectorResult } from '../prometheus/selector-of-query.ts'
import { isRecord } from '../read/read-documents.ts'
import type { Objective } from '../schema/slo.ts'
import type { MetricSource, RatioMetric, SliSpecification } from '../schema/sli.ts'

/** An SLI, or why there is none yet, and where in the document the reason stands. */
export type SliResult = { sli: SliSpec } | { reason: string; path: PropertyKey[] }

type SelectorAt = { selector: SeriesSelector } | { reason: string; path: PropertyKey[] }
type TypeOfSource = (name: string) => string | undefined

/** The type under which Nines' own selectors and SLIs stand in OpenSLO documents. */
export const NINES_TYPE = 'Nines'
const PROMQL_TYPES = /^(?:prometheus|thanos|mimir|cortex|victoriametrics|amp|gcm|grafana)/i

/** The Nines SLI of an OpenSLO one. `typeOfSource` finds the type of a DataSource by its name. */
export function sliOf(spec: SliSpecification, objective: Objective, typeOfSource: TypeOfSource): SliResult {
  const { ratioMetric, thresholdMetric } = spec
  if (thresholdMetric !== undefined) return thresholdSli(thresholdMetric.metricSource, objective, typeOfSource)
  if (ratioMetric === undefined) return { reason: 'there is no metric', path: [] }
  if (ratioMetric.raw !== undefined) return rawSli(ratioMetric)
  if (ratioMetric.counter === false)
    return { reason: 'counter: false: only increases of counters are summed', path: ['ratioMetric', 'counter'] }
  return eventSli(ratioMetric, typeOfSource)
}

/** A precomputed ratio cannot be summed over windows; but here every SLI of Nines has its place. */
function rawSli({ raw, rawType }: RatioMetric): SliResult {
  const path = ['ratioMetric', 'raw']
  const { type, spec = {} } = raw?.metricSource ?? {}
  if (type !== NINES_TYPE || rawType !== 'success')
    return { reason: 'raw: a ratio computed elsewhere has lost the counts that it came from', path }
  const parsed = sliSpec.safeParse(spec['sli'])
  if (parsed.success) return { sli: parsed.data }
  const [issue] = parsed.error.issues
  const where = ['metricSource', 'spec', 'sli', ...(issue?.path ?? [])]
  return { reason: `not an SLI of Nines: ${issue?.message ?? 'unknown'}`, path: [...path, ...where] }
}

const COMPARISONS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** Each sample of a gauge is an event, good when it compares as the objective says. */
function thresholdSli(source: MetricSource, { op, value }: Objective, typeOfSource: TypeOfSource): SliResult {
  const path = ['thresholdMetric']
  if (op === undefined || value === undefined)
    return { reason: 'op and value of the objective are missing, which a thresholdMetric needs', path }
  const gauge = selectorOf(source, [...path, 'metricSource'], typeOfSource, gaugeOfQuery)
  if ('reason' in gauge) return gauge
  const parsed = sliSpec.safeParse({ kind: 'gauge', gauge: gauge.selector, op: COMPARISONS[op], threshold: value })
  if (parsed.success) return { sli: parsed.data }
  return { reason: 'thresholdMetric: gauges against a threshold are not computed', path }
}

function eventSli(ratio: RatioMetric, typeOfSource: TypeOfSource): SliResult {
  const part = ratio.good === undefined ? 'bad' : 'good'
  const [numerator, total] = [ratio[part], ratio.total].map((metric, i) =>
    selectorOf(metric?.metricSource, ['ratioMetric', i === 0 ? part : 'total', 'metricSource'], typeOfSource),
  )
  if (!numerator || 'reason' in numerator) return numerator ?? { reason: 'no numerator', path: ['ratioMetric'] }
  if (!total || 'reason' in total) return total ?? { reason: 'no total', path: ['ratioMetric'] }
  return { sli: { kind: 'ratio', [part]: numerator.selector, total: total.selector } }
}

function selectorOf(
  source: MetricSource | undefined,
  path: PropertyKey[],
  typeOfSource: TypeOfSource,
  ofQuery: (query: string) => SelectorResult = selectorOfQuery,
): SelectorAt {
  const spec = source?.spec ?? {}
  const reference = source?.metricSourceRef
  const type = source?.type ?? (reference === undefined ? undefined : typeOfSource(reference))
  if (type === NINES_TYPE || isRecord(spec['selector'])) {
    const result = checkedSelector(withLabels(spec['selector']))
    return result.selector
      ? { selector: result.selector }
      : { reason: result.reason, path: [...path, 'spec', 'selector'] }
  }
  if (type === undefined && reference !== undefined)
    return { reason: `the DataSource ${reference} is not known here`, path: [...path, 'metricSourceRef'] }
  if (type !== undefined && !PROMQL_TYPES.test(type))
    return { reason: `Nines does not query ${type}; send the metric to Nines and select it`, path: [...path, 'type'] }
  const query = spec['query'] ?? spec['promql'] ?? spec['expr']
  if (typeof query !== 'string') return { reason: 'the source has no query', path: [...path, 'spec'] }
  const name = Object.keys(spec).find((key) => spec[key] === query) ?? 'query'
  const result = ofQuery(query)
  return result.selector ? { selector: result.selector } : { reason: result.reason, path: [...path, 'spec', name] }
}

/** `labels: {code: "500"}` is short for matchers that ask for equal values. */
function withLabels(selector: unknown): unknown {
  if (!isRecord(selector) || !isRecord(selector['labels'])) return selector
  const { labels, matchers, ...rest } = selector
  const equal = Object.entries(labels).map(([label, value]) => ({ label, op: '=', value }))
  return { ...rest, matchers: [...(Array.isArray(matchers) ? matchers : []), ...equal] }
}
