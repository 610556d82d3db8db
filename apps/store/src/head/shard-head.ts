import { messageOf, type Logger } from '@nines/kernel'
import type { BlockEntry } from '@nines/pipeline'
import {
  nameSeries,
  ResidentHead,
  warmHead,
  type QueryAnswer,
  type Telemetry,
  type TelemetryQuery,
} from '@nines/telemetry'
import { backoffMs, pause } from '../pause.ts'

const NAME_EVERY_MS = 2_000

export interface ShardHeadParts {
  telemetry: Telemetry
  logger: Logger
  /** Whether rows of the workspace travel in the shard. */
  accepts: (workspace: number) => boolean
}

/**
 * The resident head of a shard that this process owns. It is given every entry behind the store's position as it is read
 * and fills up from the store with what came before; from then on it answers until the lease is lost.
 */
export class ShardHead {
  readonly #parts: ShardHeadParts
  readonly #head = new ResidentHead({ now: Date.now() })
  readonly #signal: AbortSignal
  readonly #keeping: Promise<void>
  #isBroken = false

  /** @param signal fires when the shard is no longer this process's */
  constructor(parts: ShardHeadParts, signal: AbortSignal) {
    this.#parts = parts
    this.#signal = signal
    this.#keeping = this.#keep()
  }

  get isWarm(): boolean {
    return this.#head.isWarm && !this.#isBroken && !this.#signal.aborted
  }

  /** A block that cannot be taken ends the head, for it would answer without its samples; storing goes on. */
  take(entries: readonly BlockEntry[]): void {
    if (this.#isBroken) return
    try {
      for (const { block, fault } of entries) if (!fault) this.#head.take(block, Date.now())
    } catch (error) {
      this.#isBroken = true
      this.#parts.logger.error({ error: messageOf(error) }, 'the head cannot take a block and answers no more')
    }
  }

  /** The answer, or null where the store has to be asked. */
  answer(workspace: number, query: TelemetryQuery): QueryAnswer | null {
    return this.isWarm && this.#parts.accepts(workspace) ? this.#head.answer(workspace, query, Date.now()) : null
  }

  /** Resolves when nothing goes on behind the head's back any more; the signal must have fired. */
  async ended(): Promise<void> {
    await this.#keeping
  }

  async #keep(): Promise<void> {
    const { telemetry, logger } = this.#parts
    for (let failures = 0; !this.#signal.aborted;) {
      try {
        if (!this.#head.isWarm) {
          const begin = performance.now()
          await warmHead(telemetry, this.#head, { accepts: this.#parts.accepts, now: Date.now(), signal: this.#signal })
          logger.info({ series: this.#head.seriesCount, ms: Math.round(performance.now() - begin) }, 'the head is warm')
        }
        await nameSeries(telemetry, this.#head, this.#signal)
        failures = 0
        await pause(NAME_EVERY_MS, this.#signal)
      } catch (error) {
        if (this.#signal.aborted) return
        logger.warn({ error: messageOf(error) }, 'the head could not be filled from the store yet')
        await pause(backoffMs(failures++), this.#signal)
      }
    }
  }
}
