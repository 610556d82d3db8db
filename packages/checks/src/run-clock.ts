import type { CheckRun } from '@nines/contracts'
import type { ConnectionTimings } from '@nines/egress'

type Phases = CheckRun['phases']
export type RunStage = 'resolving and connecting' | 'waiting for the first byte' | 'reading the body'

/** Measures one run: each phase summed over its hops, null while it has not happened. Milliseconds, monotonic clock. */
export class RunClock {
  readonly #startedAt = performance.now()
  #phases: Phases = { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, transferMs: null }
  /** When the phase under way began. */
  #mark = this.#startedAt
  /** What the run is doing, for the message of a run that is cut off. */
  stage: RunStage = 'resolving and connecting'

  elapsedMs(): number {
    return performance.now() - this.#startedAt
  }

  phases(): Phases {
    return { ...this.#phases }
  }

  startHop(): void {
    this.stage = 'resolving and connecting'
    this.#mark = performance.now()
  }

  connected(timings: ConnectionTimings): void {
    this.#add('dnsMs', timings.dnsMs)
    this.#add('connectMs', timings.connectMs)
    this.#add('tlsMs', timings.tlsMs)
    this.stage = 'waiting for the first byte'
    this.#mark = performance.now()
  }

  firstByte(): void {
    this.#add('firstByteMs', this.#lap())
    this.stage = 'reading the body'
  }

  transferred(): void {
    this.#add('transferMs', this.#lap())
  }

  #lap(): number {
    const now = performance.now()
    const lap = now - this.#mark
    this.#mark = now
    return lap
  }

  #add(phase: keyof Phases, durationMs: number | null): void {
    if (durationMs !== null) this.#phases = { ...this.#phases, [phase]: (this.#phases[phase] ?? 0) + durationMs }
  }
}
