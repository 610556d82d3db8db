import { setTimeout as sleep } from 'node:timers/promises'
import type { ProbeAssignments } from '@nines/contracts'
import { messageOf, type Logger } from '@nines/kernel'
import { fetchAssignments, readKnownAssignments, writeKnownAssignments } from './assignments.ts'

export interface AssignmentPollerOptions {
  ingestUrl: string
  key: string
  intervalMs: number
  /** File that keeps the last answer. */
  path: string
  logger: Logger
  onAssignments: (assignments: ProbeAssignments) => void
}

export interface AssignmentPoller {
  /** Epoch ms of the last answer; null before the first. */
  readonly answeredAt: number | null
  stop(): Promise<void>
}

/** Asks for assignments again and again; while ingest is away the last known ones stay in force. */
export async function startAssignmentPoller(options: AssignmentPollerOptions): Promise<AssignmentPoller> {
  const { logger, path } = options
  const stopping = new AbortController()
  let answeredAt: number | null = null
  let failing = false
  const known = await readKnownAssignments(path)
  let lastWritten = JSON.stringify(known)
  options.onAssignments(known)

  const poll = async (): Promise<void> => {
    const assignments = await fetchAssignments(options.ingestUrl, options.key, stopping.signal)
    answeredAt = Date.now()
    options.onAssignments(assignments)
    const text = JSON.stringify(assignments)
    if (text !== lastWritten) await writeKnownAssignments(path, assignments)
    lastWritten = text
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await poll()
        if (failing) logger.info('checks are known again')
        failing = false
      } catch (error) {
        if (!failing && !stopping.signal.aborted)
          logger.warn({ reason: messageOf(error) }, 'could not ask for checks, going on with the last known')
        failing = true
      }
      const pauseMs = failing && answeredAt === null ? Math.min(1000, options.intervalMs) : options.intervalMs
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const finished = run()
  return {
    get answeredAt() {
      return answeredAt
    },
    stop: () => {
      stopping.abort()
      return finished
    },
  }
}
