import { setTimeout as sleep } from 'node:timers/promises'
import type { ChdbConnection, ChdbNative } from './chdb-native.ts'

/** Sources of a merge stay on disk for longer (engine/config.xml), so that a merge found bad can be undone. */
const LOOK_EVERY_MS = 5_000
const COUNT = "SELECT value FROM system.events WHERE event = 'WriteBufferFromFileDescriptorWriteFailed'"

/**
 * Notices that a write to a file failed. The engine does not: where ClickHouse throws, chDB goes on as if it had written
 * (its WriteBufferFromFileDescriptor::nextImpl leaves the loop), commits parts of empty files and acks them. It counts
 * such writes, though. A part that is cut short is found as such when the engine starts, and set aside for the parts it
 * was merged from; an insert that was not acked is repeated. So one failed write is reason enough to start again.
 */
export class FailedWrites {
  readonly #native: ChdbNative
  readonly #connection: ChdbConnection
  readonly #onFailure: () => never

  /** @param onFailure must end the process at once, before it answers anybody or writes anything more */
  constructor(native: ChdbNative, connection: ChdbConnection, onFailure: () => never) {
    this.#native = native
    this.#connection = connection
    this.#onFailure = onFailure
  }

  /** Resolves when every write until now went well. To be awaited before a change is acked; costs about 1 ms. */
  async look(): Promise<void> {
    const { bytes } = await this.#native.QueryAsyncConnection(this.#connection, COUNT, 'TSV')
    if (Number(Buffer.from(bytes).toString()) > 0) this.#onFailure()
  }

  /** Looks again and again: merges ack nothing. */
  async watch(): Promise<never> {
    for (;;) {
      await sleep(LOOK_EVERY_MS, undefined, { ref: false })
      await this.look()
    }
  }
}
