export { createActionItem, deleteActionItem, updateActionItem, type ActionItemInput } from './action-items.ts'
export { createAlertRule, updateAlertRule } from './alert-rules.ts'
export {
  alertsFiringBetween,
  countAlerts,
  countOpenAlerts,
  getAlert,
  getAlertDetail,
  listAlerts,
} from './alert-views.ts'
export { createApiKey, findApiKey, findIngestKey, listApiKeys, revokeApiKey } from './api-keys.ts'
export type { IngestKey, KnownApiKey } from './api-keys.ts'
export { bootstrapInstallation, type Bootstrapped, type BootstrapOptions } from './bootstrap-installation.ts'
export { applyBudgetReading } from './budget-advance.ts'
export { loadBudgetWatches, setSloBudgetPolicy, type BudgetChange, type BudgetWatch } from './budget-attachments.ts'
export { listBudgetEvents } from './budget-events.ts'
export {
  changesBudgetPolicy,
  createBudgetPolicy,
  deleteBudgetPolicy,
  followedText,
  getBudgetPolicy,
  listBudgetPolicies,
  requireBudgetReferences,
  updateBudgetPolicy,
  type BudgetPolicyInput,
  type StoredBudgetPolicy,
  type StoredFollower,
} from './budget-policies.ts'
export { listBudgetPolicyChanges } from './budget-policy-changes.ts'
export {
  createChannel,
  deleteChannel,
  listChannels,
  requireChannel,
  rotateChannelSecret,
  updateChannel,
} from './channels.ts'
export { namedServices, type NamedService } from './change-services.ts'
export { changeWithSurroundings, type ChangeSurroundings } from './change-surroundings.ts'
export {
  changesByService,
  changesOfService,
  listChanges,
  recordChange,
  type ChangeFilter,
  type ChangeInput,
} from './changes.ts'
export { checkCadence, checkCadences, type CadenceOf } from './check-intervals.ts'
export {
  createCheck,
  deleteCheck,
  getCheck,
  listChecks,
  listEnabledChecks,
  updateCheck,
  type EnabledCheck,
  type StoredCheck,
} from './checks.ts'
export {
  findBoundFile,
  findBudgetPolicySource,
  findCorrectionSources,
  findSloSource,
  forgetCodeDocument,
  keepCodeDocuments,
  listCodeDocuments,
  type BoundToCode,
  type CodeBinding,
  type NewCodeDocument,
  type StoredCodeDocument,
} from './code-documents.ts'
export { findShortNames, type ShortNames } from './short-names.ts'
export { listSloTargets, withMembers, writeCodeSlo, type SloTarget } from './code-slos.ts'
export {
  correctionsHeldAt,
  correctionsOf,
  createCorrection,
  listCorrections,
  listHeldCorrections,
  replaceCorrection,
  revokeCorrection,
  type CorrectionInput,
} from './corrections.ts'
export { compositesWith, listComposites, type StoredComposite } from './composites.ts'
export { findMemberSlos, type MemberSlo } from './composite-members.ts'
export { createPrisma, type Database, type PrismaOptions } from './client.ts'
export { countOpenIncidents, getIncident, listIncidents, listTimeline, toTimelineEntry } from './incident-views.ts'
export type { IncidentImpact, StoredIncident, StoredIncidentDetail } from './incident-views.ts'
export { incidentsOfSlo, type IncidentOfSlo } from './incidents-of-slo.ts'
export { acceptInvitation, createInvitation, findInvitation, listOpenInvitations } from './invitations.ts'
export { changeMemberRole, listMembers, removeMember } from './members.ts'
export { listChannelMessages } from './message-views.ts'
export { reportIncidents, type ReportIncident } from './report-incidents.ts'
export { reportMembers, reportSlos, type ReportSelection, type ReportSlo } from './report-slos.ts'
export { createPolicy, deletePolicy, listPolicies, updatePolicy } from './policies.ts'
export { editReview, publishReview, type FindProblems, type ReviewEdit } from './review-edits.ts'
export { getReview, listReviews } from './review-views.ts'
export {
  createOverride,
  createSchedule,
  deleteOverride,
  deleteSchedule,
  getSchedule,
  listSchedules,
  updateSchedule,
  type StoredSchedule,
} from './schedules.ts'
export { noteServiceVersion, type SeenVersion } from './service-versions.ts'
export { createService, deleteService, getService, listServices, updateService } from './services.ts'
export { completeSetup, isSetupNeeded, type SetupInput } from './setup.ts'
export {
  createGateException,
  listGateExceptions,
  revokeGateException,
  type GateExceptionInput,
} from './gate-exceptions.ts'
export { openAlertRules } from './open-alert-rules.ts'
export { createSilence, expireSilence, listSilences } from './silences.ts'
export { SloDefinitionBook } from './slo-definition-book.ts'
export { loadSloDefinitions, type SloDefinition } from './slo-definitions.ts'
export { countSlos, listSloNames } from './slo-names.ts'
export { findSloPolicy, type SloPolicy } from './slo-budget-policy.ts'
export {
  archiveSlo,
  createSlo,
  findSlos,
  getSlo,
  listSlos,
  pageOfSlos,
  updateSlo,
  type StoredSlo,
  type StoredSloDetail,
} from './slos.ts'
export { createTeam, listTeams } from './teams.ts'
export { loadUserRefs, userRefOf, type UserRef } from './user-refs.ts'
export { findMembership, verifyUserPassword, workspaceSlugOf, workspacesOf, type FoundMembership } from './users.ts'
export { Prisma, PrismaClient } from './generated/client.ts'
export { applyAlertEvent, type AlertEventInput, type AlertEventOutcome } from './alerts-event.ts'
export { applyVerdict, type VerdictOutcome } from './alerts-verdict.ts'
export { dueWork } from './due-work.ts'
export { stepEscalation, type StepOutcome } from './escalations-step.ts'
export type { FollowUp, MessageSettings, Outcome } from './follow-ups.ts'
export { addTimelineEntry, changeIncident, type IncidentChange, type TimelineNote } from './incidents-change.ts'
export { openIncidentForAlert, type OpenIncidentOutcome } from './incidents-open.ts'
export { claimMessage, findWaitingMessage, postponeMessage, type ClaimedMessage } from './outbox-claim.ts'
export { finishAttempt } from './outbox-finish.ts'
export { queueChannelTest, replayMessage } from './outbox-messages.ts'
export { draftReview, NOT_MEASURED, type IncidentMeasurements } from './reviews-draft.ts'
export { findReviewSubject, type ReviewSubject } from './reviews-subject.ts'
export { getTelemetrySettings, updateTelemetrySettings } from './telemetry-settings.ts'
export { requireReferences, type Reference } from './workspace-references.ts'
