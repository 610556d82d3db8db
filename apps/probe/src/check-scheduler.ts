import { nextRunAt } from '@nines/checks'
import type { ProbeAssignments } from '@nines/contracts'
import { systemClock, type Clock } from '@nines/kernel'

export type AssignedCheck = ProbeAssignments['checks'][number]
/** Why an instant stayed unmeasured: the process woke too late, the check's last run had not ended, or no slot was free. */
export type MissedReason = 'late' | 'overlap' | 'busy'

export interface CheckSchedulerOptions {
  location: string
  /** Runs one check for one grid instant. Must not reject. */
  run: (check: AssignedCheck, scheduledAt: number, signal: AbortSignal) => Promise<void>
  onMissed: (check: AssignedCheck, reason: MissedReason) => void
  concurrency: number
  clock?: Clock
}

/** A run that starts later than this is left out: an instant is measured on time or not at all. */
export const LATENESS_LIMIT_MS = 1000

interface Planned {
  check: AssignedCheck
  fingerprint: string
  timer: NodeJS.Timeout | undefined
}
interface Due {
  check: AssignedCheck
  scheduledAt: number
}

/** Starts every assigned check at the instants of its grid. */
export class CheckScheduler {
  readonly #options: CheckSchedulerOptions
  readonly #clock: Clock
  readonly #planned = new Map<string, Planned>()
  /** Runs under way by check id. */
  readonly #running = new Map<string, Promise<void>>()
  readonly #stopping = new AbortController()
  #waiting: Due[] = []

  constructor(options: CheckSchedulerOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  get checkCount(): number {
    return this.#planned.size
  }

  /** Replaces what is to be checked. Unchanged checks keep their timers. */
  setChecks(checks: readonly AssignedCheck[]): void {
    if (this.#stopping.signal.aborted) return
    const wanted = new Set(checks.map((check) => check.id))
    for (const [id, planned] of this.#planned) {
      if (wanted.has(id)) continue
      clearTimeout(planned.timer)
      this.#planned.delete(id)
    }
    for (const check of checks) {
      const fingerprint = JSON.stringify(check)
      const known = this.#planned.get(check.id)
      if (known?.fingerprint === fingerprint) continue
      clearTimeout(known?.timer)
      const planned: Planned = { check, fingerprint, timer: undefined }
      this.#planned.set(check.id, planned)
      this.#plan(planned, this.#clock.now())
    }
  }

  /** Starts nothing more, aborts what runs and waits for its end. */
  async stop(): Promise<void> {
    this.setChecks([])
    this.#waiting = []
    this.#stopping.abort()
    await Promise.all(this.#running.values())
  }

  #plan(planned: Planned, after: number): void {
    const { check } = planned
    const scheduledAt = nextRunAt(after, {
      checkId: check.id,
      location: this.#options.location,
      intervalMs: check.intervalSeconds * 1000,
    })
    this.#arm(planned, scheduledAt)
  }

  #arm(planned: Planned, scheduledAt: number): void {
    planned.timer = setTimeout(() => this.#fire(planned, scheduledAt), scheduledAt - this.#clock.now())
  }

  #fire(planned: Planned, scheduledAt: number): void {
    const now = this.#clock.now()
    // Timers run on another clock and may be early by a little, or by much when the wall clock was set back.
    if (now < scheduledAt) return this.#arm(planned, scheduledAt)
    this.#plan(planned, now)
    this.#begin({ check: planned.check, scheduledAt })
  }

  #begin(due: Due): void {
    const { check, scheduledAt } = due
    if (this.#clock.now() - scheduledAt > LATENESS_LIMIT_MS) return this.#options.onMissed(check, 'late')
    if (this.#running.has(check.id)) return this.#options.onMissed(check, 'overlap')
    if (this.#running.size >= this.#options.concurrency) {
      this.#waiting.push(due)
      return
    }
    const run = this.#options.run(check, scheduledAt, this.#stopping.signal).finally(() => {
      this.#running.delete(check.id)
      this.#beginWaiting()
    })
    this.#running.set(check.id, run)
  }

  #beginWaiting(): void {
    while (this.#running.size < this.#options.concurrency) {
      const due = this.#waiting.shift()
      if (!due) return
      if (this.#clock.now() - due.scheduledAt > LATENESS_LIMIT_MS) this.#options.onMissed(due.check, 'busy')
      else this.#begin(due)
    }
  }
}
