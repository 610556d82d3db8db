import type { AlertEvidence, RuleVerdict } from '@nines/contracts'
import { Composite } from './composite/composite.ts'
import { newestMinuteOf } from './composite/newest-minute-of.ts'
import { evaluateRules, measuredUntilAt, type SloTerms } from './evaluate-rules.ts'
import type { MinuteCounts } from './minute-counts.ts'
import type { MinuteSeries } from './minute-series.ts'
import { budgetRemainingAt } from './objective-status.ts'
import { PrefixMinutes } from './prefix-minutes.ts'
import type { SilenceAt } from './silence.ts'

/** A rule says something else than at the step before, or speaks for the first time. */
export interface VerdictChange {
  /** Instant of the evaluation, epoch ms. */
  at: number
  verdict: RuleVerdict
  evidence: AlertEvidence
}

/** How the budget fared over the steps that were replayed. */
export interface ReplayedBudget {
  /** Least that was left of it and when first; null while it was undefined all the time. */
  lowest: { at: number; remaining: number } | null
  /** Steps at which nothing was left. */
  spentSteps: number
  /** What was left at the newest step; null when undefined. */
  remaining: number | null
}

export interface ReplaySpan {
  /** Steps are at from + step, from + 2 steps, ...: epoch ms on the minute grid. */
  from: number
  stepMs: number
  /** Nothing at or behind this instant is replayed. */
  to: number
  /** How to take silence, as live evaluation does. What arrived when is not stored: everything counts as heard at once. */
  silence?: SilenceAt
  /** The minutes as they were measured, of a composite those of all its members, where those that count are others. Default: the same. */
  measured?: MinuteSeries | readonly MinuteSeries[]
}

/**
 * What the rules of an SLO would have said in the past: at every step the very evaluation that runs live, shown only the
 * minutes that had ended by then. Live evaluation runs more often than once a minute, so it speaks up to a step earlier.
 */
export class RuleReplay {
  /** By rule id, ascending. */
  readonly changes: ReadonlyMap<string, VerdictChange[]>
  readonly budget: ReplayedBudget = { lowest: null, spentSteps: 0, remaining: null }
  readonly #terms: SloTerms
  readonly #silence: SilenceAt | undefined
  readonly #minutes: MinuteCounts
  readonly #measured: Pick<MinuteCounts, 'newestMinute'>
  /** Every series that is read, with its knowledge of the present. */
  readonly #prefixes: PrefixMinutes[] = []
  readonly #stepMs: number
  #at: number

  /** A composite must have been advanced to the end. */
  constructor(minutes: MinuteSeries | Composite, terms: SloTerms, { from, to, stepMs, silence, measured }: ReplaySpan) {
    this.#terms = terms
    this.#silence = silence
    // From the first minute on: how long an SLO is silent may reach back behind any window.
    const prefixOf = (one: MinuteSeries): PrefixMinutes => {
      const prefix = new PrefixMinutes(one, Math.min(one.firstMinute() ?? from, from), to)
      this.#prefixes.push(prefix)
      return prefix
    }
    this.#minutes = minutes instanceof Composite ? minutes.countsBy(prefixOf) : prefixOf(minutes)
    this.#measured =
      measured === undefined || measured === minutes
        ? this.#minutes
        : newestMinuteOf([measured].flat().map((one: MinuteSeries) => prefixOf(one)))
    this.#stepMs = stepMs
    this.#at = from + stepMs
    this.changes = new Map(terms.rules.map((rule) => [rule.id, []]))
  }

  /** Runs the steps up to the instant, included. */
  runTo(until: number): void {
    for (; this.#at <= until; this.#at += this.#stepMs) this.#step(this.#at)
  }

  #step(at: number): void {
    for (const prefix of this.#prefixes) prefix.knowUntil(at)
    const measured = this.#measured
    const silence = this.#silence?.(measuredUntilAt(measured, at))
    const results = evaluateRules(this.#minutes, this.#terms, at, { ...silence, measured })
    for (const { ruleId, verdict, evidence } of results) {
      const changes = this.changes.get(ruleId)
      if (changes?.at(-1)?.verdict !== verdict) changes?.push({ at, verdict, evidence })
    }
    const [first] = results
    this.#noteBudget(at, first ? first.evidence.budgetRemaining : budgetRemainingAt(this.#minutes, this.#terms, at))
  }

  #noteBudget(at: number, remaining: number | null): void {
    this.budget.remaining = remaining
    if (remaining === null) return
    if (remaining <= 0) this.budget.spentSteps++
    if (remaining < (this.budget.lowest?.remaining ?? Infinity)) this.budget.lowest = { at, remaining }
  }
}
