import type { ReportIncidents } from '@nines/contracts'

/** An incident of a period; instants are epoch ms, null while something has not happened. */
export interface IncidentTimes {
  openedAt: number
  acknowledgedAt: number | null
  resolvedAt: number | null
}

/** How many incidents there were, and the medians of the times that it took to acknowledge and to resolve them. */
export function incidentTimes(incidents: readonly IncidentTimes[]): ReportIncidents {
  const secondsTo = (end: (incident: IncidentTimes) => number | null) =>
    incidents.flatMap((incident) => {
      const at = end(incident)
      return at === null ? [] : [(at - incident.openedAt) / 1000]
    })
  const acknowledged = secondsTo(({ acknowledgedAt }) => acknowledgedAt)
  const resolved = secondsTo(({ resolvedAt }) => resolvedAt)
  return {
    count: incidents.length,
    acknowledged: acknowledged.length,
    resolved: resolved.length,
    medianAcknowledgeSeconds: medianOf(acknowledged),
    medianResolveSeconds: medianOf(resolved),
  }
}

/** The middle value, of an even number the mean of the two in the middle; null of none. */
function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2
}
