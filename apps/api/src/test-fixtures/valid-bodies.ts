import {
  budgetPolicyBody,
  codeBody,
  emptySections,
  overrideBody,
  policyBody,
  sloBody,
  type KnownIds,
} from './populate.ts'

/** A body that every operation with one accepts, as long as what it names exists in the caller's workspace. */
export function validBodies(ids: KnownIds, userId: string): Record<string, unknown> {
  const rotation = {
    timeZone: 'UTC',
    handoffWeekday: 1,
    handoffTime: '09:00',
    startsOn: '2026-01-05',
    participants: [userId],
  }
  const check = { name: 'check', config: { kind: 'http', url: 'https://example.com/' } }
  const channel = { name: 'channel', url: 'https://example.com/' }
  const service = { slug: 'service', name: 'Service' }
  const action = { title: 'Do it' }
  const span = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }
  return {
    recordChange: { externalId: 'run-1', service: 'shop', version: '1.2.3' },
    createCorrection: { effect: 'exclude', startsAt: span.from, endsAt: span.to, reason: 'known' },
    revokeCorrection: { reason: 'mistaken' },
    createTeam: { slug: 'team', name: 'Team' },
    createService: service,
    updateService: service,
    createCheck: check,
    updateCheck: check,
    createSlo: sloBody(ids.services, 'another'),
    updateSlo: sloBody(ids.services),
    createAlertRule: {
      name: 'silence',
      severity: 'warning',
      enabled: true,
      condition: { kind: 'absence', unmeasuredSeconds: 900 },
      escalationPolicyId: null,
    },
    updateAlertRule: {
      name: 'page',
      severity: 'critical',
      enabled: true,
      condition: { kind: 'burn_rate', pairs: [{ longSeconds: 3600, shortSeconds: 300, factor: 14.4 }] },
      escalationPolicyId: null,
    },
    planCode: codeBody(),
    applyCode: codeBody(),
    createSchedule: { name: 'Schedule', rotation },
    updateSchedule: { name: 'Schedule', rotation },
    createOverride: overrideBody(userId),
    createPolicy: policyBody(ids.schedules, 'Policy'),
    updatePolicy: policyBody(ids.schedules),
    createChannel: channel,
    updateChannel: channel,
    createBudgetPolicy: { ...budgetPolicyBody(ids.slos, ids.channels, 'Another budget'), slos: [] },
    updateBudgetPolicy: budgetPolicyBody(ids.slos, ids.channels),
    previewBudgetPolicy: budgetPolicyBody(ids.slos, ids.channels),
    setSloBudgetPolicy: { policyId: ids['budget-policies'] },
    createSilence: { endsAt: '2099-01-01T00:00:00Z', comment: 'quiet' },
    inviteMember: { email: 'new@example.com', role: 'viewer' },
    updateMember: { role: 'viewer' },
    updateTelemetrySettings: { samplesPerSecond: 1_000 },
    createApiKey: { name: 'key', scopes: ['read'] },
    updateIncident: { title: 'Renamed' },
    addTimelineEntry: { kind: 'note', summary: 'Noted' },
    updateReview: { title: 'Review', summary: '', impact: '', sections: emptySections(), revision: 1 },
    createActionItem: action,
    updateActionItem: { ...action, state: 'done' },
    querySamples: { metric: 'shop.requests', ...span },
    queryMetric: { metric: 'shop.requests', at: span.to },
    queryRatios: { ratios: [{ numerator: { metric: 'a' }, denominator: { metric: 'b' } }], ...span },
    queryQuantiles: { metric: 'shop.duration', quantiles: [0.99], at: span.to },
    findTelemetrySeries: { metric: 'shop.requests', ...span },
    findExemplars: { metric: 'shop.requests', ...span },
    searchLogs: span,
    countLogs: { ...span, stepSeconds: 3600 },
    searchTraces: span,
    createGateException: { reason: 'a fix of the outage', hours: 2 },
    backtestSlo: { sli: sloBody(ids.services).sli, target: 0.999, days: 1 },
    previewSli: { sli: sloBody(ids.services).sli },
    completeSetup: { token: 'nst_x', name: 'X', email: 'x@example.com', password: 'long enough password' },
    getInvitation: { token: 'ninv_x' },
    acceptInvitation: { token: 'ninv_x', name: 'X', password: 'long enough password' },
    lookupAlertLink: { token: 'x.y' },
    actOnAlertLink: { token: 'x.y', action: 'acknowledge' },
  }
}

/** A query that every operation with a required one accepts. */
export const VALID_QUERIES: Record<string, string> = {
  listCheckRuns: '?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
  getSloHistory: '?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
  getSloSlices: '?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
  listShifts: '?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z',
  listLabels: '?metric=shop.requests',
  listTelemetryLabelValues: '?label=job',
}
