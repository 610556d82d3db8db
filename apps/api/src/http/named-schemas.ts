import * as contracts from '@nines/contracts'
import { z } from 'zod'

/** Schemas that the API's description names instead of repeating them wherever they occur. */
export const namedSchemas = z.registry<{ id?: string }>()

const byName = {
  ActionItem: contracts.actionItemDto,
  Alert: contracts.alertDto,
  AlertCondition: contracts.alertCondition,
  AlertEvidence: contracts.alertEvidence,
  AlertRule: contracts.alertRuleDto,
  ApiKey: contracts.apiKeyDto,
  AbsenceCondition: contracts.absenceCondition,
  AbsenceEvidence: contracts.absenceEvidence,
  Backtest: contracts.backtestReport,
  BudgetForecast: contracts.budgetForecast,
  BurnRateCondition: contracts.burnRateCondition,
  BurnRateEvidence: contracts.burnRateEvidence,
  Channel: contracts.channelDto,
  Check: contracts.checkDto,
  CheckRun: contracts.checkRun,
  Delivery: contracts.deliveryDto,
  EscalationStep: contracts.escalationStepSpec,
  GateException: contracts.gateExceptionDto,
  HttpCheckConfig: contracts.httpCheckConfig,
  Incident: contracts.incidentDto,
  Invitation: contracts.invitationDto,
  LabelMatcher: contracts.labelMatcher,
  MeasuredSli: contracts.measuredSli,
  Member: contracts.memberDto,
  Message: contracts.messageDto,
  Page: contracts.pageDto,
  Policy: contracts.policyDto,
  Problem: contracts.problem,
  Review: contracts.reviewDto,
  ReviewDetail: contracts.reviewDetail,
  ReviewSections: contracts.reviewSections,
  Schedule: contracts.scheduleDto,
  Selector: contracts.seriesSelector,
  Service: contracts.serviceDto,
  Silence: contracts.silenceDto,
  Sli: contracts.sliSpec,
  Slo: contracts.sloDto,
  SloBackfill: contracts.sloBackfill,
  SloDetail: contracts.sloDetail,
  SloSuggestion: contracts.sloSuggestion,
  SloStatus: contracts.sloStatus,
  Team: contracts.teamDto,
  TimelineEntry: contracts.timelineEntry,
  WeeklyRotation: contracts.weeklyRotation,
}

for (const [id, schema] of Object.entries(byName)) namedSchemas.add(schema, { id })
