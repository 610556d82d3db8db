import { isComposite, measuredOf, type MeasuredSli, type SeriesSelector, type SliSpec } from '@nines/contracts'

/** Values of `service.name` that an indicator's selectors ask for: whose logs and traces explain it. */
export function sliServices(whole: SliSpec): string[] {
  // Its members' pages lead to theirs.
  if (isComposite(whole)) return []
  const sli = measuredOf(whole)
  if (sli.kind === 'spans') return [sli.service]
  if (sli.kind === 'logs') return sli.total.service === undefined ? [] : [sli.total.service]
  const names = selectorsOf(sli).flatMap((selector) =>
    (selector?.matchers ?? []).filter(({ label, op }) => label === 'service.name' && op === '=').map((m) => m.value),
  )
  return [...new Set(names)]
}

function selectorsOf(sli: MeasuredSli): (SeriesSelector | undefined)[] {
  if (sli.kind === 'latency') return [sli.histogram]
  if (sli.kind === 'gauge') return [sli.gauge]
  return sli.kind === 'ratio' ? [sli.good, sli.bad, sli.total] : []
}
