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
  #timer: NodeJS.Timeout | undefined
  /** The look that the timer began last. */
  #watched: Promise<void> = Promise.resolve()

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

  /** Looks again and again until `stop`: merges ack nothing. A count that cannot be had just now is had the next time. */
  watch(): void {
    const look = () => {
      this.#watched = this.look().catch(() => undefined)
    }
    this.#timer = setInterval(look, LOOK_EVERY_MS).unref()
  }

  /** Before the connection is closed. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#watched
  }
}
