import { messageOf, type Logger } from '@nines/kernel'

export interface LoopOptions {
  /** What it does, for the log. */
  name: string
  intervalMs: number
  logger: Logger
  turn: () => Promise<void>
  /** The longest pause after turns that failed; default 5 s. */
  maxBackoffMs?: number
}

const FIRST_BACKOFF_MS = 500
const MAX_BACKOFF_MS = 5_000

/**
 * Runs turns one after the other, an interval apart. A turn that fails is logged and tried again, later each time up to
 * some seconds: a store that is away for a minute ends nothing.
 */
export class BackgroundLoop {
  readonly #options: LoopOptions
  readonly #running: Promise<void>
  #isStopped = false
  #isWoken = false
  #failures = 0
  #endPause = () => {}

  constructor(options: LoopOptions) {
    this.#options = options
    this.#running = this.#run()
  }

  /** Runs the next turn at once instead of waiting out the interval; while turns fail, it has to wait all the same. */
  wake(): void {
    this.#isWoken = true
    if (this.#failures === 0) this.#endPause()
  }

  /** Lets the turn that runs finish and starts no more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#endPause()
    await this.#running
  }

  async #run(): Promise<void> {
    const { intervalMs, maxBackoffMs = MAX_BACKOFF_MS } = this.#options
    while (!this.#isStopped) {
      this.#isWoken = false
      await this.#turn()
      if (this.#isStopped) return
      if (this.#failures > 0) await this.#pause(Math.min(FIRST_BACKOFF_MS * 2 ** (this.#failures - 1), maxBackoffMs))
      else if (!this.#isWoken) await this.#pause(intervalMs)
    }
  }

  async #turn(): Promise<void> {
    const { name, logger, turn } = this.#options
    try {
      await turn()
      if (this.#failures > 0) logger.info({ failures: this.#failures }, `${name} works again`)
      this.#failures = 0
    } catch (error) {
      this.#failures++
      logger.warn({ reason: messageOf(error), failures: this.#failures }, `${name} failed and will be tried again`)
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
