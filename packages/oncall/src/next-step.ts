import type { EscalationSnapshot } from '@nines/contracts'

/** The step to run next and the round it belongs to, both from 0. */
export interface EscalationPosition {
  step: number
  round: number
}

/** Whether a step of the policy can reach anybody right now, and if not why. */
export type StepReach = { reachable: true } | { reachable: false; reason: string }

export interface SkippedStep extends EscalationPosition {
  reason: string
}

export type StepDecision =
  /** Page the targets of `at`, then wait until `dueAt` (epoch ms) for an acknowledgement. */
  | { kind: 'page'; at: EscalationPosition; skipped: SkippedStep[]; next: EscalationPosition; dueAt: number }
  /** No step could reach anybody; look again at `dueAt`, when somebody may have come on call. */
  | { kind: 'wait'; skipped: SkippedStep[]; next: EscalationPosition; dueAt: number }
  /** The list was walked as often as the policy says. */
  | { kind: 'exhausted'; skipped: SkippedStep[] }

/** After a whole round in which nobody could be reached. */
export const UNREACHABLE_RETRY_MS = 60_000

/**
 * What a policy does at a position whose time has come. A step that reaches nobody costs no time: it is skipped at once,
 * with its reason, and the next is taken, into the next round where the list ends.
 *
 * @param reach one entry a step of the snapshot, as of `now`
 * @param now epoch ms
 */
export function nextStep(
  snapshot: EscalationSnapshot,
  position: EscalationPosition,
  reach: readonly StepReach[],
  now: number,
): StepDecision {
  const skipped: SkippedStep[] = []
  let at = position
  while (at.round <= snapshot.repeatCount) {
    const spec = snapshot.steps[at.step]
    const reached = reach[at.step]
    const next = after(snapshot, at)
    if (spec && reached?.reachable) {
      return { kind: 'page', at, skipped, next, dueAt: now + spec.delaySeconds * 1000 }
    }
    skipped.push({ ...at, reason: reached?.reachable === false ? reached.reason : 'the step has no targets' })
    at = next
    if (skipped.length === snapshot.steps.length && at.round <= snapshot.repeatCount) {
      return { kind: 'wait', skipped, next: at, dueAt: now + UNREACHABLE_RETRY_MS }
    }
  }
  return { kind: 'exhausted', skipped }
}

function after(snapshot: EscalationSnapshot, { step, round }: EscalationPosition): EscalationPosition {
  return step + 1 < snapshot.steps.length ? { step: step + 1, round } : { step: 0, round: round + 1 }
}
