import type { SliSpec } from '@nines/contracts'

/** Values of `service.name` that an indicator's selectors ask for: whose logs and traces explain it. */
export function sliServices(sli: SliSpec): string[] {
  if (sli.kind === 'availability') return []
  const selectors = sli.kind === 'latency' ? [sli.histogram] : [sli.good, sli.bad, sli.total]
  const names = selectors.flatMap((selector) =>
    (selector?.matchers ?? []).filter(({ label, op }) => label === 'service.name' && op === '=').map((m) => m.value),
  )
  return [...new Set(names)]
}
