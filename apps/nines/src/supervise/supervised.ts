import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '@nines/kernel'
import { countCrash, restartDelayMs } from './restart-delay.ts'

/** A process that runs now. An embedded store is one. */
export interface RunningProcess {
  readonly pid: number
  /** Settles when it has ended, with the reason in words. */
  readonly exited: Promise<string>
  stop(): Promise<void>
}

export interface SupervisedEvents {
  /** A process came up, the first time or again. */
  onStart(name: string, pid: number): void
  /** It ended without being told to, or did not come up; it is started again after the delay. */
  onCrash(name: string, reason: string, crashesInARow: number, delayMs: number): void
}

/** Keeps one process running until told to stop. */
export class Supervised {
  readonly name: string
  readonly #spawn: () => Promise<RunningProcess>
  readonly #events: SupervisedEvents
  readonly #stopping = new AbortController()
  #current: RunningProcess | undefined
  #watching: Promise<void> = Promise.resolve()

  constructor(name: string, spawn: () => Promise<RunningProcess>, events: SupervisedEvents) {
    this.name = name
    this.#spawn = spawn
    this.#events = events
  }

  /** Starts it; the first start's error is the caller's, later ones are retried. */
  async start(): Promise<void> {
    const first = this.#spawnOnce()
    this.#watching = first.then(
      (running) => this.#watch(running),
      () => {},
    )
    await first
  }

  /** Ends the process in order and starts it no more. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#current?.stop()
    await this.#watching
    // A start may have been under way when the abort came.
    await this.#current?.stop()
  }

  async #spawnOnce(): Promise<RunningProcess> {
    const running = await this.#spawn()
    this.#current = running
    try {
      this.#events.onStart(this.name, running.pid)
    } catch (error) {
      // It would be taken for one that did not start, and another be started beside it.
      await running.stop()
      throw error
    }
    return running
  }

  async #watch(first: RunningProcess): Promise<void> {
    let running: RunningProcess | undefined = first
    let startedAtMs = performance.now()
    let crashes = 0
    while (!this.#stopping.signal.aborted) {
      const reason: string = running ? await running.exited : 'did not start'
      if (this.#stopping.signal.aborted) return
      crashes = countCrash(crashes, performance.now() - startedAtMs)
      const delayMs = restartDelayMs(crashes)
      if (running) this.#events.onCrash(this.name, reason, crashes, delayMs)
      await sleep(delayMs, undefined, { signal: this.#stopping.signal }).catch(() => {})
      if (this.#stopping.signal.aborted) return
      startedAtMs = performance.now()
      try {
        running = await this.#spawnOnce()
      } catch (error) {
        running = undefined
        this.#events.onCrash(this.name, messageOf(error), crashes + 1, restartDelayMs(crashes + 1))
      }
    }
  }
}
