import type { SloSuggestion, SuggestionEvidence } from '@nines/contracts'
import type { CadenceOf } from '@nines/records'
import {
  assessSli,
  DAY_MS,
  daysText,
  defaultAlertRules,
  percentText,
  silenceTerms,
  suggestionWarnings,
  type PickedCandidate,
  type SliAssessment,
} from '@nines/slo'
import type { ApiContext } from '../../../context.ts'
import { backtestReport } from '../backtest/backtest-report.ts'
import { affordableFrom } from './affordable-span.ts'
import { chooseSli } from './choose-sli.ts'

/** The window that a new SLO has unless told otherwise. */
const WINDOW = { kind: 'rolling', days: 30 } as const

export interface BuildQuery {
  workspaceNumber: number
  /** On the minute grid, epoch ms. */
  from: number
  to: number
  cadenceOf: CadenceOf
  signal: AbortSignal
}

/** A suggestion without what sets it beside others: its words, and the SLO that may cover it. */
export type BareSuggestion = Omit<SloSuggestion, 'name' | 'slug' | 'description' | 'coveredBy'>

/** Chooses threshold and target of a candidate and replays the default rules over what it would have measured. */
export async function buildSuggestion(
  context: ApiContext,
  { candidate, alternatives }: PickedCandidate,
  { workspaceNumber, from: wanted, to, cadenceOf, signal }: BuildQuery,
): Promise<BareSuggestion | { why: string }> {
  const from = await affordableFrom(context, candidate, { workspace: workspaceNumber, from: wanted, to, signal })
  const chosen = await chooseSli(context, candidate, { workspace: workspaceNumber, from, to, signal })
  if ('why' in chosen) return chosen
  const { sli, threshold } = chosen
  const past = await context.pastMinutes.read({ workspaceNumber, sli, from, to }, signal)
  const span = { from: Math.max(from, past.from), to: past.to }
  const assessment = assessSli(past.minutes, span, WINDOW)
  if (!assessment.chosen) return { why: whyNoTarget(assessment, span) }
  const { target, met, provisional, reason, budgetEvents, budgetRemaining } = assessment.chosen
  if (provisional && candidate.operation !== null)
    return { why: `Only ${daysText(assessment.days)} of data: too little to tell its operations apart.` }
  const rules = defaultAlertRules({ target, window: WINDOW })
  const replayed = { from: assessment.firstAt ?? span.from, to: span.to }
  const minutes = { measured: past.minutes, counted: past.minutes, replayed: past.minutes }
  const backtest = { target, window: WINDOW, rules, silence: silenceTerms([cadenceOf(sli)]), ...replayed }
  const { pages, tickets } = await backtestReport(minutes, backtest, signal)
  const { daily, windows } = assessment
  const evidence: SuggestionEvidence = {
    ...span,
    good: assessment.good,
    total: assessment.total,
    sli: assessment.good / assessment.total,
    days: daily.days,
    worstDay: daily.worst,
    medianDay: daily.median,
    daysWithEvents: daily.withEvents,
    firstAt: assessment.firstAt,
    coverage: assessment.coverage,
    eventsPerHour: assessment.eventsPerHour,
    windows: { ...windows, met },
    budgetEvents,
    budgetRemaining,
    pages,
    tickets,
    series: past.series,
  }
  return {
    aspect: candidate.aspect,
    operation: candidate.operation,
    source: candidate.source,
    alternatives: alternatives.map((one) => one.source),
    sli,
    target,
    window: WINDOW,
    rules,
    provisional,
    reason,
    threshold,
    evidence,
    warnings: suggestionWarnings({
      minBadEvents: minBadEventsOf(rules),
      eventsPerHour: assessment.eventsPerHour,
      coverage: assessment.coverage,
      days: assessment.days,
      provisional,
      environments: candidate.environments,
      shortened: shortenedText(wanted, span),
    }),
  }
}

function whyNoTarget({ good, total }: SliAssessment, span: { from: number; to: number }): string {
  const time = daysText((span.to - span.from) / DAY_MS)
  if (total === 0) return `No event in the last ${time}.`
  if (total < FEWEST_EVENTS) return `Only ${Math.round(total)} events in the last ${time}: too few for any target.`
  return `${percentText(Math.floor((good / total) * 1e5) / 1e5)} were good: no target from 90 % on was kept with a quarter of its budget to spare. Choose one by hand, or mend it first.`
}

/** With fewer not even 90 % allows five bad ones. */
const FEWEST_EVENTS = 51

function shortenedText(wanted: number, { from, to }: { from: number; to: number }): string | null {
  if (from <= wanted) return null
  return `Evidence of the last ${daysText((to - from) / DAY_MS)} only: there is more telemetry than can be counted while you wait.`
}

function minBadEventsOf(rules: ReturnType<typeof defaultAlertRules>): number {
  const counts = rules.flatMap(({ condition }) => (condition.kind === 'burn_rate' ? [condition.minBadEvents] : []))
  return Math.max(1, ...counts)
}
