import type {
  AlertEvidence as FiredEvidence,
  IncidentBudget,
  IncidentSeverity,
  Severity,
  TimelineEntry,
} from '@nines/contracts'

/** One attempt to deliver a page. Instants are epoch ms throughout. */
export interface DeliveryEvidence {
  at: number
  succeeded: boolean
  error: string | null
}

/** One page; who was paged stands on the timeline, a review speaks of roles. */
export interface PageEvidence {
  /** From 0. */
  step: number
  round: number
  createdAt: number
  deliveries: DeliveryEvidence[]
}

export interface AlertEvidence {
  summary: string
  ruleName: string
  sloName: string
  severity: Severity
  firedAt: number | null
  acknowledgedAt: number | null
  resolvedAt: number | null
  firedEvidence: FiredEvidence | null
  /** Silences held its pages back at some time. */
  silenced: boolean
}

export interface CheckEvidence {
  name: string
  enabled: boolean
  /** Runs during the incident; null when they could not be read. */
  runs: { total: number; failed: number; firstFailedAt: number | null } | null
}

/** Everything recorded about an incident that a review is drafted from. */
export interface ReviewEvidence {
  incident: {
    number: number
    title: string
    severity: IncidentSeverity
    openedAt: number
    acknowledgedAt: number | null
    mitigatedAt: number | null
    resolvedAt: number | null
  }
  service: { name: string; runbookUrl: string | null }
  /** First bad minute, from the slices; null when unknown. */
  impactAt: number | null
  /** What it spent of the budgets of its SLOs, from their ledgers; empty when unknown. */
  budgets: IncidentBudget[]
  alerts: AlertEvidence[]
  /** null: no policy was set. */
  policyName: string | null
  pages: PageEvidence[]
  checks: CheckEvidence[]
  timeline: TimelineEntry[]
}
