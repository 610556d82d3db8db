import { setTimeout as sleep } from 'node:timers/promises'
import type { Load } from '../load/load-batch.ts'
import { LoadSender } from '../load/load-sender.ts'
import type { Target } from '../targets/target.ts'

/** Sends a load once a step in real time until it is stopped, its requests spread evenly over the step. */
export class SteadySending {
  readonly #sender: LoadSender
  readonly #running: Promise<void>
  readonly #stopping = new AbortController()

  constructor(target: Target, load: Load) {
    this.#sender = new LoadSender(target.url, target.headers, load, 2)
    this.#running = this.#run(load)
    // Told by stop().
    this.#running.catch(() => {})
  }

  /** Rejects when a request was refused. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    try {
      await this.#running
    } finally {
      await this.#sender.close()
    }
  }

  async #run({ batches, stepMs }: Load): Promise<void> {
    const startedAt = performance.now()
    for (let sent = 0; !this.#stopping.signal.aborted; sent++) {
      const dueAt = startedAt + (sent / batches.length) * stepMs
      await sleep(Math.max(0, dueAt - performance.now()), undefined, { signal: this.#stopping.signal }).catch(() => {})
      const batch = batches[sent % batches.length]
      if (!batch || this.#stopping.signal.aborted) return
      batch.advance(Date.now())
      await this.#sender.send(batch)
    }
  }
}
