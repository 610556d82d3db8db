import type { AlertDto, AlertState, Severity } from '@nines/contracts'

const STATE_RANK: Record<AlertState, number> = { firing: 0, acknowledged: 1, pending: 2, resolved: 3 }
const SEVERITY_RANK: Record<Severity, number> = { critical: 0, warning: 1, info: 2 }

/** What needs a person comes first: firing before acknowledged, critical before warning, then newest. A new array. */
export function orderAlerts(alerts: readonly AlertDto[]): AlertDto[] {
  return [...alerts].sort(
    (a, b) =>
      STATE_RANK[a.state] - STATE_RANK[b.state] ||
      SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
      b.startedAt.localeCompare(a.startedAt),
  )
}
