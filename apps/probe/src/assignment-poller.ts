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

const RETRY_MS = 1000
/** Failures in a row; fewer are an ingest app that starts or restarts. */
const WORTH_A_WARNING = 10

/** Asks for assignments again and again; while ingest is away the last known ones stay in force. */
export async function startAssignmentPoller(options: AssignmentPollerOptions): Promise<AssignmentPoller> {
  const { logger, path } = options
  const stopping = new AbortController()
  let answeredAt: number | null = null
  let failures = 0
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
        if (failures >= WORTH_A_WARNING) logger.info('checks are known again')
        failures = 0
      } catch (error) {
        failures++
        if (failures === WORTH_A_WARNING && !stopping.signal.aborted)
          logger.warn({ reason: messageOf(error) }, 'cannot ask for checks, going on with the last known')
      }
      const pauseMs = failures > 0 ? Math.min(RETRY_MS, options.intervalMs) : options.intervalMs
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
