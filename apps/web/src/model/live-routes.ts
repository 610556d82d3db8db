import type { LiveEvent } from '@nines/contracts'

const ALERTS = ['listAlerts', 'getAlert', 'getOverview', 'getSloHistory', 'getIncident', 'listIncidents']
/** Which queries an event makes stale, by route id. null means all of the workspace. */
const STALE: Record<LiveEvent['type'], readonly string[] | null> = {
  'slo.status': [
    'getOverview',
    'listSlos',
    'getSlo',
    'getSloHistory',
    'getSloGate',
    'getSloBudgetPolicy',
    'listBudgetPolicies',
  ],
  'budget.crossed': ['getSloBudgetPolicy', 'listBudgetEvents', 'listBudgetPolicies', 'getSloGate'],
  'slo.backfill': ['getSloBackfill', 'getSloLedger'],
  'alert.changed': ALERTS,
  'page.changed': ['getAlert', 'getIncident', 'listMessages'],
  'incident.changed': ['listIncidents', 'getIncident', 'getOverview', 'listAlerts', 'getAlert', 'listReviews'],
  'review.changed': ['listReviews', 'getReview', 'getIncident'],
  'check.run': ['listChecks', 'getCheck', 'listCheckRuns'],
  'change.recorded': ['listChanges', 'getChange', 'getSloHistory', 'getSloLedger', 'getIncident'],
  'settings.changed': null,
}

/** Whether a cached query of `routeId` may be out of date after the events. */
export function isStaleAfter(types: Iterable<LiveEvent['type']>, routeId: string): boolean {
  for (const type of types) {
    const ids = STALE[type]
    if (ids === null || ids.includes(routeId)) return true
  }
  return false
}
