import type { AlertState, RuleVerdict } from '@nines/contracts'

/** The newest alert of one rule, as far as its state machine is concerned. Instants are epoch ms of the database clock. */
export interface AlertMachine {
  /** `none`: the rule never had an alert. */
  state: 'none' | AlertState
  /** Instant of the newest verdict applied; older ones are ignored. */
  verdictAt: number | null
  /** Newest verdict. Once resolved it remembers whether the rule may open another alert: `false` says yes. */
  lastVerdict: RuleVerdict | null
  startedAt: number | null
  firedAt: number | null
  acknowledgedAt: number | null
  resolvedAt: number | null
  /** Since when the verdict has been false without a break; null while it is not. */
  falseSince: number | null
  /** Since when an open alert's verdict has been no_data without a break: nobody can say whether it is over. */
  frozenSince: number | null
  /** When the `timer` event is due; null when nothing is waited for. */
  dueAt: number | null
}

/** What happens to an alert. */
export type AlertEvent =
  | { kind: 'verdict'; verdict: RuleVerdict; /** Epoch ms of the evaluation, by the evaluator's clock. */ at: number }
  | { kind: 'acknowledge' }
  | { kind: 'resolve' }
  /** Its rule is evaluated no more: disabled, or of an archived SLO. */
  | { kind: 'retire' }
  | { kind: 'timer' }

/** Why an event changed nothing; logged, never an error. */
export type IgnoredReason =
  | 'stale_verdict'
  | 'nothing_open'
  | 'not_fired_yet'
  | 'already_acknowledged'
  | 'already_resolved'
  | 'not_due'
  | 'resolved_by_hand'

/** What ended an alert: its condition cleared, somebody said so, or its rule is evaluated no more. */
export type ResolvedBy = 'condition' | 'person' | 'rule'

/** What the caller has to do, in the transaction that stores the new state. */
export type AlertEffect =
  /** Store a new alert: the one before it, if any, stays resolved. */
  | { kind: 'opened' }
  /** Page by the policy and open or join an incident. */
  | { kind: 'fired' }
  /** Stop the escalation and withdraw pages that are not sent yet. */
  | { kind: 'acknowledged' }
  /** Stop the escalation, withdraw unsent pages, tell those who were paged. */
  | { kind: 'resolved'; by: ResolvedBy }
  /** Data stopped, or came back: shown, and nobody is paged for it. */
  | { kind: 'frozen' }
  | { kind: 'thawed' }
  /** It went away before it fired: nobody was told, nobody is told. */
  | { kind: 'withdrawn'; by: ResolvedBy }
  | { kind: 'ignored'; reason: IgnoredReason }

export interface AlertTiming {
  /** The condition must hold this long before the alert fires. */
  forSeconds: number
  /** The condition must be false this long before the alert resolves. */
  resolveAfterSeconds: number
}

export interface Transition {
  machine: AlertMachine
  effects: AlertEffect[]
}

/** A rule that never had an alert. */
export const NO_ALERT: AlertMachine = {
  state: 'none',
  verdictAt: null,
  lastVerdict: null,
  startedAt: null,
  firedAt: null,
  acknowledgedAt: null,
  resolvedAt: null,
  falseSince: null,
  frozenSince: null,
  dueAt: null,
}
