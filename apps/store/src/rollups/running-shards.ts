import { messageOf, type Logger } from '@nines/kernel'
import { RunningRollups } from '@nines/telemetry'
import type { Block } from '@nines/wire'

/** The running rollups of the shards that this process owns. */
export class RunningShards {
  readonly #logger: Logger
  readonly #shards = new Map<number, RunningRollups>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** From now on every block that is stored for the shard is taken. */
  begin(shard: number): void {
    this.#shards.set(shard, new RunningRollups())
  }

  end(shard: number): void {
    this.#shards.delete(shard)
  }

  /** Undefined where nothing is known but what is stored. */
  of(shard: number): RunningRollups | undefined {
    return this.#shards.get(shard)
  }

  /** Blocks that have been stored, in their order. One that cannot be taken ends the sums: the store's rows are the truth. */
  take(shard: number, blocks: readonly Block[]): void {
    try {
      for (const block of blocks) this.#shards.get(shard)?.take(block)
    } catch (error) {
      this.end(shard)
      this.#logger.error(
        { shard, error: messageOf(error) },
        'rollups cannot follow a block and are computed by queries',
      )
    }
  }
}
