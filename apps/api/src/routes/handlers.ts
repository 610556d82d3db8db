import type { Handler } from '../http/handle.ts'
import { acknowledgeAlert } from './alerts/acknowledge-alert.ts'
import { actOnAlertLink } from './alerts/act-on-alert-link.ts'
import { getAlert } from './alerts/get-alert.ts'
import { listAlerts } from './alerts/list-alerts.ts'
import { lookupAlertLink } from './alerts/lookup-alert-link.ts'
import { replayDelivery } from './alerts/replay-delivery.ts'
import { resolveAlert } from './alerts/resolve-alert.ts'
import { createBudgetPolicy } from './budget-policies/create-budget-policy.ts'
import { deleteBudgetPolicy } from './budget-policies/delete-budget-policy.ts'
import { getBudgetPolicy } from './budget-policies/get-budget-policy.ts'
import { getSloBudgetPolicy } from './budget-policies/get-slo-budget-policy.ts'
import { listBudgetEvents } from './budget-policies/list-budget-events.ts'
import { listBudgetPolicies } from './budget-policies/list-budget-policies.ts'
import { previewBudgetPolicy } from './budget-policies/preview-budget-policy.ts'
import { setSloBudgetPolicy } from './budget-policies/set-slo-budget-policy.ts'
import { updateBudgetPolicy } from './budget-policies/update-budget-policy.ts'
import { createChannel } from './channels/create-channel.ts'
import { deleteChannel } from './channels/delete-channel.ts'
import { listChannels } from './channels/list-channels.ts'
import { listMessages } from './channels/list-messages.ts'
import { rotateChannelSecret } from './channels/rotate-channel-secret.ts'
import { testChannel } from './channels/test-channel.ts'
import { updateChannel } from './channels/update-channel.ts'
import { getChange } from './changes/get-change.ts'
import { listChanges } from './changes/list-changes.ts'
import { recordChange } from './changes/record-change.ts'
import { createCheck } from './checks/create-check.ts'
import { deleteCheck } from './checks/delete-check.ts'
import { getCheck } from './checks/get-check.ts'
import { listCheckRuns } from './checks/list-check-runs.ts'
import { listChecks } from './checks/list-checks.ts'
import { updateCheck } from './checks/update-check.ts'
import { applyCode } from './code/apply-code.ts'
import { exportCode } from './code/export-code.ts'
import { getBudgetPolicySource } from './code/get-budget-policy-source.ts'
import { getSloSource } from './code/get-slo-source.ts'
import { listCodeDocuments } from './code/list-code-documents.ts'
import { planCode } from './code/plan-code.ts'
import { releaseCodeDocument } from './code/release-code-document.ts'
import { createCorrection } from './corrections/create-correction.ts'
import { listCorrections } from './corrections/list-corrections.ts'
import { revokeCorrection } from './corrections/revoke-correction.ts'
import { acceptInvitation } from './identity/accept-invitation.ts'
import { completeSetup } from './identity/complete-setup.ts'
import { createApiKey } from './identity/create-api-key.ts'
import { getInvitation } from './identity/get-invitation.ts'
import { getMe } from './identity/get-me.ts'
import { getSetupState } from './identity/get-setup-state.ts'
import { inviteMember } from './identity/invite-member.ts'
import { listApiKeys } from './identity/list-api-keys.ts'
import { listMembers } from './identity/list-members.ts'
import { removeMember } from './identity/remove-member.ts'
import { revokeApiKey } from './identity/revoke-api-key.ts'
import { updateMember } from './identity/update-member.ts'
import { addTimelineEntry } from './incidents/add-timeline-entry.ts'
import { getIncident } from './incidents/get-incident.ts'
import { listIncidents } from './incidents/list-incidents.ts'
import { updateIncident } from './incidents/update-incident.ts'
import { listLabels } from './metrics/list-labels.ts'
import { listMetrics } from './metrics/list-metrics.ts'
import { previewSli } from './metrics/preview-sli.ts'
import { querySamples } from './metrics/query-samples.ts'
import { createOverride } from './on-call/create-override.ts'
import { createPolicy } from './on-call/create-policy.ts'
import { createSchedule } from './on-call/create-schedule.ts'
import { deleteOverride } from './on-call/delete-override.ts'
import { deletePolicy } from './on-call/delete-policy.ts'
import { deleteSchedule } from './on-call/delete-schedule.ts'
import { listPolicies } from './on-call/list-policies.ts'
import { listSchedules } from './on-call/list-schedules.ts'
import { listShifts } from './on-call/list-shifts.ts'
import { updatePolicy } from './on-call/update-policy.ts'
import { updateSchedule } from './on-call/update-schedule.ts'
import { getSloReport } from './reports/get-slo-report.ts'
import { createActionItem } from './reviews/create-action-item.ts'
import { deleteActionItem } from './reviews/delete-action-item.ts'
import { getReview } from './reviews/get-review.ts'
import { listReviews } from './reviews/list-reviews.ts'
import { publishReview } from './reviews/publish-review.ts'
import { updateActionItem } from './reviews/update-action-item.ts'
import { updateReview } from './reviews/update-review.ts'
import { createService } from './services/create-service.ts'
import { createTeam } from './services/create-team.ts'
import { deleteService } from './services/delete-service.ts'
import { getOverview } from './services/get-overview.ts'
import { getService } from './services/get-service.ts'
import { listServices } from './services/list-services.ts'
import { listTeams } from './services/list-teams.ts'
import { updateService } from './services/update-service.ts'
import { createSilence } from './silences/create-silence.ts'
import { expireSilence } from './silences/expire-silence.ts'
import { listSilences } from './silences/list-silences.ts'
import { backtestSlo } from './slos/backtest/backtest-slo.ts'
import { createSlo } from './slos/create-slo.ts'
import { deleteSlo } from './slos/delete-slo.ts'
import { explainSlo } from './slos/explain-slo.ts'
import { createGateException } from './slos/gate/create-gate-exception.ts'
import { getSloGate } from './slos/gate/get-slo-gate.ts'
import { listGateExceptions } from './slos/gate/list-gate-exceptions.ts'
import { revokeGateException } from './slos/gate/revoke-gate-exception.ts'
import { getSloBackfill } from './slos/get-slo-backfill.ts'
import { getSloForecast } from './slos/get-slo-forecast.ts'
import { suggestSlos } from './slos/suggest/suggest-slos.ts'
import { getSloMembers } from './slos/get-slo-members.ts'
import { getSloHistory } from './slos/get-slo-history.ts'
import { getSloSlices } from './slos/get-slo-slices.ts'
import { getSloLedger } from './slos/get-slo-ledger.ts'
import { getSlo } from './slos/get-slo.ts'
import { listSloNames } from './slos/list-slo-names.ts'
import { listSlos } from './slos/list-slos.ts'
import { createAlertRule } from './slos/create-alert-rule.ts'
import { updateAlertRule } from './slos/update-alert-rule.ts'
import { updateSlo } from './slos/update-slo.ts'
import { discardDeadLetter } from './telemetry/discard-dead-letter.ts'
import { listDeadLetters } from './telemetry/list-dead-letters.ts'
import { replayDeadLetter } from './telemetry/replay-dead-letter.ts'
import { getTelemetrySettings } from './telemetry/get-telemetry-settings.ts'
import { getTelemetryUsage } from './telemetry/get-telemetry-usage.ts'
import { updateTelemetrySettings } from './telemetry/update-telemetry-settings.ts'
import { findExemplars } from './telemetry-query/find-exemplars.ts'
import { findTelemetrySeries } from './telemetry-query/find-telemetry-series.ts'
import { listTelemetryLabelValues } from './telemetry-query/list-telemetry-label-values.ts'
import { listTelemetryLabels } from './telemetry-query/list-telemetry-labels.ts'
import { queryMetric } from './telemetry-query/query-metric.ts'
import { queryQuantiles } from './telemetry-query/query-quantiles.ts'
import { queryRatios } from './telemetry-query/query-ratios.ts'
import { countLogs } from './logs/count-logs.ts'
import { searchLogs } from './logs/search-logs.ts'
import { getServiceGraph } from './traces/get-service-graph.ts'
import { getServiceHealth } from './traces/get-service-health.ts'
import { getTrace } from './traces/get-trace.ts'
import { searchTraces } from './traces/search-traces.ts'

/** What answers each operation of the contracts. */
export const handlers: readonly Handler[] = [
  acknowledgeAlert,
  actOnAlertLink,
  getAlert,
  listAlerts,
  lookupAlertLink,
  replayDelivery,
  resolveAlert,
  listBudgetPolicies,
  getBudgetPolicy,
  createBudgetPolicy,
  updateBudgetPolicy,
  deleteBudgetPolicy,
  previewBudgetPolicy,
  getSloBudgetPolicy,
  setSloBudgetPolicy,
  listBudgetEvents,
  createChannel,
  deleteChannel,
  listChannels,
  listMessages,
  rotateChannelSecret,
  testChannel,
  updateChannel,
  getChange,
  listChanges,
  recordChange,
  createCheck,
  deleteCheck,
  getCheck,
  listCheckRuns,
  listChecks,
  updateCheck,
  createCorrection,
  listCorrections,
  revokeCorrection,
  acceptInvitation,
  completeSetup,
  createApiKey,
  getInvitation,
  getMe,
  getSetupState,
  inviteMember,
  listApiKeys,
  listMembers,
  removeMember,
  revokeApiKey,
  updateMember,
  addTimelineEntry,
  getIncident,
  listIncidents,
  updateIncident,
  listLabels,
  listMetrics,
  previewSli,
  querySamples,
  createOverride,
  createPolicy,
  createSchedule,
  deleteOverride,
  deletePolicy,
  deleteSchedule,
  listPolicies,
  listSchedules,
  listShifts,
  updatePolicy,
  updateSchedule,
  getSloReport,
  createActionItem,
  deleteActionItem,
  getReview,
  listReviews,
  publishReview,
  updateActionItem,
  updateReview,
  createService,
  createTeam,
  deleteService,
  getOverview,
  getService,
  listServices,
  listTeams,
  updateService,
  createSilence,
  expireSilence,
  listSilences,
  backtestSlo,
  suggestSlos,
  createSlo,
  deleteSlo,
  explainSlo,
  createGateException,
  getSloGate,
  listGateExceptions,
  revokeGateException,
  getSloBackfill,
  getSloForecast,
  getSloMembers,
  getSloHistory,
  getSloSlices,
  getSloLedger,
  getSlo,
  listSlos,
  listSloNames,
  createAlertRule,
  updateAlertRule,
  planCode,
  applyCode,
  listCodeDocuments,
  exportCode,
  releaseCodeDocument,
  getSloSource,
  getBudgetPolicySource,
  updateSlo,
  listDeadLetters,
  replayDeadLetter,
  discardDeadLetter,
  getTelemetrySettings,
  getTelemetryUsage,
  updateTelemetrySettings,
  findExemplars,
  findTelemetrySeries,
  listTelemetryLabelValues,
  listTelemetryLabels,
  queryMetric,
  queryQuantiles,
  queryRatios,
  countLogs,
  searchLogs,
  getServiceGraph,
  getServiceHealth,
  getTrace,
  searchTraces,
]
