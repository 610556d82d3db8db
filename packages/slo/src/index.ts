export type { Hearing } from './absence-verdict.ts'
export { thresholdNotes } from './applied-bounds.ts'
export { binomialTail } from './binomial-tail.ts'
export {
  budgetLedger,
  CHANGE_LOOK_BACK_MS,
  shareOfBudget,
  UNITS_PER_EVENT,
  windowBudgetAt,
  type BudgetLedger,
  type LedgerCauseKind,
  type LedgerCauses,
  type LedgerEntry,
  type LedgerSpan,
  type WindowBudget,
} from './budget-ledger.ts'
export { burnEpisodes } from './burn-episodes.ts'
export { budgetContributions, CONTRIBUTION_UNITS } from './composite/budget-contributions.ts'
export { combineWindows, memberBadShare, type MemberWindow } from './composite/combine-windows.ts'
export {
  compositeGraph,
  cycleThrough,
  groupsOf,
  membersFirst,
  tooDeepThrough,
  windowsAbove,
  type CompositeGraph,
} from './composite/composite-graph.ts'
export { Composite, type MemberOfComposite } from './composite/composite.ts'
export { newestMinuteOf } from './composite/newest-minute-of.ts'
export { spreadMinutes } from './composite/spread-minutes.ts'
export { CorrectedMinutes } from './corrected-minutes.ts'
export { correctionProblems } from './correction-problems.ts'
export { correctedSpans, correctSlices, effectAt, keptOut, spansOf, type Correction } from './corrections.ts'
export { forecastBudget } from './budget-forecast.ts'
export { counterIncrease, IN_SIGHT_MS, type CounterPoint } from './counter-increase.ts'
export { defaultAlertRules, defaultBurnRateRules, type DefaultAlertRule } from './default-alert-rules.ts'
export { budgetRemaining, exhaustionSeconds } from './error-budget.ts'
export type { EventSource } from './event-keys.ts'
export {
  attributeKeysOf,
  compileLogsSli,
  compileSpansSli,
  isEventSli,
  maxDurationNs,
  type EventSli,
  type EventVerdict,
  type LogEvent,
  type SpanEvent,
} from './event-verdict.ts'
export {
  decidedRules,
  evaluateRules,
  measuredUntilAt,
  SILENCE_SECONDS,
  type DecidedResult,
  type RuleResult,
  type SilenceTerms,
  type SloTerms,
} from './evaluate-rules.ts'
export { explainObjective, type ExplainedWindow, type RevisedSlice } from './explain-objective.ts'
export { followDefaultRule } from './follow-default-rules.ts'
export { budgetNotices, type BudgetNotice } from './budget-notices.ts'
export { budgetReadingOf, unmeasuredSinceAt } from './budget-reading.ts'
export { budgetStanding, isFreezing, type StandingTerms } from './budget-standing.ts'
export {
  advanceBudget,
  NO_BUDGET_STEPS,
  withdrawSteps,
  type BudgetCrossing,
  type BudgetMachine,
  type BudgetTerms,
} from './budget-steps.ts'
export { decideGate, freezeEnd, STALE_STATUS_MS, type GateDecision, type GatePolicy } from './freeze-gate.ts'
export { historyPoints, historyPointsOf, minutesOfSlices, type SloHistoryPoint } from './history-points.ts'
export { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'
export { minuteCoverage, type MinuteCoverage } from './minute-coverage.ts'
export type { MinuteCounts } from './minute-counts.ts'
export { MinuteSeries } from './minute-series.ts'
export { SliceAccumulator, type PointOutcome, type TailEvent } from './slice-accumulator.ts'
export { RuleReplay, type ReplayedBudget, type ReplaySpan, type VerdictChange } from './rule-replay.ts'
export { addCounterSamples, type CounterReduction, type CounterSample } from './slices-from-counters.ts'
export { pointFromCheckRun, seriesOfCheckRun } from './slices-from-check-runs.ts'
export {
  pointFromExponential,
  pointFromHistogram,
  pointsFromExponentials,
  pointsFromHistograms,
  type ExponentialMeasurement,
  type HistogramMeasurement,
} from './slices-from-histograms.ts'
export { slicesFromPoints, type SeriesPoints } from './slices-from-points.ts'
export { pointFromSample, pointsFromSamples, type SampleColumnsOfSeries } from './slices-from-samples.ts'
export { checkRunReduction, compileSli, selectorsOf, seriesProblem, type SeriesReduction } from './sli-reduction.ts'
export { ATTENTIVE_MS, CALM_MS, nextLookAt } from './next-look.ts'
export { pairVerdict, ruleVerdict } from './pair-verdict.ts'
export { expectedRuns, NO_CADENCE, type CadenceStep, type CheckCadence } from './check-cadence.ts'
export { silenceAfter, silenceOf, silenceTerms, type Silence, type SilenceAt, type SloSilence } from './silence.ts'
export { dataStateAt, sloStatusAt } from './slo-status.ts'
export { objectiveStatusAt } from './objective-status.ts'
export { countedMinutes, isTimeSlices, NotedMinutes, sliceMsOf, TimeSlices } from './time-slices.ts'
export { burnRate, windowBurnAt, windowCounts } from './window-burn.ts'
export { assessSli, type SliAssessment } from './suggest/assess-sli.ts'
export {
  chooseBucketBound,
  chooseNiceThreshold,
  type ChosenThreshold,
  type QuantileValue,
} from './suggest/choose-threshold.ts'
export { percentText } from './suggest/choose-target.ts'
export { coveringSlo } from './suggest/covering-slo.ts'
export {
  checkCandidate,
  logCandidates,
  spanCandidates,
  type LogSummary,
  type SpanSummary,
} from './suggest/event-candidates.ts'
export { pickCandidates, type PickedCandidate } from './suggest/pick-candidates.ts'
export { seriesCandidates } from './suggest/series-candidates.ts'
export { normalName, OWNER_LABELS, ownerNamesOf, type SeenSeries } from './suggest/service-owner.ts'
export { ofOperation, type CandidateMeasure, type SliCandidate } from './suggest/sli-candidate.ts'
export { bySuggestionOrder } from './suggest/suggestion-order.ts'
export { daysText, suggestionWarnings } from './suggest/suggestion-warnings.ts'
export {
  suggestionDescription,
  suggestionName,
  suggestionSlug,
  valueText,
  type SuggestionSubject,
} from './suggest/suggestion-words.ts'
export { windowSpan, windowUpTo, type Span } from './window-span.ts'
export { compositePeriod, type RowSource } from './report/composite-period.ts'
export { compositeRows, stretchesOfKind, type CompositeRow } from './report/composite-rows.ts'
export { DenseMinutes } from './report/dense-minutes.ts'
export type { HourColumns } from './report/hour-columns.ts'
export { hoursOfMinutes } from './report/hours-of-minutes.ts'
export { hoursToLoad, type MinuteNeeds } from './report/hours-to-load.ts'
export { incidentTimes, type IncidentTimes } from './report/incident-times.ts'
export { MemberMinutes } from './report/member-minutes.ts'
export { MinuteGrid, type SliceColumns } from './report/minute-grid.ts'
export { ReportComposite, type ReportTree, type ReportTreeMember } from './report/report-composite.ts'
export {
  minutesIn,
  periodAt,
  periodBefore,
  periodOfDay,
  reportedUntil,
  type ReportPeriod,
} from './report/report-period.ts'
export { resultOf, sloPeriod, type ObjectivePeriod, type VersionMinutes } from './report/slo-period.ts'
export { versionsInForce, type ReportVersion, type VersionInForce } from './report/versions-in-force.ts'
