import type { TelemetrySettings, TelemetrySignal } from '@nines/contracts'
import { NinesError, type Clock } from '@nines/kernel'
import type { BlockBuilder, ContentHash, IngestOutcome } from '@nines/wire'
import type { SenderKey } from '../auth/key-directory.ts'
import type { BlockBatcher } from '../batch/block-batcher.ts'
import type { IngestMeters } from '../ingest-meters.ts'
import type { PressureGauge } from '../limits/pressure-gauge.ts'
import type { RateLimiter } from '../limits/rate-limiter.ts'
import type { UsageRecorder } from '../limits/usage-recorder.ts'
import { requestId } from './request-id.ts'
import { retentionOf } from './retention-of.ts'

/** What a reader of a format needs beside the body. */
export interface ReadTarget {
  builder: BlockBuilder
  /** When the request is read, epoch ms. */
  now: number
  limits: TelemetrySettings
  /** Size of the body without compression. */
  plainBytes: number
}

export type ReadBody = (body: Buffer, target: ReadTarget) => IngestOutcome

/** A body as it was received: decompressed, but for snappy, which its readers undo themselves. */
export interface ReceivedBody {
  /** The bytes, to be read at once: they hold until the next body is asked for its own. */
  bytes: () => Buffer
  /** Its size without compression. */
  plainBytes: number
}

export interface ReceiverOptions {
  limiter: RateLimiter
  pressure: PressureGauge
  batcher: BlockBatcher
  usage: UsageRecorder
  meters: IngestMeters
  clock: Clock
  contentHash: ContentHash
}

/** What every transport does with a request of a known sender: admit it, read it into a block, wait until that is durable. */
export class Receiver {
  readonly #options: ReceiverOptions

  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  /**
   * Whether the sender may send now; throws or rejects with 'rate_limited' or 'unavailable' when not. To be asked before
   * a body is read. `bytes` is what it is about to send, as far as that is known.
   */
  admit(key: SenderKey, signal: TelemetrySignal, bytes: number): void | Promise<void> {
    const { limiter, pressure, clock } = this.#options
    limiter.admit(key, signal, clock.now())
    return pressure.admit(key, bytes)
  }

  /** Reads a body. Settles once the rows it gave are in the stream. */
  async receive(key: SenderKey, signal: TelemetrySignal, body: ReceivedBody, read: ReadBody): Promise<IngestOutcome> {
    const { bytes, plainBytes } = body
    const { limiter, batcher, usage, meters, clock, contentHash } = this.#options
    const now = clock.now()
    // Others of this workspace may have been read since it was admitted.
    limiter.admit(key, signal, now)
    limiter.charge(key, 'bytes', plainBytes, now)
    const retention = retentionOf(key.telemetry)
    const whole = bytes()
    const first = [whole]
    const { result, stored } = batcher.add(
      key.workspaceNumber,
      retention,
      // Asked again only when the block has to be made anew; by then others have used the memory of the first time.
      (builder) => read(first.pop() ?? bytes(), { builder, now, limits: key.telemetry, plainBytes }),
      requestId(key.workspaceNumber, signal, contentHash.of(whole)),
    )
    const rows = result.accepted + result.rejected
    limiter.charge(key, signal, rows, now)
    try {
      await stored
    } catch (error) {
      // The sender will come again with the same rows.
      limiter.charge(key, signal, -rows, now)
      limiter.charge(key, 'bytes', -plainBytes, now)
      throw error
    }
    meters.rows(signal, result)
    if (signal === 'metrics') usage.sentMetrics(key.workspaceId, key.workspaceNumber)
    usage.accepted(key.workspaceId, signal, result.accepted, plainBytes)
    if (result.rejected > 0) {
      const refusals = result.refusals ?? [{ reason: 'invalid', metric: null, rows: result.rejected }]
      for (const refusal of refusals) usage.refused(key.workspaceId, signal, refusal)
    }
    return result
  }

  /** Counts a request that was refused as a whole. */
  refused(key: SenderKey, signal: TelemetrySignal, error: unknown): void {
    const reason = error instanceof NinesError ? error.code : 'internal'
    this.#options.usage.refused(key.workspaceId, signal, { reason, requests: 1 })
  }
}
