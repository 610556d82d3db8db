/** Source of time, injected so that timers and state machines can be tested without waiting. */
export interface Clock {
  /** Current time in epoch milliseconds. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that moves only when told to, for tests and simulations. */
export class ManualClock implements Clock {
  #now: number
  constructor(startMs: number) {
    this.#now = startMs
  }
  now(): number {
    return this.#now
  }
  advance(ms: number): void {
    this.#now += ms
  }
  set(ms: number): void {
    this.#now = ms
  }
}
