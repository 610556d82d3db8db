import type { Labels } from '@nines/contracts'
import { quantileOf } from './aggregate.ts'
import type { TelemetryQuery } from './telemetry-query.ts'

export interface OracleSeries {
  labels: Labels
  isDelta: boolean
  samples: readonly (readonly [at: number, value: number])[]
}

const LOOKBACK_MS = 300_000

/** One text for each group of labels. */
export function groupText(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** What a query means, read off its definition with no regard to speed. Group text -> value at each instant. */
export function oracleAnswer(series: readonly OracleSeries[], query: TelemetryQuery): Map<string, number[]> {
  const found = new Map<string, number[][]>()
  for (const one of series) {
    const labels = query.aggregate === null ? one.labels : pick(one.labels, query.by)
    const key = groupText(labels)
    const results = Array.from({ length: query.grid.count }, (_, k) =>
      oracleValue(one, query, query.grid.from + k * query.grid.step),
    )
    const rows = found.get(key) ?? []
    rows.push(results)
    found.set(key, rows)
  }
  const answer = new Map<string, number[]>()
  for (const [key, rows] of found) {
    const values = rows[0]!.map((_, k) =>
      combined(
        rows.map((row) => row[k]!).filter((value) => !Number.isNaN(value)),
        query,
      ),
    )
    if (values.some((value) => !Number.isNaN(value))) answer.set(key, values)
  }
  return answer
}

function combined(values: number[], { aggregate, quantile }: TelemetryQuery): number {
  if (values.length === 0) return NaN
  if (aggregate === 'quantile') return quantileOf(values, quantile ?? 0.5)
  if (aggregate === 'min') return Math.min(...values)
  if (aggregate === 'max') return Math.max(...values)
  if (aggregate === 'count') return values.length
  const sum = values.reduce((a, b) => a + b, 0)
  return aggregate === 'avg' ? sum / values.length : sum
}

function oracleValue({ samples, isDelta }: OracleSeries, query: TelemetryQuery, t: number): number {
  const unique = new Map<number, number>()
  for (const [at, value] of samples) {
    const known = unique.get(at)
    if (known === undefined || Number.isNaN(value) || value > known) unique.set(at, value)
  }
  const sorted = [...unique].toSorted(([a], [b]) => a - b)
  if (query.function === 'last') return sorted.findLast(([at]) => at <= t && at > t - LOOKBACK_MS)?.[1] ?? NaN
  const numbers = sorted.filter(([, value]) => !Number.isNaN(value))
  const within = numbers.filter(([at]) => at > t - query.window && at <= t).map(([, value]) => value)
  const start = t - query.window
  const previous = numbers.findLast(([at]) => at <= start && at > start - LOOKBACK_MS)?.[1]
  if (within.length === 0) return NaN
  const sum = within.reduce((a, b) => a + b, 0)
  const steps = [...(previous === undefined ? [] : [previous]), ...within]
  let increase = 0
  for (let i = 1; i < steps.length; i++) increase += steps[i]! >= steps[i - 1]! ? steps[i]! - steps[i - 1]! : steps[i]!
  if (isDelta) increase = sum
  if (query.function === 'increase') return increase
  if (query.function === 'rate') return increase / (query.window / 1000)
  if (query.function === 'delta') return steps[steps.length - 1]! - steps[0]!
  if (query.function === 'sum_over_time') return sum
  if (query.function === 'avg_over_time') return sum / within.length
  if (query.function === 'min_over_time') return Math.min(...within)
  if (query.function === 'max_over_time') return Math.max(...within)
  if (query.function === 'count_over_time') return within.length
  throw new TypeError(`the oracle does not know ${query.function}`)
}

function pick(labels: Labels, by: readonly string[]): Labels {
  return Object.fromEntries(by.filter((label) => labels[label]).map((label) => [label, labels[label]!]))
}
