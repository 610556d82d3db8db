import type { Logger } from '@nines/kernel'
import { openSpool, postEntry, startForwarder } from '@nines/spool'

export interface OutboxOptions {
  /** Of the spool; one outbox at a time may use it. */
  directory: string
  maxBytes: number
  /** Where each entry is posted. */
  url: string
  headers: Record<string, string>
  /** Whether an answer that is not 2xx may be followed by another try; by default as OTLP/HTTP says. */
  isRetryable?: (status: number) => boolean
  logger: Logger
}

/** Bytes on their way to one route of ingest: safe on disk first, sent in order, again until they are taken. */
export interface Outbox {
  /** Resolves when the bytes would survive a crash. */
  deliver(bytes: Uint8Array): Promise<void>
  /** Figures by name. */
  totals(): Record<string, number>
  stop(): Promise<void>
}

const SEND_TIMEOUT_MS = 10_000

export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { logger, url, headers, isRetryable } = options
  const spool = await openSpool({
    directory: options.directory,
    maxBytes: options.maxBytes,
    onDropped: (entries) => logger.error({ entries, url }, 'the spool is full, the oldest entries were dropped'),
  })
  const forwarder = startForwarder({
    spool,
    logger,
    send: ({ bytes }, signal) =>
      postEntry({ url, headers, body: bytes, timeoutMs: SEND_TIMEOUT_MS, signal, ...(isRetryable && { isRetryable }) }),
  })
  return {
    deliver: async (bytes) => {
      await spool.append(bytes)
      forwarder.wake()
    },
    totals: () => ({
      'spool.size': spool.bytes,
      'spool.entries': spool.count,
      dropped: spool.dropped,
      rejected: forwarder.rejected,
    }),
    stop: () => forwarder.stop(),
  }
}
