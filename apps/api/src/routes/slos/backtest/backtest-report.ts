import { setImmediate as breathe } from 'node:timers/promises'
import { alertBurnOf, alertTimingOf, replayAlert } from '@nines/alerting'
import type { BacktestReport, BacktestRule, BacktestRuleResult, Objective } from '@nines/contracts'
import {
  type Composite,
  DAY_MS,
  MINUTE_MS,
  minuteCoverage,
  type MinuteCounts,
  RuleReplay,
  type MinuteSeries,
  type SilenceAt,
  type VerdictChange,
} from '@nines/slo'

/** A draft of an SLO and its rules, and what is replayed: epoch ms on the minute grid. */
export interface Backtest extends Objective {
  rules: readonly BacktestRule[]
  silence: SilenceAt
  from: number
  to: number
}

const POINTS = 240
const MOST_ALERTS = 500
const MOST_GAPS = 50
/** Other requests get their turn after so much of a replay, which takes some tens of milliseconds. */
const TURN_MS = 10 * DAY_MS

/** Past minutes as they were measured, and as corrections and slices of time make them count. */
export interface BacktestMinutes {
  measured: MinuteSeries
  counted: MinuteCounts
  /** What counts, or the composite that it belongs to. */
  replayed: MinuteSeries | Composite
}

/**
 * Replays the rules minute by minute over what counts, as live evaluation sees it: corrected, and by slices of time. What was
 * measured says only what was silent. `signal` ends it.
 */
export async function backtestReport(
  { measured, counted, replayed }: BacktestMinutes,
  backtest: Backtest,
  signal: AbortSignal,
): Promise<Omit<BacktestReport, 'series' | 'limits' | 'corrected'>> {
  const { target, window, rules, silence, from, to } = backtest
  const named = rules.map((rule, i) => ({ ...rule, id: String(i) }))
  const terms = { sloId: '', version: 0, target, window, furtherObjectives: [], rules: named }
  const replay = new RuleReplay(replayed, terms, { from, to, stepMs: MINUTE_MS, silence, measured })
  const points = await replayInSteps(replay, counted, backtest, signal)
  const results = named.map(({ id, ...rule }) => ruleResult(rule, replay.changes.get(id) ?? [], { from, to }))
  const countOf = (action: 'page' | 'ticket') =>
    results.reduce((sum, rule) => sum + (rule.action === action ? rule.count : 0), 0)
  const { good, total } = counted.sum(from, to - MINUTE_MS)
  return {
    from,
    to,
    target,
    window,
    good,
    total,
    sli: total === 0 ? null : good / total,
    pages: countOf('page'),
    tickets: countOf('ticket'),
    rules: results,
    budget: {
      lowest: replay.budget.lowest,
      remaining: replay.budget.remaining,
      spentSeconds: (replay.budget.spentSteps * MINUTE_MS) / 1000,
      ...points,
    },
    coverage: coverageOf(measured, from, to),
  }
}

async function replayInSteps(
  replay: RuleReplay,
  minutes: MinuteCounts,
  { from, to }: Backtest,
  signal: AbortSignal,
): Promise<Pick<BacktestReport['budget'], 'stepSeconds' | 'points'>> {
  const stepMs = MINUTE_MS * Math.max(1, Math.ceil((to - from) / MINUTE_MS / POINTS))
  const points: BacktestReport['budget']['points'] = []
  let turnEnds = from + TURN_MS
  for (let start = from; start < to; start += stepMs) {
    const at = Math.min(start + stepMs, to)
    replay.runTo(at)
    points.push({ at, ...minutes.sum(start, at - MINUTE_MS), remaining: replay.budget.remaining })
    if (at < turnEnds) continue
    turnEnds = at + TURN_MS
    await breathe()
    signal.throwIfAborted()
  }
  return { stepSeconds: stepMs / 1000, points }
}

function ruleResult(
  rule: BacktestRule,
  changes: readonly VerdictChange[],
  { from, to }: { from: number; to: number },
): BacktestRuleResult {
  const episodes = replayAlert(changes, alertTimingOf(rule.condition), to)
  const fired = episodes.flatMap(({ openedAt, firedAt, resolvedAt }) => {
    if (firedAt === null) return []
    const opening = changes.findLast((change) => change.at <= openedAt)
    const seconds = ((resolvedAt ?? to) - firedAt) / 1000
    return { firedAt, resolvedAt, seconds, burn: alertBurnOf(opening?.evidence ?? null) }
  })
  return {
    ...rule,
    action: rule.severity === 'critical' ? 'page' : 'ticket',
    count: fired.length,
    fired: fired.slice(-MOST_ALERTS),
    withdrawn: episodes.filter(({ firedAt, resolvedAt }) => firedAt === null && resolvedAt !== null).length,
    noDataShare: noDataMs(changes, to) / (to - from),
  }
}

function noDataMs(changes: readonly VerdictChange[], to: number): number {
  return changes.reduce((sum, { at, verdict }, i) => {
    // The first verdict is that of the first step, and what it says holds for the step as a whole.
    const since = i === 0 ? at - MINUTE_MS : at
    return verdict === 'no_data' ? sum + (changes[i + 1]?.at ?? to) - since : sum
  }, 0)
}

function coverageOf(minutes: MinuteSeries, from: number, to: number): BacktestReport['coverage'] {
  const { gaps, ...counts } = minuteCoverage(minutes, from, to)
  const longest = gaps.toSorted((a, b) => b.to - b.from - (a.to - a.from)).slice(0, MOST_GAPS)
  return {
    ...counts,
    share: counts.measured / counts.minutes,
    gaps: longest.sort((a, b) => a.from - b.from),
    furtherGaps: gaps.length - longest.length,
  }
}
