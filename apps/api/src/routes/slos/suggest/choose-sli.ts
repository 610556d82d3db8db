import type { MeasuredSli, SuggestedThreshold } from '@nines/contracts'
import {
  chooseBucketBound,
  chooseNiceThreshold,
  percentText,
  valueText,
  type ChosenThreshold,
  type QuantileValue,
  type SliCandidate,
} from '@nines/slo'
import {
  explicitQuantile,
  explicitShape,
  exponentialShape,
  findSeries,
  queryRatios,
  sampleQuantiles,
  spanQuantiles,
} from '@nines/telemetry'
import type { ApiContext } from '../../../context.ts'

export interface ChosenSli {
  sli: MeasuredSli
  threshold: SuggestedThreshold | null
}

/** The time whose values a threshold is chosen by, epoch ms. */
export interface ChoiceSpan {
  workspace: number
  from: number
  to: number
  signal: AbortSignal
}

const QUANTILES = [0.5, 0.9, 0.95, 0.99]
type BucketsCandidate = SliCandidate & { measure: { kind: 'buckets' } }

/** The SLI of a candidate, with a threshold chosen where it needs one; null with the reason where none can be. */
export async function chooseSli(
  context: ApiContext,
  candidate: SliCandidate,
  span: ChoiceSpan,
): Promise<ChosenSli | { why: string }> {
  const { measure, unit } = candidate
  const limits = { signal: span.signal }
  if (measure.kind === 'ready') return { sli: measure.sli, threshold: null }
  if (measure.kind === 'histogram') {
    const shape = await shapeOf(context, candidate, span)
    if (!shape) return { why: 'It observed nothing.' }
    const { bounds, scale, quantiles } = shape
    const chosen = scale === null ? chooseBucketBound(bounds, quantiles) : chooseNiceThreshold(quantiles, scale)
    if (!chosen) return { why: beyondBuckets(bounds, unit) }
    const sli = { kind: 'latency' as const, histogram: measure.histogram, threshold: chosen.threshold }
    const reason = scale === null ? BOUND_REASON : NICE_REASON
    return { sli, threshold: thresholdOf(chosen, quantiles, unit, reason) }
  }
  if (measure.kind === 'buckets') return chooseBuckets(context, { ...candidate, measure }, span)
  const quantiles = await (measure.kind === 'gauge'
    ? sampleQuantiles(context.telemetry, { ...span, series: candidate.series }, QUANTILES, limits)
    : spanQuantiles(
        context.telemetry,
        { ...span, service: measure.service, kind: measure.spanKind },
        QUANTILES,
        limits,
      ))
  const chosen = chooseNiceThreshold(quantiles)
  if (!chosen) return { why: 'Its values give no threshold: they are 0 or below nearly always.' }
  const threshold = thresholdOf(chosen, quantiles, unit, NICE_REASON)
  if (measure.kind === 'gauge')
    return { sli: { kind: 'gauge', gauge: measure.gauge, op: '<=', threshold: chosen.threshold }, threshold }
  const { service, spanKind } = measure
  const good = { withoutError: false, maxDurationMs: chosen.threshold }
  return { sli: { kind: 'spans', service, spanKinds: [spanKind], attributes: [], good }, threshold }
}

const BOUND_REASON = 'the lowest bucket bound at or above it, so that good events are counted exactly'
const NICE_REASON = 'the next round number at or above it'

async function shapeOf({ telemetry }: ApiContext, candidate: SliCandidate, span: ChoiceSpan) {
  const { measure } = candidate
  if (measure.kind !== 'histogram') return null
  const series = await findSeries(telemetry, span.workspace, measure.histogram, { since: span.from })
  const of = { workspace: span.workspace, from: span.from, to: span.to, series }
  const limits = { signal: span.signal }
  return measure.exponential
    ? exponentialShape(telemetry, of, QUANTILES, limits)
    : explicitShape(telemetry, of, QUANTILES, limits)
}

/** Of Prometheus' classic histograms: what the counters of each bucket grew by. */
async function chooseBuckets(
  { engine }: ApiContext,
  { measure, unit }: BucketsCandidate,
  { workspace, from, to, signal }: ChoiceSpan,
): Promise<ChosenSli | { why: string }> {
  const { bucket, count, bounds } = measure
  const withBound = (le: string) => ({
    ...bucket,
    matchers: [...bucket.matchers, { label: 'le', op: '=' as const, value: le }],
  })
  const ratios = bounds.map(({ le }) => ({ numerator: withBound(le), denominator: count }))
  const found = await queryRatios(engine, workspace, ratios, { from, to }, { signal })
  const cumulative = found.map(({ numerator }) => numerator)
  const finite = bounds.filter(({ value }) => Number.isFinite(value))
  const all = found[0]?.denominator ?? 0
  const counts = [...cumulative.slice(0, finite.length), Math.max(all, ...cumulative)].map((sum, i, sums) =>
    Math.max(0, sum - (sums[i - 1] ?? 0)),
  )
  const shape = { bounds: finite.map(({ value }) => value), counts }
  const quantiles = QUANTILES.map((quantile) => ({ quantile, value: explicitQuantile(shape, quantile) }))
  const chosen = all > 0 ? chooseBucketBound(shape.bounds, quantiles) : null
  const le = finite.find(({ value }) => value === chosen?.threshold)?.le
  if (!chosen || le === undefined) return { why: all > 0 ? beyondBuckets(shape.bounds, unit) : 'It observed nothing.' }
  return {
    sli: { kind: 'ratio', good: withBound(le), total: count },
    threshold: thresholdOf(chosen, quantiles, unit, BOUND_REASON),
  }
}

function beyondBuckets(bounds: readonly number[], unit: string): string {
  const last = bounds.at(-1)
  if (last === undefined) return 'Its series have no bucket bounds in common.'
  return `More than one in twenty lies above its highest bucket bound, ${valueText(last, unit)}: give it higher buckets.`
}

function thresholdOf(
  { threshold, quantile }: ChosenThreshold,
  quantiles: readonly QuantileValue[],
  unit: string,
  how: string,
): SuggestedThreshold {
  const known = quantiles.filter(({ value }) => Number.isFinite(value))
  const value = known.find((one) => one.quantile === quantile)?.value ?? threshold
  return {
    value: threshold,
    unit,
    text: valueText(threshold, unit),
    quantile,
    quantiles: known,
    reason: `${percentText(quantile)} took at most ${valueText(value, unit)}; ${valueText(threshold, unit)} is ${how}.`,
  }
}
