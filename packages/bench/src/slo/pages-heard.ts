import { createLogger, NinesError } from '@nines/kernel'
import { startJobWorker, type RunningJobWorker } from '@nines/pipeline'
import type { NinesTarget } from '../targets/nines.ts'

const CONCURRENCY = 50
const DEADLINE_MS = 1_800_000

/** Hears what evaluate says of rules, in the worker's place. */
export class PagesHeard {
  readonly #missing: Set<string>
  readonly #worker: RunningJobWorker
  readonly #all = Promise.withResolvers<number>()

  /** Waits for a true of each of the rules. */
  constructor({ redisUrl, redisPrefix }: NinesTarget['evaluation'], rules: Iterable<string>) {
    this.#missing = new Set(rules)
    this.#worker = startJobWorker({
      redisUrl,
      prefix: redisPrefix,
      concurrency: CONCURRENCY,
      logger: createLogger('bench', 'silent'),
      handlers: {
        advanceAlert: async ({ ruleId, verdict }) => {
          if (verdict === 'true') this.#missing.delete(ruleId)
          if (this.#missing.size === 0) this.#all.resolve(performance.now())
        },
      },
    })
  }

  /** When the last of them came, by the monotonic clock. */
  async untilAll(): Promise<number> {
    const late = setTimeout(() => {
      this.#all.reject(new NinesError('unavailable', `${this.#missing.size} rules did not page in time`))
    }, DEADLINE_MS)
    try {
      return await this.#all.promise
    } finally {
      clearTimeout(late)
    }
  }

  async stop(): Promise<void> {
    await this.#worker.stop()
  }
}
