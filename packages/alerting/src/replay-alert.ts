import type { RuleVerdict } from '@nines/contracts'
import { NO_ALERT, type AlertEvent, type AlertMachine, type AlertTiming } from './alert-machine.ts'
import { transition } from './transition.ts'

/** One alert that there would have been. Instants are epoch ms; null: not within what was replayed. */
export interface AlertEpisode {
  openedAt: number
  /** When it paged or opened a ticket; null when its condition went away first. */
  firedAt: number | null
  resolvedAt: number | null
}

/**
 * The alerts that a rule's verdicts would have made, with nobody acknowledging or resolving any. `verdicts` are the
 * changes only, ascending: the state machine does nothing on a repeated one but by its timers, which run here as well.
 * A timer that is due at the instant of a verdict comes after it, so that a condition has to hold through the instant.
 */
export function replayAlert(
  verdicts: Iterable<{ at: number; verdict: RuleVerdict }>,
  timing: AlertTiming,
  until: number,
): AlertEpisode[] {
  const episodes: AlertEpisode[] = []
  let machine: AlertMachine = NO_ALERT
  const apply = (event: AlertEvent, now: number) => {
    const next = transition(machine, event, now, timing)
    machine = next.machine
    for (const { kind } of next.effects) {
      if (kind === 'opened') episodes.push({ openedAt: now, firedAt: null, resolvedAt: null })
      const episode = episodes.at(-1)
      if (episode && kind === 'fired') episode.firedAt = now
      if (episode && (kind === 'resolved' || kind === 'withdrawn')) episode.resolvedAt = now
    }
  }
  const runTimers = (isDue: (at: number) => boolean) => {
    while (machine.dueAt !== null && isDue(machine.dueAt)) apply({ kind: 'timer' }, machine.dueAt)
  }
  for (const { at, verdict } of verdicts) {
    runTimers((dueAt) => dueAt < at)
    apply({ kind: 'verdict', verdict, at }, at)
  }
  runTimers((dueAt) => dueAt <= until)
  return episodes
}
