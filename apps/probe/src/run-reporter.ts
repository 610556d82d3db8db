import type { CheckRun } from '@nines/contracts'
import { messageOf, type Logger } from '@nines/kernel'
import { openSpool, postEntry, startForwarder, type Spool } from '@nines/spool'

export interface RunReporterOptions {
  ingestUrl: string
  key: string
  directory: string
  logger: Logger
}

export interface RunReporter {
  /** Takes a run; it is on disk within a moment and reported as soon as ingest takes it. */
  report(run: CheckRun): void
  readonly spool: Spool
  /** Writes what was taken to disk and stops sending. */
  stop(): Promise<void>
}

const SPOOL_LIMIT_BYTES = 64 * 1024 * 1024
/** Runs that end close together travel together. */
const LINGER_MS = 200
const BATCH_LIMIT = 500
const SEND_TIMEOUT_MS = 10_000

/**
 * Reports runs to ingest through a spool on disk. A batch whose answer was lost is sent again unchanged; run ids make
 * the repeat harmless.
 */
export async function startRunReporter(options: RunReporterOptions): Promise<RunReporter> {
  const { logger } = options
  const spool = await openSpool({
    directory: options.directory,
    maxBytes: SPOOL_LIMIT_BYTES,
    onDropped: (batches) => logger.error({ batches }, 'the spool is full, the oldest runs were dropped'),
  })
  const forwarder = startForwarder({
    spool,
    logger,
    send: (entry, signal) =>
      postEntry({
        url: `${options.ingestUrl.replace(/\/+$/, '')}/v1/check-runs`,
        headers: { authorization: `Bearer ${options.key}`, 'content-type': 'application/json' },
        body: entry.bytes,
        timeoutMs: SEND_TIMEOUT_MS,
        signal,
      }),
  })
  let batch: CheckRun[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const runs = batch.splice(0)
    if (runs.length === 0) return
    try {
      await spool.append(Buffer.from(JSON.stringify({ runs })))
      forwarder.wake()
    } catch (error) {
      logger.error({ reason: messageOf(error), runs: runs.length }, 'runs could not be written to disk')
    }
  }
  return {
    spool,
    report: (run) => {
      batch.push(run)
      if (batch.length >= BATCH_LIMIT) void flush()
      else timer ??= setTimeout(() => void flush(), LINGER_MS)
    },
    stop: async () => {
      await flush()
      await forwarder.stop()
    },
  }
}
