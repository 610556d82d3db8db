import { z } from 'zod'
import { burnRatePair, windowBurn } from './slo.ts'

export const severity = z.enum(['critical', 'warning', 'info'])
export type Severity = z.infer<typeof severity>

/** pending: true but not for long enough; firing: pages; acknowledged: someone has it; resolved: over. */
export const alertState = z.enum(['pending', 'firing', 'acknowledged', 'resolved'])
export type AlertState = z.infer<typeof alertState>

/** Condition of a burn-rate rule over pairs of windows; within a pair both windows must burn. */
export const burnRateCondition = z.object({
  kind: z.literal('burn_rate'),
  pairs: z.array(burnRatePair).min(1).max(8),
  /** How many of the pairs it takes: any one (OR) or all of them (AND). */
  match: z.enum(['any', 'all']).default('any'),
  /** The condition must hold this long before the alert fires. */
  forSeconds: z.number().int().min(0).max(86_400).default(0),
  /** The condition must be false this long before the alert resolves: hysteresis against flapping. */
  resolveAfterSeconds: z.number().int().min(0).max(86_400).default(60),
  /** A pair clears below this share of its factor, so that a burn around the factor does not flap. */
  clearBelow: z.number().min(0.1).max(1).default(1),
  /** A pair counts only with at least this many bad events in its long window: guard for low traffic. */
  minBadEvents: z.number().int().min(1).default(1),
  /**
   * A pair counts only when the bad events of its long window would be less likely than this in a service that exactly
   * meets its target (binomial test): guard against chance. null: no test.
   */
  significance: z.number().min(1e-12).max(0.5).nullable().default(null),
})
export type BurnRateCondition = z.infer<typeof burnRateCondition>

/** Condition of a silence rule: true when nothing was measured, neither good nor bad nor "no events", for so long. */
export const absenceCondition = z.object({
  kind: z.literal('absence'),
  unmeasuredSeconds: z
    .number()
    .int()
    .min(120)
    .max(7 * 86_400)
    .default(900),
  /** Measurements must keep coming this long before the alert resolves. */
  resolveAfterSeconds: z.number().int().min(0).max(86_400).default(60),
})
export type AbsenceCondition = z.infer<typeof absenceCondition>

export const alertCondition = z.discriminatedUnion('kind', [burnRateCondition, absenceCondition])
export type AlertCondition = z.infer<typeof alertCondition>

/**
 * What a rule's evaluation said. holding: not true enough to fire and not yet clear: between the factor and where it
 * clears, or burning with too few bad events to tell from chance. no_data: too little was measured to say anything.
 */
export const ruleVerdict = z.enum(['true', 'holding', 'false', 'no_data'])
export type RuleVerdict = z.infer<typeof ruleVerdict>

/** What a pair says; young: history does not cover its long window yet, so it does not count. */
export const pairVerdict = z.enum([...ruleVerdict.options, 'young'])
export type PairVerdict = z.infer<typeof pairVerdict>

const evidenceBase = z.object({
  sloId: z.string(),
  sloVersion: z.number().int(),
  target: z.number(),
  /** Epoch ms of the evaluation. */
  at: z.number(),
  budgetRemaining: z.number().nullable(),
  /** End of the newest measured minute, at most `at`, epoch ms; null when nothing is measured. */
  measuredUntil: z.number().nullable().default(null),
})

/** With everything needed to explain a burn-rate verdict. Windows end at `measuredUntil`: silence moves none of them. */
export const burnRateEvidence = evidenceBase.extend({
  kind: z.literal('burn_rate').default('burn_rate'),
  /** Nothing was measured for so long that the rule says nothing: what is open stays open. */
  frozen: z.boolean().default(false),
  /** The guards that were in force. */
  guards: burnRateCondition.pick({ match: true, minBadEvents: true, significance: true, clearBelow: true }).optional(),
  /** Every pair with the burns that made it true or false. */
  pairs: z.array(
    burnRatePair.extend({
      long: windowBurn,
      short: windowBurn,
      verdict: pairVerdict,
      /** Probability of at least so many bad events if the target were exactly met; null where it was not asked. */
      chance: z.number().nullable().optional(),
    }),
  ),
})
export type BurnRateEvidence = z.infer<typeof burnRateEvidence>

/** With everything needed to explain a silence verdict. */
export const absenceEvidence = evidenceBase.extend({
  kind: z.literal('absence'),
  /** The limit that was in force: the rule's, or more for a check that runs rarely. */
  unmeasuredSeconds: z.number(),
  /** What had been received by this instant was taken into account, epoch ms. */
  heardUntil: z.number(),
})
export type AbsenceEvidence = z.infer<typeof absenceEvidence>

export const alertEvidence = z.union([absenceEvidence, burnRateEvidence])
export type AlertEvidence = z.infer<typeof alertEvidence>

/** The figures behind an alert in short: the pair of windows that made it true, and the budget left then. */
export const alertBurn = z.object({
  ...burnRatePair.shape,
  longBurn: z.number().nullable(),
  shortBurn: z.number().nullable(),
  budgetRemaining: z.number().nullable(),
})
export type AlertBurn = z.infer<typeof alertBurn>
