import type { RuleVerdict } from '@nines/contracts'
import {
  type AlertEffect,
  type AlertEvent,
  type AlertMachine,
  type AlertTiming,
  type IgnoredReason,
  NO_ALERT,
  type ResolvedBy,
  type Transition,
} from './alert-machine.ts'

/** After a resolve by hand a condition that never went away opens a new alert only after this long. */
export const REOPEN_AFTER_MS = 5 * 60_000

/**
 * The life of an alert. Everything not in the table changes nothing and says why (`ignored`).
 *
 * | from                | event                               | to           | effects           |
 * |---------------------|-------------------------------------|--------------|-------------------|
 * | none                | true, forSeconds = 0                | firing       | opened, fired     |
 * | none                | true                                | pending      | opened            |
 * | resolved            | true, and re-armed                  | as from none | as from none      |
 * | resolved            | false                               | resolved     | (re-armed)        |
 * | pending             | true, or timer with true the newest verdict, for forSeconds | firing | fired |
 * | pending             | false, holding                      | resolved     | withdrawn         |
 * | pending             | resolve                             | resolved     | withdrawn         |
 * | firing              | acknowledge                         | acknowledged | acknowledged      |
 * | firing, acknowledged| false or timer, false for resolveAfterSeconds without a break | resolved | resolved |
 * | firing, acknowledged| resolve                             | resolved     | resolved          |
 * | any open            | no_data after another verdict       | as it was    | frozen            |
 * | any open            | another verdict after no_data       | as above     | thawed, as above  |
 * | pending             | retire                              | resolved     | withdrawn, re-armed |
 * | firing, acknowledged| retire                              | resolved     | resolved, re-armed |
 *
 * - A verdict that is not newer than the last one applied is ignored, so repeats and reordering change nothing. An
 *   evaluator's clock that runs ahead counts as `now`: it must not make the verdicts of its successor look old.
 * - `no_data` breaks a run of false verdicts and never resolves, and it never fires a pending alert: the alert is frozen
 *   as it is, and says since when, until something is measured. Silence is neither good nor bad.
 * - `holding` breaks a run of false verdicts too: the condition is not clear yet. It opens nothing, and as a pending
 *   alert's condition has to hold all the time, it withdraws one.
 * - Re-armed: the newest verdict before was false (always so after a resolve by condition or by its rule), or five minutes have passed
 *   since a resolve by hand. `no_data` and `holding` do not re-arm and do not disarm.
 * - Resolved is final: a new alert is opened instead.
 *
 * @param now epoch ms of the database clock
 */
export function transition(machine: AlertMachine, event: AlertEvent, now: number, timing: AlertTiming): Transition {
  if (event.kind === 'verdict') return onVerdict(machine, event.verdict, Math.min(event.at, now), now, timing)
  if (event.kind === 'timer') return onTimer(machine, now, timing)
  if (event.kind === 'retire') return onRetire(machine, now)
  return event.kind === 'acknowledge' ? onAcknowledge(machine, now) : onResolve(machine, now)
}

function onVerdict(
  machine: AlertMachine,
  verdict: RuleVerdict,
  at: number,
  now: number,
  timing: AlertTiming,
): Transition {
  if (machine.verdictAt !== null && at <= machine.verdictAt) return ignored(machine, 'stale_verdict')
  if (machine.state === 'none' || machine.state === 'resolved')
    return onVerdictWhileClosed(machine, verdict, at, now, timing)

  const falseSince = verdict === 'false' ? (machine.falseSince ?? now) : null
  const frozenSince = verdict === 'no_data' ? (machine.frozenSince ?? now) : null
  const heard = { ...machine, verdictAt: at, lastVerdict: verdict, falseSince, frozenSince }
  const next =
    machine.state === 'pending'
      ? onVerdictWhilePending(heard, verdict, now, timing)
      : resolveWhenClear(heard, now, timing)
  return { ...next, effects: [...frostEffects(machine, heard), ...next.effects] }
}

function onVerdictWhilePending(
  heard: AlertMachine,
  verdict: RuleVerdict,
  now: number,
  timing: AlertTiming,
): Transition {
  // Nobody was told and nobody disputes it: it may open another alert at once.
  if (verdict === 'false' || verdict === 'holding') return close({ ...heard, lastVerdict: 'false' }, now, 'condition')
  return fireWhenHeld(heard, now, timing)
}

function frostEffects(before: AlertMachine, after: AlertMachine): AlertEffect[] {
  if ((before.frozenSince === null) === (after.frozenSince === null)) return []
  return [{ kind: after.frozenSince === null ? 'thawed' : 'frozen' }]
}

function onVerdictWhileClosed(
  machine: AlertMachine,
  verdict: RuleVerdict,
  at: number,
  now: number,
  timing: AlertTiming,
): Transition {
  if (verdict !== 'true') {
    if (machine.state === 'none') return ignored(machine, 'nothing_open')
    const lastVerdict = verdict === 'false' ? 'false' : machine.lastVerdict
    return { machine: { ...machine, verdictAt: at, lastVerdict }, effects: [] }
  }
  const rearmed =
    machine.state === 'none' || machine.lastVerdict === 'false' || now - (machine.resolvedAt ?? 0) >= REOPEN_AFTER_MS
  if (!rearmed)
    return { machine: { ...machine, verdictAt: at }, effects: [{ kind: 'ignored', reason: 'resolved_by_hand' }] }

  const opened: AlertMachine = { ...NO_ALERT, state: 'pending', verdictAt: at, lastVerdict: 'true', startedAt: now }
  const next = fireWhenHeld(opened, now, timing)
  return { machine: next.machine, effects: [{ kind: 'opened' }, ...next.effects] }
}

function onTimer(machine: AlertMachine, now: number, timing: AlertTiming): Transition {
  if (machine.state === 'none') return ignored(machine, 'nothing_open')
  if (machine.state === 'resolved') return ignored(machine, 'already_resolved')
  if (machine.dueAt === null || machine.dueAt > now) return ignored(machine, 'not_due')
  return machine.state === 'pending' ? fireWhenHeld(machine, now, timing) : resolveWhenClear(machine, now, timing)
}

/** Where an acknowledgement changes nothing. */
const NOT_ACKNOWLEDGED: Record<Exclude<AlertMachine['state'], 'firing'>, IgnoredReason> = {
  none: 'nothing_open',
  pending: 'not_fired_yet',
  acknowledged: 'already_acknowledged',
  resolved: 'already_resolved',
}

function onAcknowledge(machine: AlertMachine, now: number): Transition {
  if (machine.state !== 'firing') return ignored(machine, NOT_ACKNOWLEDGED[machine.state])
  return { machine: { ...machine, state: 'acknowledged', acknowledgedAt: now }, effects: [{ kind: 'acknowledged' }] }
}

function onResolve(machine: AlertMachine, now: number): Transition {
  if (machine.state === 'none') return ignored(machine, 'nothing_open')
  if (machine.state === 'resolved') return ignored(machine, 'already_resolved')
  return close(machine, now, 'person')
}

/** Nobody disputes the condition as after a resolve by hand: a rule that is enabled again may open an alert at once. */
function onRetire(machine: AlertMachine, now: number): Transition {
  if (machine.state === 'none') return ignored(machine, 'nothing_open')
  if (machine.state === 'resolved') return ignored(machine, 'already_resolved')
  return close({ ...machine, lastVerdict: 'false' }, now, 'rule')
}

/** A pending alert: fires when its condition has held long enough, else waits for the moment when it will have. */
function fireWhenHeld(machine: AlertMachine, now: number, timing: AlertTiming): Transition {
  const heldAt = (machine.startedAt ?? now) + timing.forSeconds * 1000
  if (machine.lastVerdict !== 'true') return { machine: { ...machine, dueAt: null }, effects: [] }
  if (now < heldAt) return { machine: { ...machine, dueAt: heldAt }, effects: [] }
  return { machine: { ...machine, state: 'firing', firedAt: now, dueAt: null }, effects: [{ kind: 'fired' }] }
}

/** A fired alert: resolves when its condition has been false long enough, else waits for the moment when it will have. */
function resolveWhenClear(machine: AlertMachine, now: number, timing: AlertTiming): Transition {
  if (machine.falseSince === null) return { machine: { ...machine, dueAt: null }, effects: [] }
  const clearAt = machine.falseSince + timing.resolveAfterSeconds * 1000
  if (now < clearAt) return { machine: { ...machine, dueAt: clearAt }, effects: [] }
  return close(machine, now, 'condition')
}

function close(machine: AlertMachine, now: number, by: ResolvedBy): Transition {
  return {
    machine: { ...machine, state: 'resolved', resolvedAt: now, frozenSince: null, dueAt: null },
    effects: [{ kind: machine.firedAt === null ? 'withdrawn' : 'resolved', by }],
  }
}

function ignored(machine: AlertMachine, reason: IgnoredReason): Transition {
  return { machine, effects: [{ kind: 'ignored', reason }] }
}
