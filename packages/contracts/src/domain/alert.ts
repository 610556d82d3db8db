import { z } from 'zod'
import { burnRatePair, windowBurn } from './slo.ts'

export const severity = z.enum(['critical', 'warning', 'info'])
export type Severity = z.infer<typeof severity>

/** pending: true but not for long enough; firing: pages; acknowledged: someone has it; resolved: over. */
export const alertState = z.enum(['pending', 'firing', 'acknowledged', 'resolved'])
export type AlertState = z.infer<typeof alertState>

/** Condition of a burn-rate rule: true when any pair is true (OR across pairs, AND within a pair). */
export const burnRateCondition = z.object({
  kind: z.literal('burn_rate'),
  pairs: z.array(burnRatePair).min(1).max(8),
  /** The condition must hold this long before the alert fires. */
  forSeconds: z.number().int().min(0).max(86_400).default(0),
  /** The condition must be false this long before the alert resolves: hysteresis against flapping. */
  resolveAfterSeconds: z.number().int().min(0).max(86_400).default(60),
  /** A pair counts only with at least this many bad events in its long window: guard for low traffic. */
  minBadEvents: z.number().int().min(1).default(1),
})
export type BurnRateCondition = z.infer<typeof burnRateCondition>

/** What a rule's evaluation said, with everything needed to explain it. */
export const ruleVerdict = z.enum(['true', 'false', 'no_data'])
export type RuleVerdict = z.infer<typeof ruleVerdict>

export const burnRateEvidence = z.object({
  sloId: z.string(),
  sloVersion: z.number().int(),
  target: z.number(),
  /** Epoch ms of the evaluation. */
  at: z.number(),
  budgetRemaining: z.number().nullable(),
  /** Every pair with the burns that made it true or false. */
  pairs: z.array(burnRatePair.extend({ long: windowBurn, short: windowBurn, verdict: ruleVerdict })),
})
export type BurnRateEvidence = z.infer<typeof burnRateEvidence>

/** The figures behind an alert in short: the pair of windows that made it true, and the budget left then. */
export const alertBurn = z.object({
  ...burnRatePair.shape,
  longBurn: z.number().nullable(),
  shortBurn: z.number().nullable(),
  budgetRemaining: z.number().nullable(),
})
export type AlertBurn = z.infer<typeof alertBurn>
