import type { EvaluatedSlo } from './evaluated-slo.ts'

/** An SLO that gets data all the time is looked at no more often than this; the first data after a pause waits for nothing. */
const BUSY_INTERVAL_MS = 250
const LONGEST_BUSY_INTERVAL_MS = 15_000
/** Looks may take this share of one core; where they would take more, those that were looked at lately wait longer. */
const SHARE_OF_CORE = 0.25
const SLOT_MS = 250
/** Clocks tremble. */
const BACKWARDS_MS = 1_000
/** Weight of a new measurement of what a look costs. */
const NEWEST_WEIGHT = 0.1

/**
 * Which SLOs are to be looked at next: those that something arrived for, and the others at the instant at which time
 * alone may change what is said of them. Whoever is not due costs nothing: they lie on a timing wheel.
 */
export class EvaluationPlan {
  readonly #planned = new Set<EvaluatedSlo>()
  readonly #touched = new Set<EvaluatedSlo>()
  /** Those that wait, by the number of the slot of time in which they are due. */
  readonly #slots = new Map<number, Set<EvaluatedSlo>>()
  readonly #slotOf = new Map<EvaluatedSlo, number>()
  #takenAt = -Infinity
  /** What one look costs, ms, and how many there are to look at. */
  #costMs = 0

  /** Takes up an SLO; it is due once it can decide something. */
  add(tracker: EvaluatedSlo): void {
    this.#planned.add(tracker)
    tracker.onTouched = () => this.#touched.add(tracker)
    tracker.touch()
  }

  remove(tracker: EvaluatedSlo): void {
    this.#planned.delete(tracker)
    tracker.onTouched = () => {}
    this.#touched.delete(tracker)
    this.#unschedule(tracker)
  }

  get planned(): Iterable<EvaluatedSlo> {
    return this.#planned
  }

  holds(tracker: EvaluatedSlo): boolean {
    return this.#planned.has(tracker)
  }

  /** How long one that was just looked at waits for more data. */
  get busyIntervalMs(): number {
    const dueMs = (this.#costMs * this.#planned.size) / SHARE_OF_CORE
    return Math.min(LONGEST_BUSY_INTERVAL_MS, Math.max(BUSY_INTERVAL_MS, dueMs))
  }

  /** Those that are due at the instant, epoch ms: schedule() each anew. Those that something arrived for come first. */
  take(now: number): EvaluatedSlo[] {
    const due: EvaluatedSlo[] = []
    const busyMs = this.busyIntervalMs
    for (const tracker of this.#touched) {
      if (tracker.canDecide && Math.abs(now - tracker.evaluatedAt) >= busyMs) due.push(tracker)
    }
    // By a clock that was set back, what waits would be due hours later.
    const until = now < this.#takenAt - BACKWARDS_MS ? Infinity : now / SLOT_MS
    this.#takenAt = now
    for (const [slot, trackers] of this.#slots) {
      if (slot > until) continue
      this.#slots.delete(slot)
      for (const tracker of trackers) {
        this.#slotOf.delete(tracker)
        if (tracker.canDecide && !this.#touched.has(tracker)) due.push(tracker)
      }
    }
    for (const tracker of due) this.#touched.delete(tracker)
    return due
  }

  /** Has the SLO looked at again at the instant, epoch ms, if nothing arrives before. */
  schedule(tracker: EvaluatedSlo, at: number): void {
    if (!this.#planned.has(tracker)) return
    this.#unschedule(tracker)
    // No slot that begins before the instant: what is looked for has happened then.
    const slot = Math.ceil(at / SLOT_MS)
    const trackers = this.#slots.get(slot)
    if (trackers) trackers.add(tracker)
    else this.#slots.set(slot, new Set([tracker]))
    this.#slotOf.set(tracker, slot)
  }

  /** What so many looks took. */
  noteCost(looks: number, tookMs: number): void {
    if (looks > 0) this.#costMs += NEWEST_WEIGHT * (tookMs / looks - this.#costMs)
  }

  #unschedule(tracker: EvaluatedSlo): void {
    const slot = this.#slotOf.get(tracker)
    if (slot === undefined) return
    this.#slotOf.delete(tracker)
    const trackers = this.#slots.get(slot)
    trackers?.delete(tracker)
    if (trackers?.size === 0) this.#slots.delete(slot)
  }
}
