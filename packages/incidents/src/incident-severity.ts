import type { IncidentSeverity, Severity } from '@nines/contracts'

/** Severity of an incident opened by an alert: how bad the alert is on a service of this tier (1 most critical). */
export function incidentSeverityOf(alert: Severity, serviceTier: number): IncidentSeverity {
  if (alert !== 'critical') return 'sev4'
  if (serviceTier <= 1) return 'sev1'
  return serviceTier === 2 ? 'sev2' : 'sev3'
}
