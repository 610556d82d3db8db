import type { GaugeSli, LabelMatcher, SliSpec } from '@nines/contracts'

export interface SelectorValues {
  metric: string
  matchers: LabelMatcher[]
}

/** All kinds side by side, so that switching the kind loses nothing that was typed. */
export interface SliValues {
  kind: SliSpec['kind']
  /** Whether `part` selects the good events or the bad ones. */
  partIs: 'good' | 'bad'
  part: SelectorValues
  total: SelectorValues
  histogram: SelectorValues
  /** Of a latency or a gauge. */
  threshold: number | ''
  gauge: SelectorValues
  op: GaugeSli['op']
  checkId: string
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
    checkId: '',
  }
}

export function sliToValues(sli: SliSpec): SliValues {
  const values = emptySli()
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
  } else {
    values.checkId = sli.checkId
  }
  return values
}

export function valuesToSli(values: SliValues): SliSpec {
  if (values.kind === 'availability') return { kind: 'availability', checkId: values.checkId }
  if (values.kind === 'latency') {
    return { kind: 'latency', histogram: clean(values.histogram), threshold: Number(values.threshold) }
  }
  if (values.kind === 'gauge') {
    // An empty field is no 0: the API says what is missing.
    const threshold = values.threshold === '' ? NaN : Number(values.threshold)
    return { kind: 'gauge', gauge: clean(values.gauge), op: values.op, threshold }
  }
  const part = values.partIs === 'good' ? { good: clean(values.part) } : { bad: clean(values.part) }
  return { kind: 'ratio', ...part, total: clean(values.total) }
}

/** A row of the editor whose label is still empty is no condition yet. */
function clean(selector: SelectorValues): SelectorValues {
  return { metric: selector.metric.trim(), matchers: selector.matchers.filter((m) => m.label !== '') }
}

/** The API names the fields of the spec; the form holds `good`/`bad` as `part`. */
export function sliFieldName(path: string): string {
  return path.replace(/^sli\.(good|bad)\b/, 'sli.part').replace(/^sli\.part$/, 'sli.part.metric')
}

/** Whether enough is filled in to ask for a preview. */
export function isPreviewable(values: SliValues): boolean {
  if (values.kind === 'availability') return values.checkId !== ''
  if (values.kind === 'latency') return values.histogram.metric.trim() !== '' && Number(values.threshold) > 0
  if (values.kind === 'gauge') return values.gauge.metric.trim() !== '' && values.threshold !== ''
  return values.part.metric.trim() !== '' && values.total.metric.trim() !== ''
}

/** A selector as Prometheus users read it: http.server.duration{status=~"5.."}. */
export function describeSelector(selector: { metric: string; matchers?: readonly LabelMatcher[] }): string {
  const matchers = (selector.matchers ?? []).map((m) => `${m.label}${m.op}"${m.value}"`)
  return matchers.length === 0 ? selector.metric : `${selector.metric}{${matchers.join(', ')}}`
}

/** One line that says what counts as good. */
export function describeSli(sli: SliSpec): string {
  if (sli.kind === 'availability') return 'share of passed check runs'
  if (sli.kind === 'latency') return `share of ${describeSelector(sli.histogram)} ≤ ${sli.threshold}`
  if (sli.kind === 'gauge') return `share of samples of ${describeSelector(sli.gauge)} ${sli.op} ${sli.threshold}`
  return sli.bad === undefined
    ? `${describeSelector(sli.good ?? sli.total)} ÷ ${describeSelector(sli.total)}`
    : `1 − ${describeSelector(sli.bad)} ÷ ${describeSelector(sli.total)}`
}
