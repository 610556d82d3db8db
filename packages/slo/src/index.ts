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
export { CorrectedMinutes } from './corrected-minutes.ts'
export { correctedSpans, correctSlices, keptOut, spansOf, type Correction } from './corrections.ts'
export { counterIncrease, IN_SIGHT_MS, type CounterPoint } from './counter-increase.ts'
export { defaultBurnRateRules, type DefaultBurnRateRule } from './default-burn-rate-rules.ts'
export { budgetRemaining, exhaustionSeconds } from './error-budget.ts'
export { evaluateRules, pairVerdict, ruleVerdict, type RuleResult, type SloTerms } from './evaluate-rules.ts'
export { historyPoints, minutesOfSlices, type SloHistoryPoint } from './history-points.ts'
export { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'
export { MinuteSeries } from './minute-series.ts'
export { recurrenceProblem } from './recurrence.ts'
export { SliceAccumulator, type PointOutcome } from './slice-accumulator.ts'
export { expectedRuns, pointFromCheckRun, seriesOfCheckRun } from './slices-from-check-runs.ts'
export { pointFromHistogram, pointsFromHistograms, type HistogramMeasurement } from './slices-from-histograms.ts'
export { slicesFromPoints, type SeriesPoints } from './slices-from-points.ts'
export { pointFromSample, pointsFromSamples, type SampleColumnsOfSeries } from './slices-from-samples.ts'
export { checkRunReduction, compileSli, selectorsOf, seriesProblem, type SeriesReduction } from './sli-reduction.ts'
export { dataStateAt, SILENCE_SECONDS, sloStatusAt } from './slo-status.ts'
export { budgetEventsAt, objectiveStatusAt } from './objective-status.ts'
export { burnRate, windowBurnAt, windowCounts } from './window-burn.ts'
export { windowSpan, type Span } from './window-span.ts'
