import { setImmediate as nextTurn } from 'node:timers/promises'

/** Nobody else waits longer for a step of a long work than this and the step. */
const MOST_MS = 10

/** Lets others have their turn while a long work is done in steps, as often as it takes and no more. */
export class Turns {
  #since = performance.now()

  /** Between two steps. */
  async offer(): Promise<void> {
    if (performance.now() - this.#since < MOST_MS) return
    await nextTurn()
    this.#since = performance.now()
  }

  /** Does all steps of a work, and answers what came of it. */
  async run<T>(work: Generator<void, T>): Promise<T> {
    for (;;) {
      const step = work.next()
      if (step.done) return step.value
      await this.offer()
    }
  }
}
