import type { GaugeSli, LabelMatcher, MeasuredSli, SliSpec } from '@nines/contracts'
import { compositeToSpec, compositeToValues, emptyComposite, isCompleteComposite } from './composite-form.ts'
import type { CompositeValues } from './composite-form.ts'
import { emptyLogs, emptySpans, logsToSpec, logsToValues, spansToSpec, spansToValues } from './event-sli-form.ts'
import type { LogsValues, SpansValues } from './event-sli-form.ts'

export interface SelectorValues {
  metric: string
  matchers: LabelMatcher[]
}

/** How what was measured is counted: events, slices of time that are good or bad, or slices by their ratio. */
export type Counting = 'events' | 'time_slices' | 'ratio_time_slices'

/** All kinds side by side, so that switching the kind loses nothing that was typed. */
export interface SliValues {
  kind: MeasuredSli['kind'] | 'composite'
  /** Whether `part` selects the good events or the bad ones. */
  partIs: 'good' | 'bad'
  part: SelectorValues
  total: SelectorValues
  histogram: SelectorValues
  /** Of a latency or a gauge. */
  threshold: number | ''
  gauge: SelectorValues
  op: GaugeSli['op']
  spans: SpansValues
  logs: LogsValues
  checkId: string
  composite: CompositeValues
  counting: Counting
  sliceMinutes: number | ''
  /** In percent. */
  sliceTargetPercent: number | ''
}

const noSelector = (): SelectorValues => ({ metric: '', matchers: [] })

export function emptySli(): SliValues {
  return {
    kind: 'ratio',
    partIs: 'good',
    part: noSelector(),
    total: noSelector(),
    histogram: noSelector(),
    threshold: '',
    gauge: noSelector(),
    op: '<=',
    spans: emptySpans(),
    logs: emptyLogs(),
    checkId: '',
    composite: emptyComposite(),
    counting: 'events',
    sliceMinutes: 1,
    sliceTargetPercent: 99,
  }
}

export function sliToValues(sli: SliSpec): SliValues {
  const values = emptySli()
  if (sli.kind === 'composite') return { ...values, kind: 'composite', composite: compositeToValues(sli) }
  if (sli.kind !== 'time_slices' && sli.kind !== 'ratio_time_slices') {
    takeMeasured(values, sli)
    return values
  }
  takeMeasured(values, sli.of)
  values.counting = sli.kind
  values.sliceMinutes = sli.sliceMinutes
  if (sli.kind === 'time_slices') values.sliceTargetPercent = Number((sli.sliceTarget * 100).toPrecision(12))
  return values
}

function takeMeasured(values: SliValues, sli: MeasuredSli): void {
  values.kind = sli.kind
  if (sli.kind === 'ratio') {
    values.partIs = sli.bad === undefined ? 'good' : 'bad'
    values.part = { ...noSelector(), ...(sli.good ?? sli.bad) }
    values.total = { ...sli.total }
  } else if (sli.kind === 'latency') {
    values.histogram = { ...sli.histogram }
    values.threshold = sli.threshold
  } else if (sli.kind === 'gauge') {
    values.gauge = { ...sli.gauge }
    values.op = sli.op
    values.threshold = sli.threshold
  } else if (sli.kind === 'spans') values.spans = spansToValues(sli)
  else if (sli.kind === 'logs') values.logs = logsToValues(sli)
  else values.checkId = sli.checkId
}

export function valuesToSli(values: SliValues): SliSpec {
  if (values.kind === 'composite') return compositeToSpec(values.composite)
  const of = valuesToMeasured(values)
  const sliceMinutes = Number(values.sliceMinutes)
  if (values.counting === 'ratio_time_slices') return { kind: 'ratio_time_slices', of, sliceMinutes }
  if (values.counting === 'events') return of
  const sliceTarget = Number((Number(values.sliceTargetPercent) / 100).toPrecision(12))
  return { kind: 'time_slices', of, sliceMinutes, sliceTarget }
}

function valuesToMeasured(values: SliValues): MeasuredSli {
  if (values.kind === 'availability') return { kind: 'availability', checkId: values.checkId }
  if (values.kind === 'latency') {
    return { kind: 'latency', histogram: clean(values.histogram), threshold: Number(values.threshold) }
  }
  if (values.kind === 'gauge') {
    // An empty field is no 0: the API says what is missing.
    const threshold = values.threshold === '' ? NaN : values.threshold
    return { kind: 'gauge', gauge: clean(values.gauge), op: values.op, threshold }
  }
  if (values.kind === 'spans') return spansToSpec(values.spans)
  if (values.kind === 'logs') return logsToSpec(values.logs)
  const part = values.partIs === 'good' ? { good: clean(values.part) } : { bad: clean(values.part) }
  return { kind: 'ratio', ...part, total: clean(values.total) }
}

/** A row of the editor whose label is still empty is no condition yet. */
function clean(selector: SelectorValues): SelectorValues {
  return { metric: selector.metric.trim(), matchers: selector.matchers.filter((m) => m.label !== '') }
}

/** The API names the fields of the spec; the form holds those of spans, logs and of `good`/`bad` in places of their own. */
export function sliFieldName(path: string, { kind }: Pick<SliValues, 'kind'> = { kind: 'ratio' }): string {
  const field = path.replace(/^sli\.of\b/, 'sli').replace(/^sli\.sliceTarget\b/, 'sli.sliceTargetPercent')
  if (kind === 'composite') return path.replace(/^sli\.(combine|members\.)/, 'sli.composite.$1')
  if (kind === 'spans') return field.replace(/^sli\.(service|operation|spanKinds|attributes|good)\b/, 'sli.spans.$1')
  if (kind === 'logs')
    return field.replace(/^sli\.total\b/, 'sli.logs.total').replace(/^sli\.(good|bad)\b/, 'sli.logs.part')
  return field.replace(/^sli\.(good|bad)\b/, 'sli.part').replace(/^sli\.part$/, 'sli.part.metric')
}

/** Whether enough is filled in to ask for a preview, of a composite for a backtest. */
export function isPreviewable(values: SliValues): boolean {
  if (values.kind === 'composite') return isCompleteComposite(values.composite)
  if (values.counting !== 'events' && !(Number(values.sliceMinutes) >= 1)) return false
  if (values.kind === 'availability') return values.checkId !== ''
  if (values.kind === 'latency') return values.histogram.metric.trim() !== '' && Number(values.threshold) > 0
  if (values.kind === 'gauge') return values.gauge.metric.trim() !== '' && values.threshold !== ''
  if (values.kind === 'spans') return values.spans.service.trim() !== '' && hasSpanGoal(values.spans)
  if (values.kind === 'logs') return hasPart(values.logs)
  return values.part.metric.trim() !== '' && values.total.metric.trim() !== ''
}

function hasSpanGoal({ good }: SpansValues): boolean {
  return good.withoutError || good.maxDurationMs !== ''
}

function hasPart({ part }: LogsValues): boolean {
  return part.minSeverity !== '0' || part.body.value !== '' || part.attributes.some((matcher) => matcher.label !== '')
}
