import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@nines/kernel'
import type { SendOutcome } from './post-entry.ts'
import type { Spool, SpoolEntry } from './open-spool.ts'

export interface ForwarderOptions {
  spool: Spool
  send: (entry: SpoolEntry, signal: AbortSignal) => Promise<SendOutcome>
  logger: Logger
  /** First and longest pause between attempts; a pause doubles and is jittered. */
  minPauseMs?: number
  maxPauseMs?: number
}

export interface Forwarder {
  /** Tells that the spool has a new entry. */
  wake(): void
  /** Ends the loop; what is not sent stays in the spool. */
  stop(): Promise<void>
  /** Entries that the receiver refused for good. */
  readonly rejected: number
}

/** A receiver that asks for more patience than this is asked again sooner: it cannot be meant. */
const LONGEST_WISH_MS = 5 * 60_000
/** Failures in a row; fewer are a receiver that restarts. */
const WORTH_A_WARNING = 4

/** Sends the spool's entries oldest first, each until it is accepted or refused for good. */
export function startForwarder(options: ForwarderOptions): Forwarder {
  const { spool, logger, minPauseMs = 1000, maxPauseMs = 30_000 } = options
  const stopping = new AbortController()
  let wakeUp = Promise.withResolvers<void>()
  let rejected = 0
  let failures = 0

  const forwardNext = async (): Promise<void> => {
    const entry = await spool.oldest()
    if (!entry) {
      await wakeUp.promise
      wakeUp = Promise.withResolvers<void>()
      return
    }
    const outcome = await options.send(entry, stopping.signal)
    if (outcome.kind === 'retry') {
      if (stopping.signal.aborted) return
      failures++
      if (failures === WORTH_A_WARNING)
        logger.warn({ reason: outcome.reason, waiting: spool.count }, 'cannot send, will go on trying')
      const pauseMs = Math.min(maxPauseMs, minPauseMs * 2 ** Math.min(failures - 1, 20)) * (0.75 + Math.random() / 2)
      await sleep(Math.max(pauseMs, Math.min(outcome.afterMs ?? 0, LONGEST_WISH_MS)), undefined, {
        signal: stopping.signal,
      }).catch(() => undefined)
      return
    }
    if (outcome.kind === 'rejected') {
      rejected++
      logger.error({ reason: outcome.reason, bytes: entry.bytes.length }, 'refused for good, dropped')
    } else if (failures >= WORTH_A_WARNING) logger.info({ waiting: spool.count - 1 }, 'sending again')
    failures = 0
    await spool.remove(entry.id)
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await forwardNext().catch(async (error: unknown) => {
        logger.error({ err: error }, 'the spool could not be read')
        await sleep(maxPauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      })
    }
  }
  const finished = run()
  return {
    wake: () => wakeUp.resolve(),
    stop: async () => {
      stopping.abort()
      wakeUp.resolve()
      await finished
    },
    get rejected() {
      return rejected
    },
  }
}
