import type { IncidentState } from '@nines/contracts'
import { NinesError } from '@nines/kernel'

/** State of an incident. Instants are epoch ms of the database clock. */
export interface IncidentMachine {
  state: IncidentState
  acknowledgedAt: number | null
  mitigatedAt: number | null
  resolvedAt: number | null
}

export type IncidentEvent =
  /** Somebody took one of its alerts. */
  | { kind: 'acknowledged' }
  /** The last of its open alerts was resolved. */
  | { kind: 'alerts_resolved' }
  /** A person says so. */
  | { kind: 'set_state'; state: IncidentState }

export interface IncidentTransition {
  machine: IncidentMachine
  /** The state changed: goes on the timeline. */
  changed: boolean
  /** It was resolved by this event: its review is due. */
  resolved: boolean
}

/**
 * The life of an incident.
 *
 * | from            | event                  | to        |
 * |-----------------|------------------------|-----------|
 * | open            | set_state mitigated    | mitigated |
 * | mitigated       | set_state open         | open      | (it came back: the mitigation no longer stands)
 * | open, mitigated | set_state resolved     | resolved  |
 * | open, mitigated | alerts_resolved        | resolved  |
 * | any             | acknowledged           | same; the first one is kept |
 *
 * Repeats change nothing. Resolved is final: set_state to another throws NinesError `conflict`.
 *
 * @param now epoch ms
 */
export function transitionIncident(machine: IncidentMachine, event: IncidentEvent, now: number): IncidentTransition {
  if (event.kind === 'acknowledged') {
    const acknowledgedAt = machine.acknowledgedAt ?? (machine.state === 'resolved' ? null : now)
    return { machine: { ...machine, acknowledgedAt }, changed: false, resolved: false }
  }
  const target = event.kind === 'alerts_resolved' ? 'resolved' : event.state
  if (target === machine.state) return { machine, changed: false, resolved: false }
  if (machine.state === 'resolved') {
    throw new NinesError('conflict', 'a resolved incident stays resolved; a new alert opens a new one')
  }
  if (target === 'resolved') {
    return { machine: { ...machine, state: 'resolved', resolvedAt: now }, changed: true, resolved: true }
  }
  const mitigatedAt = target === 'mitigated' ? now : null
  return { machine: { ...machine, state: target, mitigatedAt }, changed: true, resolved: false }
}
