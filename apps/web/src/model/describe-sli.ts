import type { LabelMatcher, LogCondition, LogsSli, MeasuredSli, SliSpec, SpansSli } from '@nines/contracts'
import { describeCombine } from './composite-words.ts'
import { SEVERITY_LOOKS, severityOf } from './log-severity.ts'

/** A selector as Prometheus users read it: http.server.duration{status=~"5.."}. */
export function describeSelector(selector: { metric: string; matchers?: readonly LabelMatcher[] }): string {
  const matchers = describeMatchers(selector.matchers ?? [])
  return matchers.length === 0 ? selector.metric : `${selector.metric}{${matchers.join(', ')}}`
}

/** One line that says what counts as good. */
export function describeSli(sli: SliSpec): string {
  if (sli.kind === 'composite') return describeCombine(sli.combine, sli.members.length)
  if (sli.kind === 'time_slices') {
    return `${lengthOf(sli.sliceMinutes)} with ${describeMeasured(sli.of)} ≥ ${percent(sli.sliceTarget)}`
  }
  if (sli.kind === 'ratio_time_slices') return `mean over ${lengthOf(sli.sliceMinutes)} of ${describeMeasured(sli.of)}`
  return describeMeasured(sli)
}

function describeMeasured(sli: MeasuredSli): string {
  if (sli.kind === 'availability') return 'share of passed check runs'
  if (sli.kind === 'latency') return `share of ${describeSelector(sli.histogram)} ≤ ${sli.threshold}`
  if (sli.kind === 'gauge') return `share of samples of ${describeSelector(sli.gauge)} ${sli.op} ${sli.threshold}`
  if (sli.kind === 'spans') return describeSpans(sli)
  if (sli.kind === 'logs') return describeLogs(sli)
  return sli.bad === undefined
    ? `${describeSelector(sli.good ?? sli.total)} ÷ ${describeSelector(sli.total)}`
    : `1 − ${describeSelector(sli.bad)} ÷ ${describeSelector(sli.total)}`
}

function describeSpans({ service, operation, attributes, good }: SpansSli): string {
  const conditions = [
    ...(operation === undefined ? [] : [`name="${operation}"`]),
    `service="${service}"`,
    ...describeMatchers(attributes),
  ]
  const goals = [
    ...(good.withoutError ? ['without error'] : []),
    ...(good.maxDurationMs === undefined ? [] : [`≤ ${good.maxDurationMs} ms`]),
  ]
  return `share of spans{${conditions.join(', ')}} ${goals.join(' and ')}`
}

function describeLogs({ total, good, bad }: LogsSli): string {
  const all = describeRecords(total, total.service)
  return bad === undefined
    ? `share of logs${all} that are ${describeRecords(good ?? total)}`
    : `share of logs${all} that are not ${describeRecords(bad)}`
}

function describeRecords({ minSeverity, body, attributes }: LogCondition, service?: string): string {
  const conditions = [
    ...(service === undefined ? [] : [`service="${service}"`]),
    ...(minSeverity === 0 ? [] : [`severity≥${SEVERITY_LOOKS[severityOf(minSeverity)].label.toLowerCase()}`]),
    ...(body === undefined ? [] : [`body ${body.op === 'contains' ? '∋' : '=~'} "${body.value}"`]),
    ...describeMatchers(attributes),
  ]
  return `{${conditions.join(', ')}}`
}

function describeMatchers(matchers: readonly LabelMatcher[]): string[] {
  return matchers.map((m) => `${m.label}${m.op}"${m.value}"`)
}

function lengthOf(minutes: number): string {
  return minutes === 1 ? 'minutes' : `stretches of ${minutes} minutes`
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(12))} %`
}
