import { setImmediate as nextTurn } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'
import type { EvaluatorState } from './evaluator-state.ts'
import { writeSlicesUntil } from './slice-writer.ts'
import type { SloTracker } from './slo-tracker.ts'

/** A history of some days each: what is written at once is held as objects. */
const SLOS_AT_ONCE = 25

/**
 * Writes what SLOs that are brought into memory beside each other have counted: in blocks that they share, as far as they have
 * counted as far at the same time, instead of one of its own for each.
 */
export class GatheredSlices {
  readonly #evaluator: EvaluatorState
  /** By the end of what was counted. */
  #waiting = new Map<number, Set<SloTracker>>()
  #flushing: Promise<void> | undefined

  constructor(evaluator: EvaluatorState) {
    this.#evaluator = evaluator
  }

  /** Persists the changed minutes that ended by the instant. Rejects where it failed for others, too: all try again. */
  write(tracker: SloTracker, endedBy: number): Promise<void> {
    const trackers = this.#waiting.get(endedBy) ?? new Set()
    this.#waiting.set(endedBy, trackers.add(tracker))
    return (this.#flushing ??= nextTurn().then(() => this.#flush()))
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = new Map()
    this.#flushing = undefined
    const { share, stores } = this.#evaluator
    for (const [endedBy, trackers] of waiting) {
      for (const those of Map.groupBy(trackers, ({ definition }) => definition.workspaceNumber).values()) {
        for (let i = 0; i < those.length; i += SLOS_AT_ONCE) {
          const { isStopping, mayAct } = this.#evaluator
          if (isStopping || !mayAct) throw new NinesError('gone', 'counting histories was given up')
          const mine = those.slice(i, i + SLOS_AT_ONCE).filter((tracker) => share.holds(tracker))
          await writeSlicesUntil(stores.stream, mine, endedBy, this.#evaluator.now())
        }
      }
    }
  }
}
