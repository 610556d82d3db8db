import { RE2JS } from 're2js'
import { z } from 'zod'

/** One condition on a label. Regular expressions are fully anchored and in RE2's syntax, as in Prometheus. */
export const labelMatcher = z.object({
  label: z.string().min(1).max(256),
  op: z.enum(['=', '!=', '=~', '!~']),
  value: z.string().max(1024),
})
export type LabelMatcher = z.infer<typeof labelMatcher>

/** Selects series of one metric. A label that a series lacks compares as the empty string. */
export const seriesSelector = z.object({
  metric: z.string().min(1).max(256),
  matchers: z.array(labelMatcher).max(20).default([]),
})
export type SeriesSelector = z.infer<typeof seriesSelector>

/** Label set of a series: attribute names as sent (dots kept), values as strings. */
export type Labels = Readonly<Record<string, string>>

/**
 * What a series holds. `sum` is monotonic when `monotonic` is set; `temporality` tells whether points are running
 * totals since `start` or increments since the previous point. Histograms have explicit bounds, exponential ones (native
 * ones in Prometheus' words) buckets by powers of a base.
 */
export const SERIES_KINDS = ['gauge', 'sum', 'histogram', 'exponential_histogram'] as const
export type SeriesKind = (typeof SERIES_KINDS)[number]
export type Temporality = 'cumulative' | 'delta' | 'unspecified'

/** Identity of a series as it travels in blocks and stands in the series table. */
export interface SeriesDefinition {
  /** 64-bit hash of metric, kind, temporality, monotonicity and sorted labels, decimal. */
  id: string
  metric: string
  kind: SeriesKind
  temporality: Temporality
  monotonic: boolean
  unit: string
  description: string
  labels: Labels
}

/**
 * A test of label sets for the selector's matchers (the metric name is the caller's to compare). Regular expressions
 * match the whole value; a label that the set lacks compares as the empty string. They are RE2's: matching takes time
 * linear in the value, so that no expression holds up an evaluator. Throws SyntaxError for one that RE2 does not take.
 */
export function compileSelector(selector: SeriesSelector): (labels: Labels) => boolean {
  const tests = selector.matchers.map(compileMatcher)
  return (labels) => tests.every((test) => test(labels))
}

function compileMatcher({ label, op, value }: LabelMatcher): (labels: Labels) => boolean {
  const read = (labels: Labels) => (Object.hasOwn(labels, label) ? (labels[label] ?? '') : '')
  if (op === '=') return (labels) => read(labels) === value
  if (op === '!=') return (labels) => read(labels) !== value
  const expression = compileExpression(value)
  return op === '=~' ? (labels) => expression.testExact(read(labels)) : (labels) => !expression.testExact(read(labels))
}

/** An expression of RE2 whose dot also matches a line break. Throws SyntaxError for one that RE2 does not take. */
export function compileExpression(value: string): RE2JS {
  try {
    return RE2JS.compile(value, RE2JS.DOTALL)
  } catch (error) {
    throw new SyntaxError(`${value} is not a regular expression of RE2`, { cause: error })
  }
}
